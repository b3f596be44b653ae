import { faultDefinition } from './fault-catalogue.ts';
import { durationMs, minuteOfDay, type FaultEntry, type FaultWhere } from './fault-script.ts';
import type { Occurrence } from './occurrence.ts';
import { powerLostAtMs } from './presence.ts';
import { hashOf, unit } from './random.ts';
import type { SimulatedRegion, SimulatedSite, SimulatedWorkstation } from './region.ts';
import { localTimeOf, momentOf, type SimulatedTime } from './simulated-time.ts';

/** Everything that will go wrong, by the number of the workstation. */
export interface FaultSchedule {
  /** In the order of their starts; empty for most. */
  of(workstationIndex: number): readonly Occurrence[];
  /** Moments at which something starts or ends, with the workstations that it concerns. */
  readonly edges: readonly FaultEdge[];
  /** How many workstations each entry of the script strikes: none is most likely a mistake. */
  readonly struck: readonly number[];
  readonly entries: readonly StruckBy[];
}

/** An entry of the script, worked out. */
export interface StruckBy {
  readonly entry: FaultEntry;
  readonly occurrence: Occurrence;
  readonly workstations: readonly SimulatedWorkstation[];
}

/** What comes over a workstation without being a fault. */
export type RoutineOf = (workstation: SimulatedWorkstation) => readonly Occurrence[];

export interface FaultEdge {
  readonly atMs: number;
  readonly workstations: readonly SimulatedWorkstation[];
}

const DAY_MS = 86_400_000;
const NONE: readonly Occurrence[] = [];

/** Works out who is struck when. Pure: the same seed strikes the same ones. */
export function scheduleFaults(
  entries: readonly FaultEntry[],
  region: SimulatedRegion,
  time: SimulatedTime,
  routineOf: RoutineOf = () => NONE,
): FaultSchedule {
  const byWorkstation = new Map<number, Occurrence[]>();
  const edges: FaultEdge[] = [];
  for (const workstation of region.workstations) {
    const routine = routineOf(workstation);
    if (routine.length === 0) continue;
    byWorkstation.set(workstation.index, [...routine]);
    for (const { fromMs, toMs } of routine)
      for (const atMs of [fromMs, toMs])
        if (Number.isFinite(atMs)) edges.push({ atMs, workstations: [workstation] });
  }
  const counts: number[] = [];
  const all: StruckBy[] = [];
  for (const [number, entry] of entries.entries()) {
    const occurrence = occurrenceOf(entry, time);
    const struck = strickenBy(entry, region, hashOf(`${region.seed} fault ${number}`));
    counts.push(struck.length);
    all.push({ entry, occurrence, workstations: struck });
    for (const { index } of struck) {
      const known = byWorkstation.get(index);
      if (known) known.push(occurrence);
      else byWorkstation.set(index, [occurrence]);
    }
    edges.push({ atMs: occurrence.fromMs, workstations: struck });
    if (occurrence.fault === 'powerCut') edges.push(...upsEdges(occurrence, struck));
    if (Number.isFinite(occurrence.toMs))
      edges.push({ atMs: occurrence.toMs, workstations: struck });
  }
  for (const list of byWorkstation.values()) list.sort((a, b) => a.fromMs - b.fromMs);
  edges.sort((a, b) => a.atMs - b.atMs);
  return { of: (index) => byWorkstation.get(index) ?? NONE, edges, struck: counts, entries: all };
}

/** When the UPS of those that have one is empty. */
function upsEdges(cut: Occurrence, struck: readonly SimulatedWorkstation[]): FaultEdge[] {
  const held = struck.filter(({ hasUps }) => hasUps);
  const first = held[0];
  return first ? [{ atMs: powerLostAtMs(first, cut), workstations: held }] : [];
}

/** A local time that is wholly over at the start is the next day's. */
function occurrenceOf(entry: FaultEntry, time: SimulatedTime): Occurrence {
  const lastsMs = entry.for === undefined ? Number.POSITIVE_INFINITY : durationMs(entry.for);
  const minute = minuteOfDay(entry.at);
  let fromMs: number;
  if (minute === undefined) fromMs = time.startMs + durationMs(entry.at);
  else {
    const { day } = localTimeOf(time.startMs, time.utcOffsetMinutes);
    fromMs = momentOf({ day, minute }, time.utcOffsetMinutes);
    if (fromMs + lastsMs <= time.startMs) fromMs += DAY_MS;
  }
  const device = entry.where?.device;
  const base = { fault: entry.fault, fromMs, toMs: fromMs + lastsMs };
  return device === undefined ? base : { ...base, device };
}

function strickenBy(
  entry: FaultEntry,
  region: SimulatedRegion,
  salt: number,
): readonly SimulatedWorkstation[] {
  const definition = faultDefinition(entry.fault);
  const where = entry.where ?? {};
  const sites = new Set(sitesFor(region, entry).map(({ index }) => index));
  const able = region.workstations.filter(
    (each) => sites.has(each.site.index) && definition.strikes(each) && matches(each, where),
  );
  if (definition.scope === 'region') return able;
  if (definition.scope === 'workstation') return share(able, where, salt);
  const struckSites = [...new Set(able.map(({ site }) => site))];
  const chosen = new Set(
    definition.sites !== undefined && isWithoutNumber(where)
      ? shuffled(struckSites, salt).slice(0, definition.sites)
      : share(struckSites, where, salt),
  );
  return able.filter(({ site }) => chosen.has(site));
}

function sitesFor(region: SimulatedRegion, { fault, where = {} }: FaultEntry): SimulatedSite[] {
  const codes = where.ppe === undefined ? undefined : new Set<string>([where.ppe].flat());
  let names = where.provider === undefined ? undefined : new Set<string>([where.provider].flat());
  // A provider's cut is of one provider: of the one that serves most when the script names none.
  if (fault === 'providerCut' && codes === undefined) names ??= new Set([largestProvider(region)]);
  const kinds = where.kind === undefined ? undefined : new Set<string>([where.kind].flat());
  return region.sites.filter(
    ({ code, provider, kind }) =>
      (codes?.has(code) ?? true) && (names?.has(provider) ?? true) && (kinds?.has(kind) ?? true),
  );
}

function largestProvider({ sites }: SimulatedRegion): string {
  const served = (name: string): number => sites.filter(({ provider }) => provider === name).length;
  const names = [...new Set(sites.map(({ provider }) => provider))].sort();
  return names.toSorted((a, b) => served(b) - served(a))[0] ?? '';
}

function matches({ placement }: SimulatedWorkstation, where: FaultWhere): boolean {
  const isRoom = where.room === undefined || [where.room].flat().includes(placement.roomCode);
  return isRoom && (where.role === undefined || [where.role].flat().includes(placement.role));
}

function isWithoutNumber({ share: part, count, ppe }: FaultWhere): boolean {
  return part === undefined && count === undefined && ppe === undefined;
}

/** The chosen part of what matches: at least one, so that a small share of few still shows. */
function share<T extends { readonly salt: number }>(
  all: readonly T[],
  { share: part, count }: FaultWhere,
  salt: number,
): readonly T[] {
  if (count !== undefined) return shuffled(all, salt).slice(0, count);
  if (part === undefined || part >= 1) return all;
  return shuffled(all, salt).slice(0, Math.max(1, Math.round(all.length * part)));
}

function shuffled<T extends { readonly salt: number }>(all: readonly T[], salt: number): T[] {
  return [...all].sort((a, b) => unit(a.salt ^ salt, 'order') - unit(b.salt ^ salt, 'order'));
}
