import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import {
  compareVersions,
  isReleaseVersion,
  type UpdateManifest,
  type UpdateOfferText,
  type UpdateRoot,
} from '@ppe-pulse/protocol/update';
import { replaceDurably, syncDirectory } from '../journal/durable-file.ts';
import { ROTATIONS_FILE, readRotations, rootChain } from '../launcher/root-chain.ts';
import { readVersionState, writeVersionState } from '../launcher/state-file.ts';
import {
  AGENT_FILE,
  MANIFEST_FILE,
  SIGNATURES_FILE,
  versionsIn,
} from '../launcher/stored-versions.ts';
import { staged, type Trial, type VersionState } from '../launcher/version-state.ts';
import { codeOf } from '../platform/errors.ts';
import type { UpdatePlace } from './update-place.ts';

/** An update whose signatures were judged. */
export interface JudgedUpdate {
  readonly offer: UpdateOfferText;
  readonly manifest: UpdateManifest;
}

/** Behind the name of a version's folder that is being written. */
const DRAFT = '.new';

/** The versions of this installation on the disk; only the running service writes here. */
export class VersionStore {
  readonly #place: UpdatePlace;
  #state: VersionState;
  #roots: readonly UpdateRoot[];

  constructor(place: UpdatePlace) {
    this.#place = place;
    this.#state = readVersionState(place.versionsDir);
    this.#roots = rootChain(place.installDir, place.versionsDir);
  }

  get state(): VersionState {
    return this.#state;
  }

  /** Whose updates are believed now; undefined where the installation brought no keys. */
  get root(): UpdateRoot | undefined {
    return this.#roots.at(-1);
  }

  /** The newest version that runs here, was installed here, or has been confirmed here. */
  get floor(): string {
    const { version, installDir } = this.#place;
    const known = [version, this.#state.current, ...versionsIn(join(installDir, 'versions'))];
    const versions = known.filter((each) => each !== null);
    return versions.reduce((newest, each) => (compareVersions(each, newest) > 0 ? each : newest));
  }

  get freeBytes(): number {
    mkdirSync(this.#place.versionsDir, { recursive: true });
    const { bavail, bsize } = statfsSync(this.#place.versionsDir);
    return bavail * bsize;
  }

  /** Changes the state, on the disk first. Throws what the disk throws; then nothing has changed. */
  change(next: VersionState): void {
    writeVersionState(this.#place.versionsDir, next);
    this.#state = next;
  }

  /**
   * Lays an update out beside the version that runs, and has the next start try it. A power cut at any
   * step leaves the state as it was, and a folder that nobody looks at. Throws what the disk throws.
   */
  stage(
    { offer, manifest }: JudgedUpdate,
    packed: Uint8Array,
    trial: Pick<Trial, 'needsWelcome' | 'untilMs'>,
  ): 'staged' | 'tampered' {
    const agent = unpacked(packed, manifest);
    if (!agent) return 'tampered';
    this.#layOut({ offer, manifest }, agent);
    this.#rotate({ offer, manifest });
    this.change(staged(this.#state, { ...trial, version: manifest.version }));
    return 'staged';
  }

  #layOut({ offer, manifest }: JudgedUpdate, agent: Buffer): void {
    const { versionsDir } = this.#place;
    const folder = join(versionsDir, manifest.version);
    // While its folder is gone for a moment no start may look for it, and call it damaged.
    if (this.#state.trial?.version === manifest.version)
      this.change({ ...this.#state, trial: null });
    rmSync(`${folder}${DRAFT}`, { recursive: true, force: true });
    mkdirSync(`${folder}${DRAFT}`, { recursive: true });
    replaceDurably(join(`${folder}${DRAFT}`, AGENT_FILE), agent);
    replaceDurably(join(`${folder}${DRAFT}`, MANIFEST_FILE), offer.manifest);
    replaceDurably(
      join(`${folder}${DRAFT}`, SIGNATURES_FILE),
      `${JSON.stringify(offer.signatures)}\n`,
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(`${folder}${DRAFT}`, folder);
    syncDirectory(versionsDir);
  }

  /** Takes away what no start will run. Answers what could not be taken away, for a log. */
  tidy(): string | undefined {
    const { current, previous, trial } = this.#state;
    const kept = new Set([current, previous, trial?.version, this.#place.version]);
    try {
      for (const name of readdirSync(this.#place.versionsDir)) {
        const version = name.endsWith(DRAFT) ? name.slice(0, -DRAFT.length) : name;
        const isGone = isReleaseVersion(version) && (version !== name || !kept.has(version));
        if (isGone) rmSync(join(this.#place.versionsDir, name), { recursive: true, force: true });
      }
      return undefined;
    } catch (error) {
      // Before the first update there is no folder.
      return codeOf(error) === 'ENOENT' ? undefined : codeOf(error);
    }
  }

  /** From here on the new set of keys is believed, and the way to it is kept. */
  #rotate({ offer, manifest }: JudgedUpdate): void {
    const { versionsDir, installDir } = this.#place;
    if (!manifest.nextRoot) return;
    const { manifest: text, signatures } = offer;
    const rotations = [...readRotations(versionsDir), { manifest: text, signatures }];
    replaceDurably(join(versionsDir, ROTATIONS_FILE), `${JSON.stringify(rotations)}\n`);
    this.#roots = rootChain(installDir, versionsDir);
  }
}

/** The agent in what is packed, when both are what was signed. */
function unpacked(packed: Uint8Array, manifest: UpdateManifest): Buffer | undefined {
  if (packed.length !== manifest.packedSize || sha256Of(packed) !== manifest.packedSha256)
    return undefined;
  try {
    const agent = brotliDecompressSync(packed, { maxOutputLength: manifest.size });
    return agent.length === manifest.size && sha256Of(agent) === manifest.sha256
      ? agent
      : undefined;
  } catch {
    // It holds more than was signed, or is no brotli: its signers made a mistake.
    return undefined;
  }
}

/** SHA-256, hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
