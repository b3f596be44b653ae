import { join } from 'node:path';
import type { CheckVerdict, CloseCodeName, Mode, Placement } from '@ppe-pulse/protocol';
import type { AgentConfig } from './config.ts';
import type { Journal } from './journal/journal.ts';
import type { Link } from './link/link.ts';
import type { OwnPage } from './local/own-page.ts';
import type { Conduct } from './plan/conduct.ts';
import type { Clock } from './platform/clock.ts';
import { codeOf } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import type { RelayStatus } from './relay/relay-world.ts';
import type { Relay } from './relay/relay.ts';
import type { Slowdown } from './service/budget-probe.ts';
import type { Watch } from './probes/watch.ts';
import { AGENT_VERSION } from './version.ts';
import { readText, writeOver, writeWhole } from './platform/files.ts';

/** What a running agent says of itself, for `ppe-agent status`. Times are ms since 1970 UTC. */
export interface AgentStatus {
  readonly pid: number;
  readonly agentId: string;
  readonly agentVersion: string;
  readonly bootId: string;
  readonly writtenAtMs: number;
  readonly intervalMs: number;
  readonly collectorUrl: string;
  readonly link: string;
  /** Why the listener does not want this PC, null while it does. */
  readonly refusal: CloseCodeName | null;
  /** Missing, as the next one, from an agent before the plan. */
  readonly mode?: Mode;
  /** Of the plan that it holds; null for none. */
  readonly planVersion?: number | null;
  readonly lastAckAtMs: number | null;
  readonly journalLag: number;
  readonly droppedHeartbeats: number;
  readonly placement: Placement | null;
  /** Null where no relay runs; missing from an agent before 0.1. */
  readonly relay?: RelayStatus | null;
  /** Port of the page of this PC, null for none. */
  readonly pagePort: number | null;
  /** Missing from an agent that knows no budget. */
  readonly slowdown?: Slowdown;
  readonly verdicts: readonly CheckVerdict[];
}

/** Whom the status is asked of. */
export interface StatusSources {
  readonly config: AgentConfig;
  readonly agentId: string;
  readonly bootId: string;
  readonly intervalMs: number;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly link: Pick<Link, 'state' | 'refusal'>;
  readonly conduct: Pick<Conduct, 'mode' | 'planVersion'>;
  readonly journal: Pick<Journal, 'lag' | 'droppedHeartbeats'>;
  readonly lastAckAtMs: number | null;
  readonly placement: Placement | undefined;
  readonly relay: Pick<Relay, 'status'> | undefined;
  readonly watch: Pick<Watch, 'slowdown'>;
  readonly page: Pick<OwnPage, 'port'> | undefined;
  readonly verdicts: readonly CheckVerdict[];
}

/** What the agent of this process says of itself now. */
export function statusOf(sources: StatusSources): AgentStatus {
  const { config, agentId, bootId, intervalMs, clock, link, conduct, journal } = sources;
  return {
    pid: process.pid,
    agentId,
    agentVersion: AGENT_VERSION,
    bootId,
    writtenAtMs: clock.wallMs(),
    intervalMs,
    collectorUrl: config.collector.url,
    link: link.state.name,
    refusal: link.refusal,
    mode: conduct.mode,
    planVersion: conduct.planVersion ?? null,
    lastAckAtMs: sources.lastAckAtMs,
    journalLag: journal.lag,
    droppedHeartbeats: journal.droppedHeartbeats,
    placement: sources.placement ?? null,
    relay: sources.relay?.status() ?? null,
    pagePort: sources.page?.port ?? null,
    slowdown: sources.watch.slowdown,
    verdicts: sources.verdicts,
  };
}

/**
 * Keeps the status file. It is replaced whole once and then written over in place, with blanks up to its
 * longest text: every rename onto a file makes ext4 write the disk at once, which with every heartbeat
 * was the dearest thing that an idle agent did.
 */
export class StatusFile {
  readonly #path: string;
  readonly #log: Log;
  #isReplaced = false;
  #latest: AgentStatus | undefined;
  /** The longest text of this process. */
  #bytes = 0;

  constructor(dataDir: string, log: Log) {
    this.#path = statusFile(dataDir);
    this.#log = log;
  }

  /** The last that was kept, written or not. */
  get latest(): AgentStatus | undefined {
    return this.#latest;
  }

  /** Writes it, if the disk takes it. */
  keep(status: AgentStatus): void {
    this.#latest = status;
    const text = `${JSON.stringify(status)}\n`;
    const ownBytes = Buffer.byteLength(text);
    this.#bytes = Math.max(this.#bytes, ownBytes);
    try {
      if (this.#isReplaced) writeOver(this.#path, text + ' '.repeat(this.#bytes - ownBytes));
      else writeWhole(this.#path, text);
      this.#isReplaced = true;
    } catch (error) {
      this.#log.error({ error: codeOf(error) }, 'the status cannot be written');
    }
  }
}

/** A text that is being written over at this moment is whole the next one. */
const READ_AGAIN = 5;

/** The last status that an agent wrote here, undefined when none did. */
export function readStatus(dataDir: string): AgentStatus | undefined {
  for (let time = 0; time < READ_AGAIN; time += 1) {
    const text = readText(statusFile(dataDir));
    if (text === undefined) return undefined;
    const status = parsed(text);
    if (status) return status;
  }
  return undefined;
}

function statusFile(dataDir: string): string {
  return join(dataDir, 'status.json');
}

/** Only agents of this version write it; anything else is no status. */
function parsed(text: string): AgentStatus | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'agentId' in value
      ? (value as AgentStatus)
      : undefined;
  } catch {
    return undefined;
  }
}
