import { limits, type FromAgent, type Timers, type UpdatePart } from '@ppe-pulse/protocol';
import { codeOf } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { BundleFiles } from './bundle-files.ts';
import { sha256Of, type JudgedUpdate } from './version-store.ts';

/** What fetching works with. */
export interface DepotParts {
  readonly files: BundleFiles;
  readonly timers: Timers;
  readonly log: Log;
  readonly send: (message: FromAgent) => boolean;
}

/** Whoever waits for a bundle. */
export interface DepotListener {
  /** All of it is here and is what was signed. */
  arrived(update: JudgedUpdate): void;
  /** It cannot be had: what came twice was not what was signed, or the disk takes no more. */
  failed(version: string, reason: 'tampered' | 'noSpace'): void;
}

/** A part that does not come is asked for again after this… */
const ANSWER_MS = 20_000;
/** …so often; then the next welcome or offer begins again where this ended. */
const MOST_ASKED = 5;
/** A line that garbles, or somebody who lies: the second time it is no accident. */
const MOST_ATTEMPTS = 2;

interface Fetch {
  readonly update: JudgedUpdate;
  offset: number;
  asked: number;
  attempts: number;
}

/**
 * Fetches bundles over the link, one at a time and part after part, and keeps them. Nothing is
 * believed of who sends them: what is whole is held against the hash that was signed.
 */
export class Depot {
  readonly #parts: DepotParts;
  readonly #listeners: DepotListener[] = [];
  readonly #queue: Fetch[] = [];
  #timer: unknown;
  /** A part was asked for, and may still come. */
  #isWaiting = false;

  constructor(parts: DepotParts) {
    this.#parts = parts;
  }

  listen(listener: DepotListener): void {
    this.#listeners.push(listener);
  }

  /** True when the whole of this very update is here. */
  holds({ offer, manifest }: JudgedUpdate): boolean {
    const { files } = this.#parts;
    if (files.offerOf(manifest.version)?.manifest !== offer.manifest) return false;
    const packed = files.packedOf(manifest.version);
    return packed !== undefined && sha256Of(packed) === manifest.packedSha256;
  }

  packedOf(version: string): Buffer | undefined {
    return this.#parts.files.packedOf(version);
  }

