import { join } from 'node:path';
import {
  BootRanges,
  partName,
  PartReader,
  type CarryRefusal,
  type FindWorkstation,
  type PartName,
  type ReceiptSigner,
} from '@ppe-pulse/protocol/carry';
import { giveToService } from '../platform/give-to-owner.ts';
import { carryKeys, unpackNow } from './carry-keys.ts';
import { carryInbox, handOver, INBOX_BYTES, waitingBytes } from './inbox.ts';
import { findReceipt, putReceipt } from './receipts.ts';
import { faultOf, type StickFault } from './stick-fault.ts';
import { listParts, readPart, type FoundPart } from './stick-parts.ts';
import { carryFolder, receiptsFolder } from './stick.ts';

/** Refused parts that are named one by one; the others are counted. */
const NAMED_REFUSALS = 100;

/** What an import at the Штаб works with. */
export interface ImportParts {
  readonly stick: string;
  readonly dataDir: string;
  /** This PC itself: it needs no flash drive to its own journal. */
  readonly ownId: string;
  /** Signs receipts. */
  readonly signer: ReceiptSigner;
  /** The workstations of this ППЭ; without them parts wait unjudged and nothing is receipted. */
  readonly find: FindWorkstation | undefined;
  readonly nowMs: () => number;
  /** Bytes that may wait in the inbox. */
  readonly inboxBytes?: number;
}

/** A part that was not taken. */
export interface RefusedPart {
  readonly part: string;
  readonly reason: CarryRefusal;
  /** What it says of its ППЭ, unproven. */
  readonly siteCode: string | null;
}

/** What an import did. */
export interface ImportReport {
  /** `inboxFull`: the relay has not taken what waits already; `disk`: this PC's own disk failed. */
  fault: StickFault | 'inboxFull' | 'disk' | null;
  /** False when this PC has never been told which workstations are its ППЭ's. */
  hasRoster: boolean;
  newParts: number;
  newHeartbeats: number;
  repeatedParts: number;
  refusedParts: number;
  refused: RefusedPart[];
  /** Links, pipes and folders under a part's name. */
  strangeEntries: number;
  /** The folder holds more than is looked at. */
  isCut: boolean;
  receipts: number;
  /** Why receipts could not be left on the stick; the heartbeats are taken all the same. */
  receiptFault: StickFault | null;
}

/**
 * Takes a stick's parts into the relay's inbox. Each is verified first; what was taken once is not
 * taken again; a refused one does not stop the others.
 */
export function importFromStick(parts: ImportParts): ImportReport {
  const report = nothingDone(parts.find !== undefined);
  const folder = carryFolder(parts.stick);
  const listed = listParts(folder);
  if (typeof listed === 'string') return { ...report, fault: listed };
  report.strangeEntries = listed.strange;
  report.isCut = listed.isCut;
  const reader = new PartReader(carryKeys);
  const ledger = new TakenLedger(parts);
  let roomBytes = (parts.inboxBytes ?? INBOX_BYTES) - waitingBytes(carryInbox(parts.dataDir));
  for (const name of listed.names.filter(({ agentId }) => agentId !== parts.ownId)) {
    const found = readPart(folder, name, { reader, find: parts.find });
    if (found === 'gone') {
      report.fault = 'gone';
      break;
    }
    if (found.kind === 'refused') {
      refuse(report, found);
      continue;
    }
    const outcome = takeOne(found, { parts, reader, ledger, report, roomBytes });
    if (outcome === 'stop') break;
    roomBytes -= outcome;
  }
  leaveReceipts(parts, ledger, report);
  return report;
}

interface Taking {
  readonly parts: ImportParts;
  readonly reader: PartReader;
  readonly ledger: TakenLedger;
  readonly report: ImportReport;
  readonly roomBytes: number;
}

