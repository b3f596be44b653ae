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

/** What may be asked of the running service from this PC: a closed list. */
export const goodbyeReasons = ['sleep', 'stageOffline'] as const;

/** The PC is about to sleep, or to stand without a network. */
export interface GoodbyeRequest {
  readonly reason: (typeof goodbyeReasons)[number];
  /** Until it is back; missing for unknown. */
  readonly returnMs?: number;
}

const FILE = 'goodbye.json';
/** A service that is busy now must see it in the end. */
const LOOK_EVERY_MS = 5_000;

/** The folder for such requests: only who may write the agent's data may ask. */
export function requestsDir(dataDir: string): string {
  return join(dataDir, 'requests');
}

/** Leaves a request for the running service. Throws when the folder cannot be written. */
export function askGoodbye(dataDir: string, request: GoodbyeRequest): void {
  const directory = requestsDir(dataDir);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, FILE);
  writeFileSync(`${path}.new`, JSON.stringify(request), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** True while the service has not taken the request. */
export function isWaiting(dataDir: string): boolean {
  return existsSync(join(requestsDir(dataDir), FILE));
}

/** Who does what is asked. */
export interface RequestHandler {
  goodbye(request: GoodbyeRequest): void;
  /** Asked by the clock: whatever else may have been left on this PC. */
  look(): void;
}

/** Watches the folder and hands each request over once. */
export class Requests {
  readonly #directory: string;
  readonly #handler: RequestHandler;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(dataDir: string, handler: RequestHandler) {
    this.#directory = requestsDir(dataDir);
    this.#handler = handler;
  }

  /** A folder that cannot be watched is looked into by the clock; one that cannot be made, never. */
  start(): void {
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      // Asked while nobody ran: that moment is over.
      rmSync(join(this.#directory, FILE), { force: true });
      this.#watcher = watch(this.#directory, () => this.#look());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
    this.#timer = setInterval(() => {
      this.#look();
      this.#handler.look();
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    this.#watcher?.close();
    clearInterval(this.#timer);
  }

  #look(): void {
    const path = join(this.#directory, FILE);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
      rmSync(path, { force: true });
    } catch {
      // Nothing is asked.
      return;
    }
    const request = requestOf(text);
    if (request) this.#handler.goodbye(request);
  }
}

function requestOf(text: string): GoodbyeRequest | undefined {
  try {
    const { reason, returnMs } = JSON.parse(text) as Partial<Record<string, unknown>>;
    const known = goodbyeReasons.find((each) => each === reason);
    if (!known) return undefined;
    const isDuration = typeof returnMs === 'number' && returnMs >= 0 && returnMs <= 86_400_000;
    return { reason: known, ...(isDuration && { returnMs }) };
  } catch {
    return undefined;
  }
}
