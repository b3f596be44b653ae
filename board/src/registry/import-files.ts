import { regionLimits } from '@ppe-pulse/protocol';

/** A chosen file, as far as it is judged before it is sent. */
export interface ChosenFile {
  readonly name: string;
  readonly size: number;
}

/** Why files are not even sent. */
export type FileFault =
  | { readonly kind: 'tooMany'; readonly count: number }
  | { readonly kind: 'tooBig'; readonly bytes: number }
  | { readonly kind: 'empty'; readonly name: string };

/** What may be said of files without reading them; what is in them the collector says. Pure. */
export function fileFaultOf(files: readonly ChosenFile[]): FileFault | null {
  if (files.length > regionLimits.files) return { kind: 'tooMany', count: files.length };
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes > regionLimits.filesBytes) return { kind: 'tooBig', bytes };
  const empty = files.find(({ size }) => size === 0);
  return empty ? { kind: 'empty', name: empty.name } : null;
}

/** Files chosen in several goes: one of the same name takes the place of the one before. Pure. */
export function withFiles<T extends ChosenFile>(
  before: readonly T[],
  added: readonly T[],
): readonly T[] {
  const names = new Set(added.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...added];
}
