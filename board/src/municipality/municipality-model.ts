import {
  verdictWeight,
  worstVerdict,
  type Incident,
  type LiveSite,
  type LiveStage,
  type LiveState,
  type LiveWorkstation,
  type Verdict,
} from '@ppe-pulse/protocol';
import { currentOf, tracksOf } from '../ppe/stage-strip.ts';
import { siteVerdict } from '../wall/tiles.ts';

/** A ППЭ as the table of its municipality shows it. */
export interface SiteRow {
  readonly site: LiveSite;
  readonly verdict: Verdict;
  /** Why: of its worst workstation; `ok` where nothing is wrong. */
  readonly reason: string;
  readonly badRooms: number;
  readonly rooms: number;
  /** Of the first procedure that is not over; undefined where there is none. */
  readonly current: LiveStage | undefined;
  readonly incidents: number;
}

type Picture = Pick<LiveState, 'registry' | 'sites' | 'incidents'>;

/** The sites of a municipality, worst first, those that take no part last. Pure. */
export function rowsOf(slug: string, { registry, sites, incidents }: Picture): SiteRow[] {
  const open = [...incidents.values()];
  return [...registry.values()]
    .filter(({ municipalitySlug }) => municipalitySlug === slug)
    .map((site) => rowOf(site, sites.get(site.code) ?? [], open))
    .sort(
      (a, b) =>
        Number(b.site.isInvolved) - Number(a.site.isInvolved) ||
        verdictWeight(b.verdict) - verdictWeight(a.verdict) ||
        (a.site.code < b.site.code ? -1 : 1),
    );
}

function rowOf(
  site: LiveSite,
  workstations: readonly LiveWorkstation[],
  open: readonly Incident[],
): SiteRow {
  const [worst] = [...workstations].sort(
    (a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict),
  );
  const rooms = roomVerdicts(site, workstations);
  const steps = tracksOf(site.stages).flatMap((track) => currentOf(track.steps) ?? []);
  return {
    site,
    verdict: siteVerdict(workstations, site),
    reason: worst?.reason ?? (site.isInvolved ? 'notYetHeard' : 'ok'),
    badRooms: [...rooms.values()].filter((each) => verdictWeight(each) > verdictWeight('ok'))
      .length,
    rooms: rooms.size,
    current: steps[0],
    incidents: open.filter((incident) => isOfSite(incident, site.code)).length,
  };
}

/** Of every room that has a PC or is in the registry; one that nobody connected is not known. */
function roomVerdicts(
  site: LiveSite,
  workstations: readonly LiveWorkstation[],
): ReadonlyMap<string, Verdict> {
  const byRoom = new Map<string, Verdict[]>();
  for (const { placement, verdict } of workstations) {
    const known = byRoom.get(placement.roomCode);
    if (known) known.push(verdict);
    else byRoom.set(placement.roomCode, [verdict]);
  }
  const unheard: Verdict = site.isInvolved ? 'unknown' : 'notInvolved';
  for (const { code } of site.rooms) if (!byRoom.has(code)) byRoom.set(code, [unheard]);
  return new Map([...byRoom].map(([code, verdicts]) => [code, worstVerdict(verdicts)]));
}

/** Whether an open incident is of a site: its own, or a wider one that lists it. */
export function isOfSite({ siteCode, siteCodes }: Incident, code: string): boolean {
  return siteCode === code || siteCodes.includes(code);
}

/** Open incidents of a municipality: its own, and those that reach a site of it. Pure. */
export function incidentsOf(slug: string, rows: readonly SiteRow[], open: Iterable<Incident>) {
  const codes = new Set(rows.map(({ site }) => site.code));
  return [...open].filter(
    ({ municipality, siteCodes }) =>
      municipality === slug || siteCodes.some((code) => codes.has(code)),
  );
}

/** Sites by verdict, those that take no part among them. */
export function countsOf(rows: readonly SiteRow[]): ReadonlyMap<Verdict, number> {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of rows) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

/**
 * The stages of a municipality as the region's are counted: sites that reached each, of those that
 * take part. Pure.
 */
export function stagesOf(rows: readonly SiteRow[]): LiveStage[] {
  const groups = new Map<string, LiveStage[]>();
  for (const { site } of rows) {
    if (!site.isInvolved) continue;
    for (const stage of site.stages) {
      if (stage.total === 0) continue;
      const key = `${stage.track} ${stage.stage}`;
      const known = groups.get(key);
      if (known) known.push(stage);
      else groups.set(key, [stage]);
    }
  }
  return [...groups.values()].flatMap((stages) => together(stages) ?? []);
}

function together(stages: readonly LiveStage[]): LiveStage | undefined {
  const [first] = stages;
  if (!first) return undefined;
  const [worst = first] = [...stages].sort(
    (a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict),
  );
  const reached = stages.flatMap(({ reachedAtMs }) => reachedAtMs ?? []);
  const due = stages.flatMap(({ dueAtMs }) => dueAtMs ?? []);
  const left = stages.filter(({ reachedAtMs }) => reachedAtMs === null);
  const isDone = left.length === 0;
  return {
    stage: first.stage,
    track: first.track,
    done: reached.length,
    total: stages.length,
    unknown: left.filter(({ unknown }) => unknown > 0).length,
    late: left.filter(({ late }) => late > 0).length,
    verdict: worst.verdict,
    reason: worst.reason,
    reachedAtMs: isDone ? Math.max(...reached) : null,
    dueAtMs: due.length === 0 ? null : Math.max(...due),
    isMismatch: stages.some(({ isMismatch }) => isMismatch),
  };
}
