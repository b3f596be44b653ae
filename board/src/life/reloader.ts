import type { TabMemory } from './tab-memory.ts';

/** A deploy reaches every wall within this time, each at its own moment. */
const RELOAD_WITHIN_MS = 30_000;
/** Somebody writes, or the collector does not answer: looked at again after this. */
const AGAIN_MS = 5_000;
/** The board that this tab was last loaded anew for. */
const RELOADED_FOR = 'ppe-pulse.reloaded-for';
/** When it was last loaded anew for a part that did not come, by the wall clock. */
const PART_RELOADED_AT = 'ppe-pulse.part-reloaded-at';
/** A part that is missing again and again is broken: reloading does not help it. */
const PART_AGAIN_MS = 10 * 60_000;

/** What a reload needs of the browser. */
export interface ReloadEnvironment {
  /** Build of the board that runs in this page, empty where it is not built. */
  readonly ownBuild: string;
  /** Build of the board that is served now, null when nobody says. */
  servedBuild(): Promise<string | null>;
  /** Somebody writes something that a reload would lose. */
  isBusy(): boolean;
  /** Brings the files of the served board, and keeps the picture. */
  prepare(): Promise<void>;
  reload(): void;
  random(): number;
  wait(ms: number): Promise<void>;
  wallMs(): number;
  readonly memory: TabMemory;
}

/**
 * Loads the page anew after a deploy: only when another board is really served, never under the hands of
 * somebody who writes, and once for each board, so that a page that stays old whatever is loaded does not
 * reload for ever.
 */
export class Reloader {
  readonly #environment: ReloadEnvironment;
  #toldBuild: string | null = null;
  #isWorking = false;

  constructor(environment: ReloadEnvironment) {
    this.#environment = environment;
  }

  /** The collector said which board it serves. */
  told(build: string | null): void {
    if (build === null || build === this.#toldBuild) return;
    this.#toldBuild = build;
    // The collector puts its own version before the board's build.
    if (build.endsWith(`-${this.#environment.ownBuild}`)) return;
    void this.#renew(RELOAD_WITHIN_MS * this.#environment.random());
  }

  /**
   * A part of the page did not come: another board is served now, or the line was down. Then the page
   * with all its parts comes when the collector answers again.
   */
  partMissing(): void {
    void this.#renew(0, true);
  }

  async #renew(afterMs: number, isPartMissing = false): Promise<void> {
    const { ownBuild } = this.#environment;
    if (ownBuild === '' || this.#isWorking) return;
    this.#isWorking = true;
    try {
      await this.#environment.wait(afterMs);
      for (;;) {
        const served = await this.#environment.servedBuild();
        if (served !== null) {
          if (served === ownBuild && !isPartMissing) return;
          const mayReload = this.#mayReloadFor(served);
          if (mayReload && (await this.#reload(served))) return;
          // A wall whose part is missing waits until it may try again: nobody is there to press.
          if (!mayReload && served !== ownBuild) return;
        }
        await this.#environment.wait(AGAIN_MS);
      }
    } finally {
      this.#isWorking = false;
    }
  }

  #mayReloadFor(served: string): boolean {
    const { ownBuild, memory } = this.#environment;
    if (served !== ownBuild) return served !== memory.get(RELOADED_FOR);
    const sinceMs = this.#environment.wallMs() - Number(memory.get(PART_RELOADED_AT) ?? 0);
    return sinceMs < 0 || sinceMs >= PART_AGAIN_MS;
  }

  /** False while somebody writes. */
  async #reload(served: string): Promise<boolean> {
    const { ownBuild, memory } = this.#environment;
    if (this.#environment.isBusy()) return false;
    await this.#environment.prepare();
    // Bringing the files takes time: somebody may have begun to write meanwhile.
    if (this.#environment.isBusy()) return false;
    if (served === ownBuild) memory.set(PART_RELOADED_AT, String(this.#environment.wallMs()));
    else memory.set(RELOADED_FOR, served);
    this.#environment.reload();
    return true;
  }
}
