/** How the fleet is heard now, of workstations that are connected from elsewhere. */
export interface Hearing {
  /** Heard within two periods. */
  readonly heard: number;
  /** Connected, not heard for longer and not called silent yet. */
  readonly missed: number;
  /** ППЭ of those that are missed. */
  readonly missedSites: number;
}

/** What the collector's own look at the network says. */
export type OwnLine = 'works' | 'fails' | 'unknown';

/** Fewer silent workstations than this are their own affair. */
const MANY = 5;
/** So large a share at once is suspicious. */
const SHARE = 0.3;
/** Without a host to ask: all of so many ППЭ at once are no accident of theirs. */
const ALL_SITES = 3;
/** So many of those that were missed must be heard again before we are back. */
const BACK_SHARE = 0.5;
/** A suspicion that does not grow is looked into this often. */
const LOOK_AGAIN_MS = 5_000;

/** True when so many are missed that the collector must look at itself first. Pure. */
export function isSuspicious({ heard, missed }: Hearing): boolean {
  return missed >= MANY && missed / (missed + heard) >= SHARE;
}

/** «Is it me?»: true when it is the collector that is cut off and not the workstations. Pure. */
export function isItMe(hearing: Hearing, line: OwnLine): boolean {
  if (!isSuspicious(hearing) || line === 'works') return false;
  return line === 'fails' || (hearing.heard === 0 && hearing.missedSites >= ALL_SITES);
}

/** The collector's doubt of its own line: when it looks, what it makes of it. Pure. */
export class OwnLineDoubt {
  /** How many were missed when we found ourselves cut off. */
  #missedAtCut: number | undefined;
  readonly #heardAgain = new Set<string>();
  /** The landmarks were silent and the workstations were not: their silence says nothing. */
  #isDistrusted = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** How many were missed suspiciously when last asked. */
  #missedThen = 0;

  /** True while it is us who are cut off. */
  get isCutOff(): boolean {
    return this.#missedAtCut !== undefined;
  }

  /** A live heartbeat came while we were cut off. */
  heard(workstationId: string): void {
    this.#heardAgain.add(workstationId);
  }

  /** True when it is time to look at our own line. */
  wantsLook(hearing: Hearing, nowMs: number): boolean {
    if (this.isCutOff) return true;
    const missedThen = this.#missedThen;
    this.#missedThen = isSuspicious(hearing) ? hearing.missed : 0;
    if (this.#missedThen > missedThen) return true;
    const isAsked = this.#missedThen > 0 || this.#isDistrusted;
    return isAsked && nowMs - this.#lookedAtMs >= LOOK_AGAIN_MS;
  }

  /** Takes what a look has shown; true when the answer to «is it me?» is another one now. */
  looked(hearing: Hearing, line: OwnLine, nowMs: number): boolean {
    this.#lookedAtMs = nowMs;
    if (line === 'works') this.#isDistrusted = false;
    if (this.#missedAtCut === undefined) {
      const said = line === 'fails' && this.#isDistrusted ? 'unknown' : line;
      if (!isItMe(hearing, said)) return false;
      this.#missedAtCut = hearing.missed;
      this.#heardAgain.clear();
      return true;
    }
    const isHeard = this.#heardAgain.size >= BACK_SHARE * this.#missedAtCut;
    if (line !== 'works' && !isHeard) return false;
    if (line === 'fails') this.#isDistrusted = true;
    this.#missedAtCut = undefined;
    return true;
  }
}
