import { mkdirSync } from 'node:fs';
import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { codeOf } from '../config.ts';
import type { Log } from '../log.ts';
import { readSegment } from './segment-reader.ts';
import {
  DAY_FOLDER,
  REPLAY_FOLDER,
  segmentPath,
  segmentTimes,
  type Segment,
} from './segment-name.ts';

/** What is kept: the oldest segments go first. */
export interface ReplayPolicy {
  readonly keptSinceMs: number;
  readonly maxBytes: number;
}

/** What went. */
export interface Pruned {
  readonly droppedSegments: number;
  readonly freedBytes: number;
}

/** The closed segments on the disk: known by their names, so that a list opens no file. */
export class Segments {
  readonly #folder: string;
  readonly #log: Log;
  #closed: Segment[] = [];
  #isLoaded = false;

  constructor(folder: string, log: Log) {
    this.#folder = folder;
    this.#log = log;
  }

  /** By their start. */
  get all(): readonly Segment[] {
    return this.#closed;
  }

  /** Before that an unfinished segment could be anybody's. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get bytes(): number {
    return this.#closed.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Reads the folder; what a killed collector left open is closed at its last whole line. */
  async load(): Promise<void> {
    for (const { path, startMs, endMs } of await filesIn(this.#folder)) {
      if (endMs === undefined) await this.recover(path, startMs);
      else await this.#know(path, startMs, endMs);
    }
    this.#isLoaded = true;
  }

  /** A path for a segment that starts now, in a folder that is there; a taken one moves on by 1 ms. */
  begin(startMs: number): { readonly path: string; readonly startMs: number } {
    let freeMs = startMs;
    while (this.#closed.some((each) => each.startMs === freeMs)) freeMs += 1;
    const path = segmentPath(this.#folder, freeMs);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return { path, startMs: freeMs };
  }

  /** Gives a written segment its name for good. */
  async close(path: string, startMs: number, endMs: number): Promise<void> {
    const closed = segmentPath(this.#folder, startMs, endMs);
    await rename(path, closed);
    await this.#add(closed, startMs, endMs);
  }

  /** Closes a segment that nobody knows the end of; one without a frame goes. */
  async recover(path: string, startMs: number): Promise<void> {
    let lastMs: number | undefined;
    try {
      await readSegment(path, ({ atMs }) => {
        lastMs = atMs ?? lastMs;
        return true;
      });
      if (lastMs === undefined) await rm(path, { force: true });
      else await this.close(path, startMs, Math.max(startMs, lastMs));
    } catch (error) {
      this.#log.warn({ path, error: codeOf(error) }, 'a segment of the replay cannot be closed');
    }
  }

  /** Drops what is too old, and then the oldest while there is too much. */
  async prune({ keptSinceMs, maxBytes }: ReplayPolicy): Promise<Pruned> {
    let bytes = this.bytes;
    let freedBytes = 0;
    let droppedSegments = 0;
    for (const segment of this.#closed) {
      if (segment.endMs >= keptSinceMs && bytes <= maxBytes) break;
      if (!(await this.#remove(segment))) continue;
      bytes -= segment.bytes;
      freedBytes += segment.bytes;
      droppedSegments += 1;
    }
    return { droppedSegments, freedBytes };
  }

  /** One that cannot be looked at is left alone: the others are shown. */
  async #know(path: string, startMs: number, endMs: number): Promise<void> {
    try {
      await this.#add(path, startMs, endMs);
    } catch (error) {
      this.#log.warn({ path, error: codeOf(error) }, 'a segment of the replay cannot be read');
    }
  }

  async #add(path: string, startMs: number, endMs: number): Promise<void> {
    const { size } = await stat(path);
    this.#closed.push({ path, startMs, endMs, bytes: size });
    this.#closed.sort((a, b) => a.startMs - b.startMs);
  }

  async #remove(segment: Segment): Promise<boolean> {
    try {
      await rm(segment.path, { force: true });
    } catch (error) {
      const { path } = segment;
      this.#log.warn({ path, error: codeOf(error) }, 'a segment of the replay cannot be dropped');
      return false;
    }
    this.#closed = this.#closed.filter((each) => each !== segment);
    // The last of its day takes the folder with it.
    await rmdir(dirname(segment.path)).catch(() => undefined);
    return true;
  }
}

interface SegmentFile {
  readonly path: string;
  readonly startMs: number;
  /** Undefined for one that is not closed. */
  readonly endMs: number | undefined;
}

/** Paths of all segments below a data folder, relative to it, the oldest first. */
export async function segmentFilesIn(dataDir: string): Promise<string[]> {
  return (await filesIn(join(dataDir, REPLAY_FOLDER))).map(({ path }) => relative(dataDir, path));
}

async function filesIn(folder: string): Promise<SegmentFile[]> {
  const files: SegmentFile[] = [];
  for (const day of await namesIn(folder)) {
    if (!DAY_FOLDER.test(day)) continue;
    for (const name of await namesIn(join(folder, day))) {
      const times = segmentTimes(name);
      if (times) files.push({ path: join(folder, day, name), ...times });
    }
  }
  return files;
}

/** A folder that is not there has nothing in it. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch {
    return [];
  }
}
