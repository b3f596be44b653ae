import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  carryLimits,
  parseReceiptName,
  readReceipt,
  receiptName,
  writeReceipt,
  type BootRanges,
  type Range,
  type ReceiptSigner,
} from '@ppe-pulse/protocol/carry';
import { giveToService } from '../platform/give-to-owner.ts';
import { collectorIdOf, isSignedBy } from '../platform/identity.ts';
import { faultOf } from './stick-fault.ts';
import { entriesOf, isPlainFolder, makePlainFolder, readBounded, writeDurably } from './stick.ts';

/** Whose receipts are looked for: this workstation's, from the pinned collector or relay. */
export interface ReceiptOf {
  readonly agentId: string;
  /** Raw key of the issuer, base64url. */
  readonly publicKey: string;
}

/** Where a running agent finds receipts that came by stick. */
export function receiptsInbox(dataDir: string): string {
  return join(dataDir, 'receipts-inbox');
}

/** The ranges of a receipt in a folder; undefined when there is none that the key has signed. */
export function findReceipt(folder: string, of: ReceiptOf): BootRanges | undefined {
  if (!isPlainFolder(folder)) return undefined;
  try {
    const path = join(folder, receiptName(of.agentId, collectorIdOf(of.publicKey)));
    const file = readBounded(path, carryLimits.receiptBytes);
    return typeof file === 'string' ? undefined : readReceipt(file, of, isSignedBy);
  } catch (error) {
    // No receipt frees nothing: the stick's own faults are found by those who write to it.
    faultOf(error);
    return undefined;
  }
}

/** Replaces the receipt of a workstation in a folder, made when missing. Answers its name. */
export function putReceipt(
  folder: string,
  agentId: string,
  durable: BootRanges,
  issued: { readonly atMs: number; readonly signer: ReceiptSigner },
): string {
  makePlainFolder(folder);
  const name = receiptName(agentId, collectorIdOf(issued.signer.publicKey));
  const path = join(folder, name);
  writeDurably(path, `${path}.tmp`, writeReceipt(agentId, durable, issued.atMs, issued.signer));
  return name;
}

/** Copies a receipt that the pinned key has signed from the stick to the running agent. */
export function collectReceipt(
  stickReceipts: string,
  inbox: string,
  of: ReceiptOf,
): BootRanges | undefined {
  const durable = findReceipt(stickReceipts, of);
  if (!durable) return undefined;
  mkdirSync(inbox, { recursive: true });
  const name = receiptName(of.agentId, collectorIdOf(of.publicKey));
  const file = readBounded(join(stickReceipts, name), carryLimits.receiptBytes);
  if (typeof file === 'string') return durable;
  writeDurably(join(inbox, name), join(inbox, `${name}.tmp`), file);
  giveToService(inbox, name);
  return durable;
}

/** What frees heartbeats: the journal. */
export interface FreeableJournal {
  ack(bootId: string, ranges: readonly Range[]): number;
}

/**
 * Frees in the journal what a receipt in `inbox` says the pinned collector holds, and empties the
 * inbox. Answers how many heartbeats were freed and how many files were no such receipt.
 */
export function takeReceipts(
  inbox: string,
  journal: FreeableJournal,
  of: ReceiptOf,
): { freed: number; refused: number } {
  let freed = 0;
  let refused = 0;
  if (!isPlainFolder(inbox)) return { freed, refused };
  for (const { name, isFile } of entriesOf(inbox).entries) {
    if (!isFile || !parseReceiptName(name)) continue;
    const path = join(inbox, name);
    const file = readNow(path);
    if (file === undefined) continue;
    const durable = typeof file === 'string' ? undefined : readReceipt(file, of, isSignedBy);
    if (!durable) refused += 1;
    else for (const [bootId, ranges] of durable.boots()) freed += journal.ack(bootId, ranges);
    rmSync(path, { force: true });
  }
  return { freed, refused };
}

/** Undefined while it cannot be read: the next look tries again. */
function readNow(path: string): ReturnType<typeof readBounded> | undefined {
  try {
    return readBounded(path, carryLimits.receiptBytes);
  } catch (error) {
    faultOf(error);
    return undefined;
  }
}
