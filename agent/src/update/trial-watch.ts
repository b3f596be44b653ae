import type { Timers } from '@ppe-pulse/protocol';
import type { Trial } from '../launcher/version-state.ts';
import type { Log } from '../platform/log.ts';

/** What watching a trial works with. */
export interface TrialWatchParts {
  readonly trial: Trial;
  readonly timers: Timers;
  readonly log: Log;
  /** The probe child answers. */
  readonly selfTest: () => Promise<boolean>;
  /** False while the workstation may have no line: then none is asked of it. */
  readonly mayConnect: () => boolean;
  /** It works. False when the disk did not take the word: it is said again. */
  readonly confirm: () => boolean;
  readonly fail: (failure: NonNullable<Trial['failure']>) => void;
}

/** Time of a new version to be welcomed and to pass its self-test. */
const TRIAL_MS = 60_000;
const AGAIN_MS = 5_000;

/**
 * The first minute of a new version: it is confirmed by a welcome and a self-test, and ends itself
 * when they do not come, for the launcher to go on.
 */
export class TrialWatch {
  readonly #parts: TrialWatchParts;
  #isWelcomed = false;
  #hasPassed = false;
  #isOver = false;
  #timer: unknown;

  constructor(parts: TrialWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = this.#parts.timers.set(() => this.#due(), TRIAL_MS);
    void this.#test();
  }

  stop(): void {
    this.#isOver = true;
    this.#parts.timers.clear(this.#timer);
  }

  welcomed(): void {
    this.#isWelcomed = true;
    this.#look();
  }

  async #test(): Promise<void> {
    // The child may be in the middle of something: a second time is no weakness.
    this.#hasPassed = (await this.#parts.selfTest()) || (await this.#parts.selfTest());
    this.#look();
  }

  #look(): void {
    if (this.#isOver || !this.#isWelcomed || !this.#hasPassed) return;
    this.#confirm();
  }

  #due(): void {
    const { trial, log, mayConnect, timers, fail } = this.#parts;
    if (!this.#hasPassed) {
      this.#end();
      log.error({ version: trial.version }, 'the new version does not pass its self-test');
      fail('selfTestFailed');
      return;
    }
    if (this.#isWelcomed || !trial.needsWelcome) {
      this.#confirm();
      return;
    }
    // By the plan it has no line now: it is judged when it may have one.
    if (!mayConnect()) {
      this.#timer = timers.set(() => this.#due(), TRIAL_MS);
      return;
    }
    this.#end();
    log.error({ version: trial.version }, 'the new version was not welcomed in time');
    fail('notConnected');
  }

  #confirm(): void {
    this.#parts.timers.clear(this.#timer);
    if (this.#parts.confirm()) this.#end();
    else this.#timer = this.#parts.timers.set(() => this.#due(), AGAIN_MS);
  }

  #end(): void {
    this.#isOver = true;
    this.#parts.timers.clear(this.#timer);
  }
}
