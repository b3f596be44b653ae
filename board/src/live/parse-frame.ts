import type { BoardFrame } from '@ppe-pulse/protocol';

/** Frames of these types are ours; a newer collector may send others. */
const KNOWN = new Set(['hello', 'snapshot', 'more', 'delta', 'beat', 'error']);

/** A frame of the collector, undefined for what this board does not know or cannot read. */
export function parseFrame(data: unknown): BoardFrame | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    const isOurs =
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      KNOWN.has(String(value.type));
    // Our own collector's frames are trusted: a validator would need what the page's policy forbids.
    return isOurs ? (value as BoardFrame) : undefined;
  } catch {
    return undefined;
  }
}
