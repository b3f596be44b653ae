import { setTimeout as pause } from 'node:timers/promises';
import {
  BootRanges,
  carryRefusals,
  type CarryRefusal,
  type Range,
} from '@ppe-pulse/protocol/carry';
import type { CollectorKey } from '../access/keys.ts';
import type { CollectorAnswer } from '../cli/ask-collector.ts';
import {
  addReceipt,
  isThere,
  listStick,
  readPart,
  systemCode,
  type StickListing,
} from './stick.ts';

/** Parts that are on the way at the same time: as many as the collector stores at once. */
const AT_ONCE = 4;
/** A collector that is busy is asked again for this long. */
const BUSY_WAIT_MS = 2_000;
const BUSY_TRIES = 60;
/** Refused parts that are named one by one; the others are counted. */
const NAMED_REFUSALS = 100;

/** What an import works with. */
export interface StickImport {
  readonly stick: string;
  /** Signs receipts. */
  readonly key: CollectorKey;
  readonly nowMs: () => number;
  /** POSTs a part to the collector. */
  readonly post: (part: Uint8Array) => Promise<CollectorAnswer>;
}

/** Why an import ended before its end. */
export type StickImportFault =
  /** No drive, or it was pulled out. */
  | 'gone'
  /** No readable folder of ours on it. */
  | 'notAFolder'
  /** The collector has stopped. */
  | 'nobody'
  /** The collector answers with something else than a refusal of the part. */
  | 'collectorFailed';

export interface StickImportReport {
  fault: StickImportFault | null;
  /** What the collector said with `collectorFailed`. */
  detail: string;
  parts: number;
  stored: number;
  repeated: number;
  /** Heartbeats that the store did not take: import again. */
  refusedHeartbeats: number;
  refusedParts: number;
  refused: { part: string; reason: CarryRefusal; detail: string }[];
  strangeEntries: number;
  isCut: boolean;
  receipts: number;
  /** System's code why receipts could not be left; the heartbeats are stored all the same. */
  receiptFault: string | null;
}

/** Brings every part of a drive to the collector, and leaves receipts of what is durable there. */
export async function importFromStick(work: StickImport): Promise<StickImportReport> {
  const report = nothingDone();
  const listing = listed(work.stick);
  if (listing === undefined) return { ...report, fault: 'notAFolder' };
  report.strangeEntries = listing.strange;
  report.isCut = listing.isCut;
  const durable = new Map<string, BootRanges>();
  const names = listing.names[Symbol.iterator]();
  const carry = async (): Promise<void> => {
    // One iterator for all: each takes the next name that nobody has.
    for (let next = names.next(); next.done !== true; next = names.next()) {
      if (report.fault !== null) return;
      await carryPart(next.value, work, { report, durable });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, carry));
  leaveReceipts(work, durable, report);
  return report;
}

function listed(stick: string): StickListing | undefined {
  if (!isThere(stick)) return undefined;
  try {
    return listStick(stick);
  } catch (error) {
    systemCode(error);
    return undefined;
  }
}

interface Progress {
  readonly report: StickImportReport;
  readonly durable: Map<string, BootRanges>;
}

async function carryPart(name: string, work: StickImport, progress: Progress): Promise<void> {
  const { report } = progress;
  const file = readPart(work.stick, name);
  if (file === 'unreadable' && !isThere(work.stick)) {
    report.fault = 'gone';
    return;
  }
  if (typeof file === 'string') {
    refuse(report, name, file, '');
    return;
  }
  const answer = await postPatiently(work, file);
  if (answer.kind === 'nobody') report.fault = 'nobody';
  else if (answer.kind === 'refused') {
    const reason = carryRefusals.find((each) => each === answer.problem);
    if (reason) refuse(report, name, reason, answer.detail);
    else {
      report.fault = 'collectorFailed';
      report.detail = answer.detail;
    }
  } else note(answer.body as TakenPart, progress);
}

/** What `POST /api/v1/carried` answers. */
interface TakenPart {
  readonly agentId: string;
  readonly bootId: string;
  readonly stored: number;
  readonly repeated: number;
  readonly refused: number;
  readonly ranges: readonly Range[];
}

function note(taken: TakenPart, { report, durable }: Progress): void {
  report.parts += 1;
  report.stored += taken.stored;
  report.repeated += taken.repeated;
  report.refusedHeartbeats += taken.refused;
  let ranges = durable.get(taken.agentId);
  if (!ranges) durable.set(taken.agentId, (ranges = new BootRanges()));
  for (const [from, to] of taken.ranges) ranges.add(taken.bootId, from, to);
}

async function postPatiently(work: StickImport, file: Uint8Array): Promise<CollectorAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await work.post(file);
    const isBusy =
      answer.kind === 'refused' && ['carryBusy', 'tooManyRequests'].includes(answer.problem);
    if (!isBusy || tries >= BUSY_TRIES) return answer;
    await pause(BUSY_WAIT_MS);
  }
}

function leaveReceipts(
  work: StickImport,
  durable: ReadonlyMap<string, BootRanges>,
  report: StickImportReport,
): void {
  const issued = { atMs: work.nowMs(), key: work.key };
  for (const [agentId, ranges] of durable) {
    if (ranges.count === 0) continue;
    try {
      addReceipt(work.stick, agentId, ranges, issued);
      report.receipts += 1;
    } catch (error) {
      report.receiptFault = systemCode(error);
      return;
    }
  }
}

function refuse(
  report: StickImportReport,
  part: string,
  reason: CarryRefusal,
  detail: string,
): void {
  report.refusedParts += 1;
  if (report.refused.length < NAMED_REFUSALS) report.refused.push({ part, reason, detail });
}

function nothingDone(): StickImportReport {
  return {
    fault: null,
    detail: '',
    parts: 0,
    stored: 0,
    repeated: 0,
    refusedHeartbeats: 0,
    refusedParts: 0,
    refused: [],
    strangeEntries: 0,
    isCut: false,
    receipts: 0,
    receiptFault: null,
  };
}
