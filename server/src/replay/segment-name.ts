import { join } from 'node:path';

/** A segment that is closed and will not change. */
export interface Segment {
  readonly startMs: number;
  /** The moment of its last frame, or of the next segment's first where they follow each other. */
  readonly endMs: number;
  readonly path: string;
  readonly bytes: number;
}

/** Folder of the segments below the data folder. */
export const REPLAY_FOLDER = 'replay';

const NAME = /^([0-9]{13})(?:-([0-9]{13}))?\.frames\.gz$/;
export const DAY_FOLDER = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** `2024-05-15/1715740920000.frames.gz` while it is written, `…-1715741220000.frames.gz` once closed. */
export function segmentPath(folder: string, startMs: number, endMs?: number): string {
  const end = endMs === undefined ? '' : `-${digits(endMs)}`;
  return join(folder, dayFolderOf(startMs), `${digits(startMs)}${end}.frames.gz`);
}

/** The UTC day that a segment belongs to. */
export function dayFolderOf(startMs: number): string {
  return new Date(startMs).toISOString().slice(0, 10);
}

/** What a file name says; undefined for a file that is none of ours. */
export function segmentTimes(
  name: string,
): { readonly startMs: number; readonly endMs: number | undefined } | undefined {
  const [, start, end] = NAME.exec(name) ?? [];
  if (start === undefined) return undefined;
  return { startMs: Number(start), endMs: end === undefined ? undefined : Number(end) };
}

function digits(ms: number): string {
  return String(ms).padStart(13, '0');
}
