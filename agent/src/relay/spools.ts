import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  ProtocolError,
  encode,
  limits,
  type DurableHeartbeat,
  type Heartbeat,
  type KnownWorkstation,
  type TakenHeartbeat,
} from '@ppe-pulse/protocol';
import type { JournalOptions } from '../journal/journal.ts';
import { codeOf } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { HqTime } from './hq-time.ts';
import { Spool } from './spool.ts';

/** What spools are made of. */
export interface SpoolsParts {
  readonly directory: string;
  readonly options: JournalOptions;
  readonly time: HqTime;
  readonly log: Log;
}

/** The spools of all workstations of the ППЭ: one journal each, bounded each. */
export class Spools {
  readonly #parts: SpoolsParts;
  readonly #open = new Map<string, Spool>();

  constructor(parts: SpoolsParts) {
    this.#parts = parts;
  }

  /** Heartbeats that the collector does not have yet. */
  get lag(): number {
    return this.#sum((spool) => spool.lag);
  }

  /** Heartbeats that were dropped unsent: full, too old, or damaged. */
  get dropped(): number {
    return this.#sum((spool) => spool.dropped);
  }

  /** These are the members: opens what was left of them, and lets go of the others'. */
  retain(ids: ReadonlySet<string>): void {
    for (const id of ids) if (existsSync(this.#directoryOf(id))) this.#spoolOf(id);
    for (const [id, spool] of this.#open) {
      if (ids.has(id)) continue;
      // What is on disk waits there, should it come back to this ППЭ.
      spool.close();
      this.#open.delete(id);
    }
  }

  find(id: string): Spool | undefined {
    return this.#open.get(id);
  }

  /** Takes a member's heartbeat. Throws a `ProtocolError` for one that could not be handed on. */
  store(taken: TakenHeartbeat): 'pending' | 'durable' | 'refused' {
    const frame = frameOf(taken);
    if (!fitsUplink(frame))
      throw new ProtocolError('frameTooBig', 'a heartbeat that is too big to be handed on');
    return this.#spoolOf(taken.workstationId)?.store(taken, frame) ?? 'refused';
  }

  /** Takes what a flash drive brought and answers what of it was new; undefined for no room. */
  storeCarried(
    { id }: KnownWorkstation,
    heartbeats: readonly Heartbeat[],
  ): readonly Heartbeat[] | undefined {
    const spool = this.#spoolOf(id);
    if (!spool || spool.bytes >= this.#parts.options.maxBytes / 2) return undefined;
    return spool.storeCarried(heartbeats.filter(fitsUplink));
  }

  /** One sync for everything that came since the last, and answers what became durable. */
  sync(): readonly DurableHeartbeat[] {
    const rows: DurableHeartbeat[] = [];
    for (const [id, spool] of this.#open) {
      if (!spool.isWaiting) continue;
      const durable = spool.sync();
      if (durable) rows.push(...durable);
      else this.#parts.log.error({ id, error: spool.failure }, 'a spool cannot be synced');
    }
    return rows;
  }

  close(): void {
    for (const spool of this.#open.values()) spool.close();
  }

  #directoryOf(id: string): string {
    return join(this.#parts.directory, id);
  }

  #spoolOf(id: string): Spool | undefined {
    const known = this.#open.get(id);
    if (known) return known;
    try {
      const spool = new Spool(this.#directoryOf(id), this.#parts.options, this.#parts.time);
      this.#open.set(id, spool);
      return spool;
    } catch (error) {
      // The workstation keeps what it has and comes again.
      this.#parts.log.error({ id, error: codeOf(error) }, 'a spool cannot be opened');
      return undefined;
    }
  }

  #sum(of: (spool: Spool) => number): number {
    let sum = 0;
    for (const spool of this.#open.values()) sum += of(spool);
    return sum;
  }
}

/** A member's heartbeat as its relay sends it: the same identity and number, and when it was made. */
export function frameOf(taken: TakenHeartbeat): Heartbeat {
  return {
    type: 'heartbeat',
    agentId: taken.workstationId,
    bootId: taken.bootId,
    seq: taken.seq,
    delivery: taken.delivery,
    wallMs: taken.wallMs,
    monotonicMs: taken.monotonicMs,
    producedAtMs: Math.max(0, taken.atMs),
    mode: taken.mode,
    journalLag: taken.journalLag,
    journalDropped: taken.journalDropped,
    metrics: taken.metrics,
    verdicts: [...taken.verdicts],
  };
}

/** One frame that is too big would close the uplink of the whole ППЭ. */
function fitsUplink(frame: Heartbeat): boolean {
  return Buffer.byteLength(encode(frame)) + LATE_BYTES <= limits.agentFrameBytes;
}

/** `live` may become `backlog`, and a count or a time may get longer. */
const LATE_BYTES = 64;
