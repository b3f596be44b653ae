import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Slot, SlotResult } from '@ppe-pulse/protocol';
import { randomToken, sameToken } from '../access/secrets.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AgentSession } from './agent-session.ts';
import {
  afterGrant,
  afterReturn,
  grantable,
  noSlots,
  type LeasedSlot,
  type SlotCandidate,
  type SlotPolicy,
} from './slots.ts';

/** Rules and sizes of throughput probes. */
export interface ThroughputOptions {
  readonly policy: SlotPolicy;
  readonly maxBytes: number;
  readonly maxMs: number;
  readonly timeZone: string;
}

/** Where the scheduler looks for candidates. */
export interface ThroughputParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: () => ReadonlyMap<string, AgentSession>;
  readonly siteOf: (workstationId: string) => string | undefined;
}

/** Leases slots and serves their bytes. */
export interface Throughput {
  /** Sends the slot's bytes; answers false when the header carries no valid token. */
  serve(authorization: string | undefined, response: ServerResponse): boolean;
  returned(workstationId: string, result: SlotResult): void;
  close(): void;
}

/** The scheduler looks this often whether somebody may measure. */
const LOOK_MS = 1_000;
/** A slot that was not used in this time is free again. */
const SLOT_LIFE_MS = 15_000;
/** Random bytes sent over and over: nothing on the way can compress them. */
const BLOCK_BYTES = 256 * 1024;
/** What an agent must be able to do to get a slot. */
const CAPABILITY = 'download';

/** The throughput service of one collector. */
export function createThroughput(options: ThroughputOptions, parts: ThroughputParts): Throughput {
  const block = randomBytes(BLOCK_BYTES);
  const tokens = new Map<string, string>();
  const localTime = timeOfDayIn(options.timeZone);
  let state = noSlots;

  const forget = (isBack: (slot: LeasedSlot) => boolean): void => {
    const next = afterReturn(state, isBack);
    for (const slotId of state.leased.keys()) if (!next.leased.has(slotId)) tokens.delete(slotId);
    state = next;
  };
  const look = (): void => {
    const nowMs = parts.clock.monotonicMs();
    forget((slot) => slot.expiresAtMs <= nowMs);
    const sessions = parts.sessions();
    const at = { nowMs, localTime: localTime(parts.clock.wallMs()) };
    for (const candidate of grantable(
      state,
      candidatesOf(sessions, parts.siteOf),
      options.policy,
      at,
    )) {
      const session = sessions.get(candidate.workstationId);
      if (!session) continue;
      const slotId = randomBytes(8).toString('hex');
      const token = randomToken();
      state = afterGrant(state, { ...candidate, slotId, expiresAtMs: nowMs + SLOT_LIFE_MS }, nowMs);
      tokens.set(slotId, token);
      session.offer(slotOf(slotId, token, options));
    }
  };
  const timer = setInterval(look, LOOK_MS);

  return {
    serve: (authorization, response) => {
      const token = /^Slot ([A-Za-z0-9_-]{43})$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return false;
      const found = [...tokens].find(([, each]) => sameToken(each, token));
      if (!found) return false;
      // One download a slot: a token that was shown once is worth nothing any more.
      tokens.delete(found[0]);
      sendBytes(response, block, options);
      return true;
    },
    returned: (workstationId, result) => {
      parts.log.debug({ workstationId, ...result }, 'throughput slot returned');
      forget((slot) => slot.slotId === result.slotId && slot.workstationId === workstationId);
    },
    close: () => clearInterval(timer),
  };
}

function slotOf(slotId: string, token: string, options: ThroughputOptions): Slot {
  const { maxBytes, maxMs } = options;
  return {
    type: 'slot',
    slotId,
    kind: 'download',
    token,
    maxBytes,
    maxMs,
    expiresInMs: SLOT_LIFE_MS,
  };
}

function candidatesOf(
  sessions: ReadonlyMap<string, AgentSession>,
  siteOf: (workstationId: string) => string | undefined,
): SlotCandidate[] {
  const candidates: SlotCandidate[] = [];
  for (const [workstationId, session] of sessions) {
    if (!session.can(CAPABILITY)) continue;
    const siteCode = siteOf(workstationId);
    if (siteCode !== undefined) candidates.push({ workstationId, siteCode });
  }
  return candidates;
}

/** Writes up to `maxBytes` in blocks, as fast as the peer reads, and stops after `maxMs`. */
function sendBytes(response: ServerResponse, block: Buffer, options: ThroughputOptions): void {
  let left = options.maxBytes;
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'content-encoding': 'identity',
  });
  const deadline = setTimeout(() => {
    left = 0;
    response.end();
  }, options.maxMs);
  const pump = (): void => {
    while (left > 0) {
      const chunk = left >= block.length ? block : block.subarray(0, left);
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', pump);
        return;
      }
    }
    response.end();
  };
  response.once('close', () => {
    left = 0;
    clearTimeout(deadline);
  });
  pump();
}

function timeOfDayIn(timeZone: string): (wallMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (wallMs) => format.format(wallMs);
}
