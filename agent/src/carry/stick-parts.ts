import { join } from 'node:path';
import {
  parsePartName,
  partName,
  type CarryRefusal,
  type OpenedPart,
  type PartName,
  type PartReader,
  type FindWorkstation,
} from '@ppe-pulse/protocol/carry';
import { faultOf, type StickFault } from './stick-fault.ts';
import { entriesOf, isPlainFolder, readPartFile, type FolderEntry } from './stick.ts';

/** One part of a folder: its bytes verified, or why it is not taken. */
export type FoundPart = { readonly name: PartName } & (
  | { readonly kind: 'opened'; readonly file: Uint8Array; readonly part: OpenedPart }
  | {
      readonly kind: 'refused';
      readonly refusal: CarryRefusal;
      readonly siteCode?: string | undefined;
    }
);

/** What stands in a folder of parts. */
export interface PartsFolder {
  readonly names: readonly PartName[];
  /** Links, pipes and folders that bear a part's name. */
  readonly strange: number;
  /** There are more entries than are looked at. */
  readonly isCut: boolean;
}

/** Lists the parts of a folder, or says what is wrong with it. */
export function listParts(folder: string): PartsFolder | StickFault {
  try {
    if (!isPlainFolder(folder)) return 'notAFolder';
    const { entries, isCut } = entriesOf(folder);
    const named = entries.filter(({ name }) => parsePartName(name) !== undefined);
    return {
      names: named.filter(({ isFile }) => isFile).flatMap(nameOf),
      strange: named.filter(({ isFile }) => !isFile).length,
      isCut,
    };
  } catch (error) {
    return faultOf(error);
  }
}

/** Reads and verifies one part; `gone` when it is the whole folder that is not there any more. */
export function readPart(
  folder: string,
  name: PartName,
  by: { readonly reader: PartReader; readonly find?: FindWorkstation | undefined },
): FoundPart | 'gone' {
  const file = readPartFile(join(folder, partName(name)));
  if (file === 'unreadable' && !isPlainFolder(folder)) return 'gone';
  if (typeof file === 'string') return { name, kind: 'refused', refusal: file };
  const part = by.reader.open(file, { name, find: by.find });
  if (part.kind === 'opened') return { name, kind: 'opened', file, part };
  return { name, kind: 'refused', refusal: part.refusal, siteCode: part.siteCode };
}

function nameOf({ name }: FolderEntry): PartName[] {
  const part = parsePartName(name);
  return part ? [part] : [];
}
