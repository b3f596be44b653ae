import { faultDefinition } from './fault-catalogue.ts';
import { durationMs, minuteOfDay, type FaultEntry, type FaultWhere } from './fault-script.ts';
import type { Occurrence } from './occurrence.ts';
import { powerLostAtMs } from './presence.ts';
import { hashOf, unit } from './random.ts';
import {
  providers,
  type SimulatedRegion,
  type SimulatedSite,
  type SimulatedWorkstation,
} from './region.ts';
import { localTimeOf, momentOf, type SimulatedTime } from './simulated-time.ts';

/** Everything that will go wrong, by the number of the workstation. */
export interface FaultSchedule {
  /** In the order of their starts; empty for most. */
  of(workstationIndex: number): readonly Occurrence[];
  /** Moments at which something starts or ends, with the workstations that it concerns. */
  readonly edges: readonly FaultEdge[];
  /** How many workstations each entry of the script strikes: none is most likely a mistake. */
  readonly struck: readonly number[];
}

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
): FaultSchedule {
  const byWorkstation = new Map<number, Occurrence[]>();
  const edges: FaultEdge[] = [];
  const counts: number[] = [];
  for (const [number, entry] of entries.entries()) {
    const occurrence = occurrenceOf(entry, time);
    const struck = strickenBy(entry, region, hashOf(`${region.seed} fault ${number}`));
    counts.push(struck.length);
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
  return { of: (index) => byWorkstation.get(index) ?? NONE, edges, struck: counts };
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
    definition.sites !== undefined && where.share === undefined && where.ppe === undefined
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
  return region.sites.filter(
    (site) => (codes?.has(site.code) ?? true) && (names?.has(site.provider) ?? true),
  );
}

function largestProvider({ sites }: SimulatedRegion): string {
  const served = (name: string): number => sites.filter(({ provider }) => provider === name).length;
  return [...providers].sort((a, b) => served(b) - served(a))[0] ?? providers[0];
}

function matches({ placement }: SimulatedWorkstation, where: FaultWhere): boolean {
  const isRoom = where.room === undefined || [where.room].flat().includes(placement.roomCode);
  return isRoom && (where.role === undefined || [where.role].flat().includes(placement.role));
}

/** The chosen part of what matches: at least one, so that a small share of few still shows. */
function share<T extends { readonly salt: number }>(
  all: readonly T[],
  { share: part }: FaultWhere,
  salt: number,
): readonly T[] {
  if (part === undefined || part >= 1) return all;
  return shuffled(all, salt).slice(0, Math.max(1, Math.round(all.length * part)));
}

function shuffled<T extends { readonly salt: number }>(all: readonly T[], salt: number): T[] {
  return [...all].sort((a, b) => unit(a.salt ^ salt, 'order') - unit(b.salt ^ salt, 'order'));
}
