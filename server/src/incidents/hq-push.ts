import { createHash } from 'node:crypto';
import { hqPartOf, type HqPart, type Incident, type ToAgent } from '@ppe-pulse/protocol';
import type { Log } from '../log.ts';

/** Sites are told at this pace: a region within a second, and no stall. */
const DRAIN_EVERY_MS = 50;
const DRAIN_COUNT = 25;
/** A site is told at most this often. */
const SITE_EVERY_MS = 1_000;

/** What is pushed, and through what. */
export interface HqPushParts {
  /** Open incidents in a site, and those of nodes above it that cover it. */
  readonly incidentsOf: (siteCode: string) => readonly Incident[];
  /**
   * The site whose incidents a workstation is told; undefined for one that is not here or did not
   * announce `INCIDENTS_CAPABILITY`.
   */
  readonly siteOf: (workstationId: string) => string | undefined;
  readonly send: (workstationId: string, message: ToAgent) => boolean;
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  readonly log: Log;
}

/** Tells each Штаб what the situation centre knows of its ППЭ. */
export interface HqPush {
  /** A workstation is here, or was placed elsewhere: it gets the list of its site. */
  arrived(workstationId: string): void;
  left(workstationId: string): void;
  /** Something of these sites changed. */
  changed(siteCodes: readonly string[]): void;
  /** A wide incident changed: any site may be in it now, or out of it. */
  changedEverywhere(): void;
  close(): void;
}

/** Pushes whole lists at a bounded pace, and only those that differ from what was told. */
export function createHqPush(parts: HqPushParts): HqPush {
  const audience = new Audience();
  const waiting = new Set<string>();
  const toldAtMs = new Map<string, number>();
  const drain = (): void => {
    const nowMs = parts.monotonicMs();
    let left = DRAIN_COUNT;
    for (const siteCode of waiting) {
      if (left === 0) return;
      const lastMs = toldAtMs.get(siteCode) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - lastMs < SITE_EVERY_MS) continue;
      waiting.delete(siteCode);
      if (!tell(parts, audience, siteCode)) continue;
      toldAtMs.set(siteCode, nowMs);
      left -= 1;
    }
  };
  const timer = setInterval(drain, DRAIN_EVERY_MS);
  const add = (siteCode: string): void => void (audience.hears(siteCode) && waiting.add(siteCode));
  return {
    arrived: (id) => {
      const siteCode = parts.siteOf(id);
      audience.leave(id);
      if (siteCode === undefined) return;
      audience.join(id, siteCode);
      add(siteCode);
    },
    left: (id) => audience.leave(id),
    changed: (siteCodes) => siteCodes.forEach(add),
    changedEverywhere: () => audience.sites().forEach(add),
    close: () => clearInterval(timer),
  };
}

/** True when anybody was told anything. */
function tell(parts: HqPushParts, audience: Audience, siteCode: string): boolean {
  const incidents = parts.incidentsOf(siteCode);
  const part = hqPartOf(incidents, siteCode);
  const digest = digestOf(part);
  const behind = audience.behind(siteCode, digest);
  if (behind.length === 0) return false;
  const message: ToAgent = { type: 'incidents', atMs: parts.wallMs(), ...copied(part) };
  for (const id of behind) {
    if (parts.send(id, message)) audience.told(id, digest);
    else audience.leave(id);
  }
  const { total, items } = part;
  if (total > items.length)
    parts.log.warn({ siteCode, total, told: items.length }, 'a Штаб is not told every incident');
  return true;
}

function copied({ total, items }: HqPart): { total: number; items: unknown[] } {
  return { total, items: [...items] };
}

function digestOf(part: HqPart): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('base64');
}

/** Who listens where, and what each was told last. */
class Audience {
  readonly #siteOf = new Map<string, string>();
  readonly #idsOf = new Map<string, Set<string>>();
  readonly #told = new Map<string, string>();

  join(id: string, siteCode: string): void {
    this.#siteOf.set(id, siteCode);
    const ids = this.#idsOf.get(siteCode) ?? new Set();
    this.#idsOf.set(siteCode, ids.add(id));
  }

  leave(id: string): void {
    const siteCode = this.#siteOf.get(id);
    this.#siteOf.delete(id);
    this.#told.delete(id);
    if (siteCode === undefined) return;
    const ids = this.#idsOf.get(siteCode);
    ids?.delete(id);
    if (ids?.size === 0) this.#idsOf.delete(siteCode);
  }

  hears(siteCode: string): boolean {
    return this.#idsOf.has(siteCode);
  }

  sites(): string[] {
    return [...this.#idsOf.keys()];
  }

  behind(siteCode: string, digest: string): string[] {
    return [...(this.#idsOf.get(siteCode) ?? [])].filter((id) => this.#told.get(id) !== digest);
  }

  told(id: string, digest: string): void {
    this.#told.set(id, digest);
  }
}
