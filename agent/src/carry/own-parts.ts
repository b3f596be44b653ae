import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  BootRanges,
  draftOwner,
  parsePartName,
  partName,
  PartReader,
  type PartName,
} from '@ppe-pulse/protocol/carry';
import { carryKeys, unpackNow } from './carry-keys.ts';
import { entriesOf, readPartFile } from './stick.ts';

/** What the stick holds of one workstation already. */
export interface OwnParts {
  /** Heartbeats in sound parts: they need not be written again. */
  readonly sound: BootRanges;
  readonly soundParts: number;
  /** Parts that were cut off or altered. */
  readonly damaged: readonly PartName[];
  /** Half-written parts of an export that did not end, removed. */
  readonly removedDrafts: number;
}

/** Looks through the folder, removes this workstation's drafts and touches nothing else. */
export function surveyOwnParts(
  folder: string,
  identity: { readonly agentId: string; readonly publicKey: string },
): OwnParts {
  const { agentId, publicKey } = identity;
  const reader = new PartReader(carryKeys);
  const sound = new BootRanges();
  const damaged: PartName[] = [];
  let soundParts = 0;
  let removedDrafts = 0;
  for (const { name, isFile } of entriesOf(folder).entries) {
    if (!isFile) continue;
    if (draftOwner(name) === agentId) {
      rmSync(join(folder, name), { force: true });
      removedDrafts += 1;
      continue;
    }
    const part = parsePartName(name);
    if (part?.agentId !== agentId) continue;
    const found = sequencesOf(reader, join(folder, name), part, publicKey);
    if (!found) {
      damaged.push(part);
      continue;
    }
    soundParts += 1;
    for (const seq of found) sound.add(part.bootId, seq, seq);
  }
  return { sound, soundParts, damaged, removedDrafts };
}

/**
 * Removes damaged parts whose heartbeats are all on the stick in others, but those that were just
 * written again under the same name. Answers how many.
 */
export function removeSuperseded(
  folder: string,
  own: OwnParts,
  written: ReadonlySet<string>,
): number {
  const superseded = own.damaged
    .filter(({ bootId, from, to }) => own.sound.covers(bootId, from, to))
    .map(partName)
    .filter((name) => !written.has(name));
  for (const name of superseded) rmSync(join(folder, name), { force: true });
  return superseded.length;
}

function sequencesOf(
  reader: PartReader,
  path: string,
  part: PartName,
  publicKey: string,
): number[] | undefined {
  const file = readPartFile(path);
  if (typeof file === 'string') return undefined;
  const opened = reader.open(file, { name: part });
  if (opened.kind === 'refused' || opened.head.publicKey !== publicKey) return undefined;
  const text = unpackNow(opened.packed);
  if (text === undefined) return undefined;
  return [...reader.heartbeats(opened.head, text)].flatMap((each) => (each ? [each.seq] : []));
}
