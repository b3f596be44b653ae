import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Heartbeat, KnownWorkstation } from '@ppe-pulse/protocol';
import {
  draftName,
  partName,
  PartReader,
  producedAt,
  type CarryRefusal,
  type FindWorkstation,
  type OpenedPart,
  type PartName,
} from '@ppe-pulse/protocol/carry';
import { giveToService } from '../platform/give-to-owner.ts';
import { carryKeys, unpack } from './carry-keys.ts';
import { listParts, readPart } from './stick-parts.ts';
import { syncFolder, writeDurably } from './stick.ts';

/** Bytes that may wait for the relay; beyond it an import stops and says so. */
export const INBOX_BYTES = 1_073_741_824;
/** Heartbeats that the sink is given at a time: a relay has a ППЭ to listen to meanwhile. */
const SLICE = 200;

/** Reasons that may pass: the roster grows, a disk or its rights are put right. */
const WAITING: ReadonlySet<CarryRefusal> = new Set(['unknownWorkstation', 'unreadable']);

/** Where parts wait for the running relay. */
export function carryInbox(dataDir: string): string {
  return join(dataDir, 'carry-inbox');
}

/** Bytes that wait in the inbox. */
export function waitingBytes(inbox: string): number {
  const parts = listParts(inbox);
  if (typeof parts === 'string') return 0;
  return parts.names.reduce((sum, name) => {
    const status = statSync(join(inbox, partName(name)), { throwIfNoEntry: false });
    return sum + (status?.size ?? 0);
  }, 0);
}

/** Puts a verified part into the inbox, durably; false when it waits there already. */
export function handOver(inbox: string, name: PartName, file: Uint8Array): boolean {
  mkdirSync(inbox, { recursive: true });
  const path = join(inbox, partName(name));
  if (statSync(path, { throwIfNoEntry: false })?.size === file.length) return false;
  writeDurably(path, join(inbox, draftName(name)), file);
  giveToService(inbox, partName(name));
  syncFolder(inbox);
  return true;
}

/** The relay's spool. */
export interface CarriedSink {
  /** Now on the collector's clock, as far as the relay knows it. */
  nowMs(): number;
  /**
   * Heartbeats of one boot of a member, `agentId`, `delivery` and `producedAtMs` set. Answers false
   * when there is no room: the part waits and comes again whole.
   */
  take(member: KnownWorkstation, heartbeats: readonly Heartbeat[]): boolean | Promise<boolean>;
}

/** What became of the inbox. */
export interface InboxReport {
  takenParts: number;
  takenHeartbeats: number;
  /** Lines that were no heartbeats of their part. */
  refusedHeartbeats: number;
  /** Damaged or forged on this disk, removed: the stick has them still. */
  refusedParts: number;
  /** Not readable now, of workstations that the roster does not name, or without room in the sink. */
  waitingParts: number;
}

/**
 * Gives the sink what waits in the inbox, part by part; a part is removed once the sink has all of
 * it. Who comes here twice at a time gets the same twice: the caller waits for the end.
 */
export async function takeInbox(
  inbox: string,
  find: FindWorkstation,
  sink: CarriedSink,
): Promise<InboxReport> {
  const report: InboxReport = {
    takenParts: 0,
    takenHeartbeats: 0,
    refusedHeartbeats: 0,
    refusedParts: 0,
    waitingParts: 0,
  };
  const parts = listParts(inbox);
  if (typeof parts === 'string') return report;
  const reader = new PartReader(carryKeys);
  for (const name of parts.names) {
    const found = readPart(inbox, name, { reader, find });
    if (found === 'gone') return report;
    if (found.kind === 'refused' && WAITING.has(found.refusal)) {
      report.waitingParts += 1;
      continue;
    }
    const member = find(name.agentId);
    const outcome =
      found.kind === 'opened' && member
        ? await pour(found.part, { reader, member, sink, report })
        : 'refused';
    if (outcome === 'waits') report.waitingParts += 1;
    else rmSync(join(inbox, partName(name)), { force: true });
    if (outcome === 'taken') report.takenParts += 1;
    if (outcome === 'refused') report.refusedParts += 1;
  }
  return report;
}

async function pour(
  part: OpenedPart,
  to: {
    readonly reader: PartReader;
    readonly member: KnownWorkstation;
    readonly sink: CarriedSink;
    readonly report: InboxReport;
  },
): Promise<'taken' | 'waits' | 'refused'> {
  const { reader, member, sink, report } = to;
  const text = await unpack(part.packed);
  if (text === undefined) return 'refused';
  const nowMs = sink.nowMs();
  let slice: Heartbeat[] = [];
  const flush = async (): Promise<boolean> => {
    const isTaken = slice.length === 0 || (await sink.take(member, slice));
    if (isTaken) report.takenHeartbeats += slice.length;
    slice = [];
    await breathe();
    return isTaken;
  };
  for (const heartbeat of reader.heartbeats(part.head, text)) {
    if (!heartbeat) {
      report.refusedHeartbeats += 1;
      continue;
    }
    slice.push({
      ...heartbeat,
      agentId: member.id,
      producedAtMs: producedAt(part.head, heartbeat, nowMs),
    });
    if (slice.length >= SLICE && !(await flush())) return 'waits';
  }
  return (await flush()) ? 'taken' : 'waits';
}
