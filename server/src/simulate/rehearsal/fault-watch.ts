import { tryAsk, type CollectorApi } from '../collector-api.ts';
import type { FaultId } from '../fault-catalogue.ts';
import type { StruckBy } from '../fault-schedule.ts';
import type { SimulatedWorkstation } from '../region.ts';
import {
  faultSigns,
  isSign,
  stalledAtMs,
  type FaultSign,
  type ToldFlip,
  type ToldPoint,
} from './fault-signs.ts';

/** A fault of the script after the day. */
export interface WatchedFault {
  readonly fault: FaultId;
  readonly fromMs: number;
  readonly toMs: number;
  /** A few places that it struck, `4216-0012`. */
  readonly places: readonly string[];
  readonly struck: number;
  /** Of those that it struck so many were looked at, and so many show it. */
  readonly looked: number;
  readonly seen: number;
  /** On the rehearsal's clock; null when nobody saw it. */
  readonly firstSeenMs: number | null;
  readonly state: 'seen' | 'missed' | 'notYet' | 'noSign';
}

/** What the watch looks with. */
export interface FaultWatchParts {
  readonly api: CollectorApi;
  readonly faults: readonly StruckBy[];
  readonly agentIdOf: (workstation: SimulatedWorkstation) => string;
  /** The rehearsal's clock, and at a moment of the wall's. */
  readonly nowMs: () => number;
  readonly rehearsalMs: (wallMs: number) => number;
  readonly wallMs: (rehearsalMs: number) => number;
  /** Real time that a fault has to show after it began. */
  readonly graceMs: () => number;
}

/** Struck workstations of one fault that are looked at. */
const LOOKED_MAX = 20;
const PLACES_MAX = 3;
/** Mismatches are there only while they last. */
const LOOK_EVERY_MS = 1_000;

/** Looks how the collector shows what the script did. Verdicts are read from its history at the end. */
export class FaultWatch {
  readonly #parts: FaultWatchParts;
  readonly #mismatches = new Map<StruckBy, Map<SimulatedWorkstation, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: FaultWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    const live = this.#parts.faults.filter((each) => signOf(each).kind === 'mismatch');
    if (live.length === 0) return;
    this.#timer ??= setInterval(() => {
      for (const each of live) void this.#lookForMismatch(each);
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Every fault of the script, in its order. */
  async result(): Promise<readonly WatchedFault[]> {
    const results: WatchedFault[] = [];
    for (const each of this.#parts.faults) results.push(await this.#resultOf(each));
    return results;
  }

  async #resultOf(fault: StruckBy): Promise<WatchedFault> {
    const { entry, occurrence, workstations } = fault;
    const looked = lookedAt(workstations);
    const seenMs: number[] = [];
    for (const each of looked) {
      const atMs = await this.#seenAtMs(fault, each);
      if (atMs !== undefined) seenMs.push(atMs);
    }
    const base = {
      fault: entry.fault,
      fromMs: occurrence.fromMs,
      toMs: occurrence.toMs,
      places: looked
        .slice(0, PLACES_MAX)
        .map(({ placement }) => `${placement.siteCode}-${placement.roomCode}`),
      struck: workstations.length,
      looked: looked.length,
      seen: seenMs.length,
      firstSeenMs: seenMs.length > 0 ? Math.min(...seenMs) : null,
    };
    return { ...base, state: this.#stateOf(fault, seenMs.length, looked.length) };
  }

  /** Most of those that are struck must show it: one of many may be off for another reason. */
  #stateOf(fault: StruckBy, seen: number, looked: number): WatchedFault['state'] {
    if (signOf(fault).kind === 'none') return 'noSign';
    if (looked > 0 && seen * 2 >= looked) return 'seen';
    const { nowMs, wallMs, graceMs } = this.#parts;
    const isOver = wallMs(nowMs()) - wallMs(fault.occurrence.fromMs) >= graceMs();
    return isOver ? 'missed' : 'notYet';
  }

  async #seenAtMs(fault: StruckBy, workstation: SimulatedWorkstation): Promise<number | undefined> {
    const sign = signOf(fault);
    if (sign.kind === 'mismatch') return this.#mismatches.get(fault)?.get(workstation);
    const id = this.#parts.agentIdOf(workstation);
    if (sign.kind === 'verdict')
      return (await this.#flipAtMs(fault, sign, id)) ?? this.#stalledAtMs(fault, sign, id);
    if (sign.kind === 'low') return this.#lowAtMs(fault, sign, id);
    return undefined;
  }

