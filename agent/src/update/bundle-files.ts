import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { limits } from '@ppe-pulse/protocol';
import {
  compareVersions,
  isReleaseVersion,
  readUpdateSignatures,
  type UpdateOfferText,
} from '@ppe-pulse/protocol/update';
import { readJson, replaceDurably, syncDirectory } from '../journal/durable-file.ts';
import type { JudgedUpdate } from './version-store.ts';

/** Bundles that are kept: the one that goes round, and the one before it. */
const MOST_BUNDLES = 2;

/** Packed updates on the disk: whole ones, and what has come of one so far. */
export class BundleFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Versions of which there are files, the newest first. */
  get versions(): readonly string[] {
    try {
      const names = readdirSync(this.#directory).map((name) => name.replace(/\.[a-z]+$/, ''));
      const versions = [...new Set(names)].filter((name) => isReleaseVersion(name));
      return versions.sort((one, other) => compareVersions(other, one));
    } catch {
      // None has come yet.
      return [];
    }
  }

  /** The offer that a bundle came with, unjudged. */
  offerOf(version: string): UpdateOfferText | undefined {
    const value = readJson(this.#file(version, 'json'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { manifest, signatures } = value as Partial<Record<string, unknown>>;
    const read = readUpdateSignatures(JSON.stringify(signatures ?? null));
    return typeof manifest === 'string' && read ? { manifest, signatures: read } : undefined;
  }

  /** Bytes of this very update that have come, in whole parts; another one of its name is dropped. */
  begin({ offer, manifest }: JudgedUpdate): number {
    const { version } = manifest;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    if (this.offerOf(version)?.manifest !== offer.manifest) {
      this.drop(version);
      const { manifest: text, signatures } = offer;
      const kept = JSON.stringify({ manifest: text, signatures });
      replaceDurably(this.#file(version, 'json'), `${kept}\n`);
    }
    const path = this.#file(version, 'part');
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const whole = Math.min(size, manifest.packedSize);
    const usable = whole - (whole % limits.updatePartBytes);
    if (usable < size) truncateSync(path, usable);
    return usable;
  }

  append(version: string, data: Uint8Array): void {
    appendFileSync(this.#file(version, 'part'), data, { mode: 0o600 });
  }

  /** What has come, to be looked at. */
  arrived(version: string): Buffer {
    return readFileSync(this.#file(version, 'part'));
  }

  /** It is what was signed: it is kept, and may be handed on. */
  complete(version: string): void {
    const path = this.#file(version, 'part');
    const file = openSync(path, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(path, this.#file(version, 'packed'));
    syncDirectory(this.#directory);
    for (const old of this.versions.slice(MOST_BUNDLES)) this.drop(old);
  }

  /** A whole bundle; undefined when there is none. */
  packedOf(version: string): Buffer | undefined {
    try {
      return readFileSync(this.#file(version, 'packed'));
    } catch {
      return undefined;
    }
  }

  /** A part of a whole bundle, empty behind its end; undefined when there is no bundle. */
  partOf(version: string, offset: number): Buffer | undefined {
    if (!isReleaseVersion(version)) return undefined;
    let file: number;
    try {
      file = openSync(this.#file(version, 'packed'), 'r');
    } catch {
      return undefined;
    }
    try {
      const part = Buffer.alloc(limits.updatePartBytes);
      return part.subarray(0, readSync(file, part, 0, part.length, offset));
    } finally {
      closeSync(file);
    }
  }

  /** Forgets what has come of it. */
  restart(version: string): void {
    rmSync(this.#file(version, 'part'), { force: true });
  }

  drop(version: string): void {
    for (const kind of ['part', 'packed', 'json'] as const)
      rmSync(this.#file(version, kind), { force: true });
  }

  #file(version: string, kind: 'json' | 'part' | 'packed'): string {
    return join(this.#directory, `${version}.${kind}`);
  }
}