/** Answers the bytes that wait for it now, or that nothing more can be taken. */
function takeOne(found: FoundPart & { kind: 'opened' }, to: Taking): number | 'stop' {
  const { parts, reader, ledger, report } = to;
  const { name, part, file } = found;
  const text = unpackNow(part.packed);
  if (text === undefined) {
    refuse(report, { name, refusal: 'damaged' });
    return 0;
  }
  const heartbeats = [...reader.heartbeats(part.head, text)];
  const sequences = heartbeats.flatMap((each) => (each ? [each.seq] : []));
  const durable = ledger.of(name.agentId);
  if (sequences.every((seq) => durable.has(name.bootId, seq))) {
    report.repeatedParts += 1;
    // The stick may have been used before its receipt was written.
    ledger.touch(name.agentId);
    return 0;
  }
  if (file.length > to.roomBytes) {
    report.fault = 'inboxFull';
    return 'stop';
  }
  try {
    if (!handOver(carryInbox(parts.dataDir), name, file)) {
      report.repeatedParts += 1;
    } else {
      report.newParts += 1;
      report.newHeartbeats += sequences.length;
    }
  } catch (error) {
    faultOf(error);
    report.fault = 'disk';
    return 'stop';
  }
  // Nobody has said yet whether this workstation is of this ППЭ: nothing is promised to it.
  if (report.hasRoster) for (const seq of sequences) ledger.note(name.agentId, name.bootId, seq);
  return file.length;
}

/** What was taken before, by workstation, as receipts that this PC signed for itself. */
class TakenLedger {
  readonly #folder: string;
  readonly #signer: ReceiptSigner;
  readonly #known = new Map<string, BootRanges>();
  readonly #touched = new Set<string>();

  constructor(parts: ImportParts) {
    this.#folder = join(parts.dataDir, 'carry-receipts');
    this.#signer = parts.signer;
  }

  of(agentId: string): BootRanges {
    let known = this.#known.get(agentId);
    if (!known) {
      const { publicKey } = this.#signer;
      known = findReceipt(this.#folder, { agentId, publicKey }) ?? new BootRanges();
      this.#known.set(agentId, known);
    }
    return known;
  }

  note(agentId: string, bootId: string, seq: number): void {
    this.of(agentId).add(bootId, seq, seq);
    this.#touched.add(agentId);
  }

  touch(agentId: string): void {
    this.#touched.add(agentId);
  }

  get touched(): Iterable<string> {
    return this.#touched;
  }

  save(agentId: string, nowMs: number): void {
    const issued = { atMs: nowMs, signer: this.#signer };
    giveToService(this.#folder, putReceipt(this.#folder, agentId, this.of(agentId), issued));
  }
}

function leaveReceipts(parts: ImportParts, ledger: TakenLedger, report: ImportReport): void {
  const issued = { atMs: parts.nowMs(), signer: parts.signer };
  for (const agentId of ledger.touched) {
    try {
      ledger.save(agentId, issued.atMs);
    } catch (error) {
      faultOf(error);
      report.fault = 'disk';
      return;
    }
    if (report.receiptFault !== null) continue;
    try {
      putReceipt(receiptsFolder(parts.stick), agentId, ledger.of(agentId), issued);
      report.receipts += 1;
    } catch (error) {
      report.receiptFault = faultOf(error);
    }
  }
}

function refuse(
  report: ImportReport,
  found: {
    readonly name: PartName;
    readonly refusal: CarryRefusal;
    readonly siteCode?: string | undefined;
  },
): void {
  report.refusedParts += 1;
  if (report.refused.length >= NAMED_REFUSALS) return;
  report.refused.push({
    part: partName(found.name),
    reason: found.refusal,
    siteCode: found.siteCode ?? null,
  });
}

function nothingDone(hasRoster: boolean): ImportReport {
  return {
    fault: null,
    hasRoster,
    newParts: 0,
    newHeartbeats: 0,
    repeatedParts: 0,
    refusedParts: 0,
    refused: [],
    strangeEntries: 0,
    isCut: false,
    receipts: 0,
    receiptFault: null,
  };
}