  async #flipAtMs(fault: StruckBy, sign: FaultSign, id: string): Promise<number | undefined> {
    const path = `/api/v1/workstations/${id}/flips?limit=1000`;
    const { body } = await tryAsk(this.#parts.api, { method: 'GET', path });
    const [fromMs, toMs] = this.#windowMs(fault);
    const moments = (itemsOf(body, 'items') as readonly ToldFlip[])
      .filter((flip) => isSign(sign, flip))
      .map(({ at }) => Date.parse(at))
      .filter((atMs) => atMs >= fromMs && atMs <= toMs);
    return moments.length > 0 ? this.#parts.rehearsalMs(Math.min(...moments)) : undefined;
  }

  async #lowAtMs(
    fault: StruckBy,
    { metric, below }: Extract<FaultSign, { kind: 'low' }>,
    id: string,
  ): Promise<number | undefined> {
    const [fromMs, toMs] = this.#windowMs(fault);
    const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
    const path = `/api/v1/workstations/${id}/series?metric=${metric}&from=${from}&to=${to}`;
    const { body } = await tryAsk(this.#parts.api, { method: 'GET', path });
    const point = (itemsOf(body, 'points') as readonly { at: string; min: number | null }[]).find(
      ({ min }) => min !== null && min < below,
    );
    return point ? this.#parts.rehearsalMs(Date.parse(point.at)) : undefined;
  }

  async #stalledAtMs(
    { occurrence }: StruckBy,
    { stalled }: Extract<FaultSign, { kind: 'verdict' }>,
    id: string,
  ): Promise<number | undefined> {
    if (stalled === undefined) return undefined;
    const { wallMs, nowMs, rehearsalMs } = this.#parts;
    const window = [occurrence.fromMs, Math.min(occurrence.toMs, nowMs())].map(wallMs);
    const [fromMs = 0, toMs = 0] = window;
    const [from, to] = [fromMs, toMs + (toMs - fromMs) * 3].map((ms) => new Date(ms).toISOString());
    const path = `/api/v1/workstations/${id}/series?metric=${stalled}&from=${from}&to=${to}&points=300`;
    const { body } = await tryAsk(this.#parts.api, { method: 'GET', path });
    const points = itemsOf(body, 'points') as readonly ToldPoint[];
    const atMs = stalledAtMs(points, [fromMs, toMs]);
    return atMs === undefined ? undefined : rehearsalMs(atMs);
  }

  /** While it lasts and a while longer, on the collector's wall clock. */
  #windowMs({ occurrence }: StruckBy): [number, number] {
    const { wallMs, nowMs, graceMs } = this.#parts;
    const until = Math.min(occurrence.toMs, nowMs());
    return [wallMs(occurrence.fromMs) - 500, wallMs(until) + graceMs()];
  }

  async #lookForMismatch(fault: StruckBy): Promise<void> {
    if (this.#parts.nowMs() < fault.occurrence.fromMs) return;
    const known = this.#mismatches.get(fault) ?? new Map<SimulatedWorkstation, number>();
    this.#mismatches.set(fault, known);
    for (const each of lookedAt(fault.workstations)) {
      if (known.has(each)) continue;
      const path = `/api/v1/sites/${each.placement.siteCode}/stages`;
      const { body } = await tryAsk(this.#parts.api, { method: 'GET', path });
      const rooms = itemsOf(body, 'rooms') as readonly {
        stages: readonly { isMismatch: boolean }[];
      }[];
      if (rooms.some(({ stages }) => stages.some(({ isMismatch }) => isMismatch)))
        known.set(each, this.#parts.nowMs());
    }
  }
}

function signOf({ entry }: StruckBy): FaultSign {
  return faultSigns[entry.fault];
}

/** One of each site where a fault strikes whole sites; the Штаб first, it is heard all day. */
function lookedAt(workstations: readonly SimulatedWorkstation[]): readonly SimulatedWorkstation[] {
  if (workstations.length <= LOOKED_MAX) {
    const hqs = workstations.filter(({ placement }) => placement.role === 'hq');
    return hqs.length > 0 ? hqs : workstations;
  }
  const bySite = new Map<string, SimulatedWorkstation>();
  for (const each of workstations) {
    const known = bySite.get(each.placement.siteCode);
    if (!known || each.placement.role === 'hq') bySite.set(each.placement.siteCode, each);
  }
  return [...bySite.values()].slice(0, LOOKED_MAX);
}

function itemsOf(body: unknown, key: string): readonly unknown[] {
  if (typeof body !== 'object' || body === null || !(key in body)) return [];
  const items = (body as Record<string, unknown>)[key];
  return Array.isArray(items) ? items : [];
}