  /** Fetches an update, or tells at once that it is here. */
  want(update: JudgedUpdate): void {
    if (this.holds(update)) {
      for (const each of this.#listeners) each.arrived(update);
      return;
    }
    const { manifest } = update.offer;
    const known = this.#queue.find((each) => each.update.offer.manifest === manifest);
    if (!known && !this.#begin({ update, offset: 0, asked: 0, attempts: 0 })) return;
    if (!this.#isWaiting) this.resume();
  }

  /** The line is there, or somebody asks again: what was given up goes on. */
  resume(): void {
    const [fetch] = this.#queue;
    if (!fetch) return;
    fetch.asked = 0;
    this.#ask();
  }

  /** The line is gone; the next one goes on from what has come. */
  pause(): void {
    this.#isWaiting = false;
    this.#parts.timers.clear(this.#timer);
  }

  /** A part came. What was not asked for is dropped, whoever sends it. */
  take({ version, offset, data }: UpdatePart): void {
    const [fetch] = this.#queue;
    const { log, files } = this.#parts;
    const bytes = Buffer.from(data, 'base64');
    if (fetch?.update.manifest.version !== version || fetch.offset !== offset) {
      log.warn({ version, offset, wanted: fetch?.offset }, 'a part of an update out of turn');
      return;
    }
    const due = Math.min(limits.updatePartBytes, fetch.update.manifest.packedSize - offset);
    if (bytes.length !== due) {
      log.warn({ version, offset, bytes: bytes.length, due }, 'a part of an update of wrong size');
      return;
    }
    try {
      files.append(version, bytes);
    } catch (error) {
      this.#giveUp(fetch, 'noSpace', error);
      return;
    }
    fetch.offset += bytes.length;
    fetch.asked = 0;
    if (fetch.offset < fetch.update.manifest.packedSize) this.#ask();
    else this.#whole(fetch);
  }

  /** The listener has no such bytes: it took the offer back. */
  refused(): void {
    const fetch = this.#queue.shift();
    if (!fetch) return;
    this.#parts.log.warn({ version: fetch.update.manifest.version }, 'the update is not there');
    this.pause();
    this.resume();
  }

  /** A part for a member of the relay; undefined behind the end, and when there is no such bundle. */
  read(version: string, offset: number): UpdatePart | undefined {
    const bytes = this.#parts.files.partOf(version, offset);
    return bytes && bytes.length > 0
      ? { type: 'updatePart', version, offset, data: bytes.toString('base64') }
      : undefined;
  }

  /** A bundle that came by another way than the line. */
  keep(update: JudgedUpdate, packed: Uint8Array): void {
    const { version } = update.manifest;
    try {
      this.#parts.files.begin(update);
      this.#parts.files.restart(version);
      this.#parts.files.append(version, packed);
      this.#parts.files.complete(version);
    } catch (error) {
      this.#parts.log.warn({ error: codeOf(error) }, 'the bundle cannot be kept for members');
    }
  }

  drop(version: string): void {
    this.#parts.files.drop(version);
  }

  #begin(fetch: Fetch): boolean {
    try {
      fetch.offset = this.#parts.files.begin(fetch.update);
    } catch (error) {
      this.#giveUp(fetch, 'noSpace', error);
      return false;
    }
    // Of one version only the newest offer counts.
    const { version } = fetch.update.manifest;
    const older = this.#queue.findIndex((each) => each.update.manifest.version === version);
    if (older >= 0) this.#queue.splice(older, 1);
    this.#queue.push(fetch);
    return true;
  }

  #ask(): void {
    const [fetch] = this.#queue;
    const { timers, send, log } = this.#parts;
    timers.clear(this.#timer);
    this.#isWaiting = false;
    if (!fetch) return;
    const { version, packedSize } = fetch.update.manifest;
    // A cut just before the end was noted.
    if (fetch.offset >= packedSize) {
      this.#whole(fetch);
      return;
    }
    if (fetch.asked >= MOST_ASKED) {
      log.warn({ version, offset: fetch.offset }, 'the update does not come: it waits');
      return;
    }
    if (!send({ type: 'updateRead', version, offset: fetch.offset })) return;
    fetch.asked += 1;
    this.#isWaiting = true;
    this.#timer = timers.set(() => this.#ask(), ANSWER_MS);
  }

  #whole(fetch: Fetch): void {
    const { files, timers, log } = this.#parts;
    const { version, packedSha256 } = fetch.update.manifest;
    timers.clear(this.#timer);
    fetch.attempts += 1;
    try {
      if (sha256Of(files.arrived(version)) === packedSha256) {
        files.complete(version);
        this.#queue.shift();
        for (const each of this.#listeners) each.arrived(fetch.update);
        this.resume();
        return;
      }
      log.warn({ version, attempts: fetch.attempts }, 'an update is not what was signed');
      files.restart(version);
    } catch (error) {
      this.#giveUp(fetch, 'noSpace', error);
      return;
    }
    fetch.offset = 0;
    if (fetch.attempts < MOST_ATTEMPTS) this.#ask();
    else this.#giveUp(fetch, 'tampered');
  }

  #giveUp(fetch: Fetch, reason: 'tampered' | 'noSpace', error?: unknown): void {
    const { version } = fetch.update.manifest;
    const at = this.#queue.indexOf(fetch);
    if (at >= 0) this.#queue.splice(at, 1);
    this.pause();
    const code = error === undefined ? undefined : codeOf(error);
    this.#parts.log.error({ version, reason, code }, 'an update cannot be had');
    for (const each of this.#listeners) each.failed(version, reason);
    this.resume();
  }
}
