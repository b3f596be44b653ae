import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';
import { giveToService } from '../platform/give-to-owner.ts';

/** What may be asked of the running service from this PC: a closed list. */
export const goodbyeReasons = ['sleep', 'stageOffline'] as const;

/** The PC is about to sleep, or to stand without a network. */
export interface GoodbyeRequest {
  readonly reason: (typeof goodbyeReasons)[number];
  /** Until it is back; missing for unknown. */
  readonly returnMs?: number;
}

/** Quieter than planned, or as planned again. */
export const localModes = ['quiet', 'off', 'plan'] as const;

/** Somebody at this PC wants it quieter. */
export interface LocalModeRequest {
  readonly mode: (typeof localModes)[number];
  /** Missing: until it is taken back. */
  readonly forMs?: number;
}

/** What is asked for is the name of a file. */
const FILES = { goodbye: 'goodbye.json', mode: 'mode.json' } as const;
type Kind = keyof typeof FILES;
/** Nobody plans longer than a day from the keyboard of a PC. */
const LONGEST_MS = 86_400_000;

/** The folder for such requests: only who may write the agent's data may ask. */
export function requestsDir(dataDir: string): string {
  return join(dataDir, 'requests');
}

/** Leaves a request for the running service. Throws when the folder cannot be written. */
export function askGoodbye(dataDir: string, request: GoodbyeRequest): void {
  leave(dataDir, 'goodbye', request);
}

/** The same for a mode. */
export function askMode(dataDir: string, request: LocalModeRequest): void {
  leave(dataDir, 'mode', request);
}

function leave(dataDir: string, kind: Kind, request: object): void {
  const directory = requestsDir(dataDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = FILES[kind];
  const draft = join(directory, `${name}.new`);
  rmSync(draft, { force: true });
  // Exclusively: the folder is the service's, and who writes may be root.
  writeFileSync(draft, JSON.stringify(request), { mode: 0o600, flag: 'wx' });
  giveToService(directory, `${name}.new`);
  renameSync(draft, join(directory, name));
}

/** True while the service has not taken the request. */
export function isWaiting(dataDir: string, kind: Kind = 'goodbye'): boolean {
  return existsSync(join(requestsDir(dataDir), FILES[kind]));
}

/** Who does what is asked. */
export interface RequestHandler {
  goodbye(request: GoodbyeRequest): void;
  mode(request: LocalModeRequest): void;
  /** Asked with every heartbeat: whatever else may have been left on this PC. */
  look(): void;
}

/** Watches the folder and hands each request over once. */
export class Requests {
  readonly #directory: string;
  readonly #handler: RequestHandler;
  #watcher: FSWatcher | undefined;
  #isTaking = false;

  constructor(dataDir: string, handler: RequestHandler) {
    this.#directory = requestsDir(dataDir);
    this.#handler = handler;
  }

  /**
   * What was asked while nobody ran: that moment is over. To be called before anybody can see that the
   * service runs; a request that comes after it is not taken away unread.
   */
  forget(): void {
    try {
      for (const name of Object.values(FILES)) rmSync(join(this.#directory, name), { force: true });
    } catch {
      // A folder that takes nothing away brings nothing either: whoever asks is told so.
    }
  }

  /** A folder that cannot be watched is looked into with every heartbeat; one that cannot be made, never. */
  start(): void {
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      this.#watcher = watch(this.#directory, () => this.#takeAll());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
    this.#isTaking = true;
    this.#takeAll();
  }

  /** To be called with every heartbeat, which wakes this PC anyway: what no watch tells of is seen, too. */
  look(): void {
    if (!this.#isTaking) return;
    this.#takeAll();
    this.#handler.look();
  }

  stop(): void {
    this.#isTaking = false;
    this.#watcher?.close();
  }

  #takeAll(): void {
    const goodbye = goodbyeOf(this.#taken('goodbye'));
    if (goodbye) this.#handler.goodbye(goodbye);
    const mode = modeOf(this.#taken('mode'));
    if (mode) this.#handler.mode(mode);
  }

  /** What is asked, once; nothing where nothing is. */
  #taken(kind: Kind): Partial<Record<string, unknown>> {
    const path = join(this.#directory, FILES[kind]);
    if (!existsSync(path)) return {};
    try {
      const text = readFileSync(path, 'utf8');
      rmSync(path, { force: true });
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? { ...value } : {};
    } catch {
      return {};
    }
  }
}

function goodbyeOf({ reason, returnMs }: Partial<Record<string, unknown>>) {
  const known = goodbyeReasons.find((each) => each === reason);
  return known && { reason: known, ...(isDuration(returnMs) && { returnMs }) };
}

function modeOf({ mode, forMs }: Partial<Record<string, unknown>>): LocalModeRequest | undefined {
  const known = localModes.find((each) => each === mode);
  return known && { mode: known, ...(isDuration(forMs) && { forMs }) };
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_MS;
}
