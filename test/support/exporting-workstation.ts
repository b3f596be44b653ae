import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePartName, PartReader } from '@ppe-pulse/protocol/carry';
import { carryKeys, unpackNow } from '../../agent/src/carry/carry-keys.ts';
import { exportToStick, type ExportReport } from '../../agent/src/carry/export-to-stick.ts';
import { newIdentity } from './agent-peer.ts';
import { numbers, signerOf } from './carried.ts';
import { tempDir } from './temp-dir.ts';

/** A workstation with a journal, and a stick. */
export function exportingWorkstation(stick = tempDir()) {
  const identity = newIdentity();
  const collector = newIdentity();
  const home = tempDir();
  const journal = join(home, 'journal');
  const inbox = join(home, 'receipts-inbox');
  const folder = join(stick, 'ppe-pulse');
  const run = (part: Partial<Parameters<typeof exportToStick>[0]> = {}): ExportReport =>
    exportToStick({
      stick,
      journal,
      signer: signerOf(identity),
      pinnedKey: collector.publicKey,
      receiptsInbox: inbox,
      nowMs: Date.now,
      producedAt: () => undefined,
      ...part,
    });
  const parts = (): string[] =>
    readdirSync(folder)
      .filter((name) => parsePartName(name))
      .sort();
  return { identity, collector, journal, inbox, stick, folder, run, parts };
}

/** Every heartbeat on the stick that a reader would take, `boot/seq`, duplicates included. */
export function onStick(folder: string): string[] {
  const reader = new PartReader(carryKeys);
  return readdirSync(folder).flatMap((fileName) => {
    const name = parsePartName(fileName);
    if (!name) return [];
    const part = reader.open(readFileSync(join(folder, fileName)), { name });
    if (part.kind === 'refused') return [];
    const text = unpackNow(part.packed) ?? '';
    return [...reader.heartbeats(part.head, text)].map((each) => `${each?.bootId}/${each?.seq}`);
  });
}

/** The names that `onStick` gives a range. */
export function named(boot: string, from: number, to: number): string[] {
  return numbers(from, to).map((seq) => `${boot}/${seq}`);
}
