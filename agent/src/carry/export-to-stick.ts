import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import {
  draftName,
  PartDraft,
  partName,
  type BootRanges,
  type PartSigner,
} from '@ppe-pulse/protocol/carry';
import { journalRecords, type JournalLosses } from './journal-records.ts';
import { removeSuperseded, surveyOwnParts, type OwnParts } from './own-parts.ts';
import { collectReceipt } from './receipts.ts';
import { faultOf, type StickFault } from './stick-fault.ts';
import {
  carryFolder,
  freeBytes,
  isPlainFolder,
  makePlainFolder,
  receiptsFolder,
  syncFolder,
  writeDurably,
} from './stick.ts';

/** What an export works with. */
export interface ExportParts {
  /** Folder of the flash drive. */
  readonly stick: string;
  readonly journal: string;
  readonly signer: PartSigner;
  /** Key whose receipts free the journal; none is pinned before the enrolment. */
  readonly pinnedKey: string | undefined;
  readonly receiptsInbox: string;
  readonly nowMs: () => number;
  /** When a heartbeat was produced on the collector's clock, where the agent knows it. */
  readonly producedAt: (heartbeat: Heartbeat) => number | undefined;
}

/** What an export did. Heartbeats are counted, bytes are those on the stick. */
export interface ExportReport {
  readonly fault: StickFault | null;
  readonly writtenParts: number;
  readonly writtenHeartbeats: number;
  readonly writtenBytes: number;
  /** In sound parts from before. */
  readonly presentHeartbeats: number;
  /** Known to be durable at the collector or the relay, by its receipt: not written. */
  readonly receivedHeartbeats: number;
  /** Not on the stick because of the fault, and the room that they need. */
  readonly missingHeartbeats: number;
  readonly missingBytes: number;
  /** Room left on the stick, null when it does not say. */
  readonly freeBytes: number | null;
  readonly removedDrafts: number;
  readonly removedDamagedParts: number;
  readonly damagedParts: number;
  /** Longer than a frame may be: no reader takes them. */
  readonly oversizedHeartbeats: number;
  readonly damagedJournalBytes: number;
}

type Counts = { -readonly [K in keyof ExportReport]: ExportReport[K] };

/**
 * Writes to the stick what is in the journal and not there yet, one part after the other. Each is
 * whole or not there. After a fault of the stick nothing more is written, only counted.
 */
export function exportToStick(parts: ExportParts): ExportReport {
  const counts = nothingDone();
  const folder = carryFolder(parts.stick);
  const own = guarded(counts, () => openStick(parts, folder));
  const received = guarded(counts, () => receivedByPinned(parts));
  const written = new Set<string>();
  if (own) {
    counts.removedDrafts = own.removedDrafts;
    counts.presentHeartbeats = own.sound.count;
  }
  for (const draft of drafts(parts, counts, { own: own?.sound, received })) {
    const { name, file } = draft.finish(parts.signer, Math.max(0, parts.nowMs()));
    const isWritten = guarded(counts, () => {
      const path = join(folder, partName(name));
      writeDurably(path, join(folder, draftName(name)), file);
      return true;
    });
    if (isWritten) {
      written.add(partName(name));
      counts.writtenParts += 1;
      counts.writtenHeartbeats += draft.count;
      counts.writtenBytes += file.length;
      for (const seq of draft.sequences) own?.sound.add(draft.bootId, seq, seq);
    } else {
      counts.missingHeartbeats += draft.count;
      counts.missingBytes += file.length;
    }
  }
  if (own)
    guarded(counts, () => {
      counts.removedDamagedParts = removeSuperseded(folder, own, written);
      syncFolder(folder);
    });
  const stillDamaged = own?.damaged.filter((each) => !written.has(partName(each))).length ?? 0;
  counts.damagedParts = stillDamaged - counts.removedDamagedParts;
  counts.freeBytes = freeBytes(parts.stick) ?? null;
  return counts;
}

function openStick(parts: ExportParts, folder: string): OwnParts {
  // A stick that is not there must not be made up on the PC's own disk.
  if (!existsSync(parts.stick)) throw systemError('ENOENT', parts.stick);
  makePlainFolder(folder);
  if (!isPlainFolder(folder)) throw systemError('ENOTDIR', folder);
  return surveyOwnParts(folder, parts.signer);
}

function receivedByPinned(parts: ExportParts): BootRanges | undefined {
  if (parts.pinnedKey === undefined) return undefined;
  return collectReceipt(receiptsFolder(parts.stick), parts.receiptsInbox, {
    agentId: parts.signer.agentId,
    publicKey: parts.pinnedKey,
  });
}

/** Full drafts of what is to be written, in the journal's order. */
function* drafts(
  parts: ExportParts,
  counts: Counts,
  known: { readonly own: BootRanges | undefined; readonly received: BootRanges | undefined },
): Generator<PartDraft> {
  const losses: JournalLosses = { damagedBytes: 0 };
  let draft: PartDraft | undefined;
  for (const record of journalRecords(parts.journal, losses)) {
    const { bootId, seq } = record;
    if (known.own?.has(bootId, seq)) continue;
    if (known.received?.has(bootId, seq)) {
      counts.receivedHeartbeats += 1;
      continue;
    }
    const heartbeat = record.heartbeat();
    if (!heartbeat) continue;
    draft ??= new PartDraft(bootId);
    const producedAtMs = heartbeat.producedAtMs ?? parts.producedAt(heartbeat);
    let outcome = draft.add(heartbeat, producedAtMs);
    if (outcome === 'full') {
      yield draft;
      draft = new PartDraft(bootId);
      // A journal that was being tidied up may hold a record twice.
      if (known.own?.has(bootId, seq)) continue;
      outcome = draft.add(heartbeat, producedAtMs);
    }
    if (outcome === 'oversized') counts.oversizedHeartbeats += 1;
  }
  if (draft && draft.count > 0) yield draft;
  counts.damagedJournalBytes = losses.damagedBytes;
}

/** Runs a step on the stick unless it has failed before; its fault is kept. */
function guarded<T>(counts: Counts, step: () => T): T | undefined {
  if (counts.fault !== null) return undefined;
  try {
    return step();
  } catch (error) {
    counts.fault = faultOf(error);
    return undefined;
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, syscall: 'open' });
}

function nothingDone(): Counts {
  return {
    fault: null,
    writtenParts: 0,
    writtenHeartbeats: 0,
    writtenBytes: 0,
    presentHeartbeats: 0,
    receivedHeartbeats: 0,
    missingHeartbeats: 0,
    missingBytes: 0,
    freeBytes: null,
    removedDrafts: 0,
    removedDamagedParts: 0,
    damagedParts: 0,
    oversizedHeartbeats: 0,
    damagedJournalBytes: 0,
  };
}
