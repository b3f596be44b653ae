import { verdictWeight, type Verdict } from '@ppe-pulse/protocol';
import { worstPart, type Part, type Room } from './rooms.ts';
import { hearingOf, type Hearing, type RoomStation } from './standing.ts';

/** One number that a room is known by: the worst of its PCs'. */
export interface Fact {
  readonly verdict: Verdict;
  readonly reason: string;
  /** In the unit of the check; undefined where nothing was measured. */
  readonly value: number | undefined;
  readonly workstationId: string;
  readonly isCarried: boolean;
}

/** The worst say of a check in the room; undefined where nothing of it applies there. */
export function factOf({ parts }: Room, base: string): Fact | undefined {
  return factOfPart(worstPart(parts.filter((part) => part.base === base)));
}

/** What a printer still has: toner and paper, as far as it says. */
export interface Supplies {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Of the printer that has the least, 0…1. */
  readonly tonerRatio: number | undefined;
  readonly sheets: number | undefined;
  readonly workstationId: string;
  readonly isCarried: boolean;
}

const supplyReasons: ReadonlySet<string> = new Set(['lowToner', 'noToner', 'lowPaper', 'noPaper']);

/** Undefined for a room without a printer. What a printer does not say is not known, and not bad. */
export function suppliesOf({ parts }: Room): Supplies | undefined {
  const states = parts.filter(({ base }) => base === 'printer.state');
  const papers = parts.filter(
    ({ base, verdict }) => base === 'printer.paper' && verdict !== 'notInvolved',
  );
  const [first] = states;
  if (!first) return undefined;
  const short = [...states, ...papers].filter(
    ({ base, reason }) => base === 'printer.paper' || supplyReasons.has(reason),
  );
  const worst = worstPart(short);
  const isKnown = first.verdict !== 'unknown' || first.reason === 'idleUnproven';
  return {
    verdict: worst?.verdict ?? (isKnown ? calmOf(first.verdict) : first.verdict),
    reason: worst?.reason ?? (isKnown ? 'ok' : first.reason),
    tonerRatio: least(states, 'tonerRatio'),
    sheets: least(papers, 'value'),
    workstationId: (worst ?? first).workstationId,
    isCarried: (worst ?? first).carriedNewestMs !== null,
  };
}

/** Cameras of the room that give a picture, of those that are watched. */
export interface Cameras {
  readonly on: number;
  readonly total: number;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly workstationId: string;
  readonly isCarried: boolean;
}

/** Undefined for a room whose cameras nobody watches. */
export function camerasOf({ parts }: Room): Cameras | undefined {
  const own = parts.filter(({ base }) => base.startsWith('camera.'));
  const streams = own.filter(({ base }) => base === 'camera.stream');
  const worst = worstPart(own);
  if (!worst) return undefined;
  const on = streams.filter(({ verdict }) => verdict === 'ok' || verdict === 'warn');
  return {
    on: on.length,
    total: streams.length,
    verdict: worst.verdict,
    reason: worst.reason,
    workstationId: worst.workstationId,
    isCarried: worst.carriedNewestMs !== null,
  };
}

/** How the room is heard: the PC that is known worst stands for it. */
export interface Heard {
  readonly hearing: Hearing;
  readonly station: RoomStation;
  /** PCs of the room that are not heard though they should be. */
  readonly silent: number;
}

const byConcern: readonly Hearing[] = ['silent', 'live', 'carried', 'byRule', 'notInvolved'];

/** Undefined for a room without a PC. */
export function heardOf({ workstations }: Room): Heard | undefined {
  const hearings = workstations.map((station) => ({ station, hearing: hearingOf(station) }));
  const [first] = [...hearings].sort(
    (a, b) => byConcern.indexOf(a.hearing) - byConcern.indexOf(b.hearing) || olderFirst(a, b),
  );
  const silent = hearings.filter(({ hearing }) => hearing === 'silent').length;
  return first && { ...first, silent };
}

/** What is worst in the room, in one reason; `ok` where nothing is. */
export function standingOf({ parts }: Room): Omit<Fact, 'value'> | undefined {
  return factOfPart(worstPart(parts.filter(({ reason }) => reason !== 'noPlan')));
}

/** PCs of the same role and duty in a room: one line of its head. */
export interface StationGroup {
  readonly placement: RoomStation['placement'];
  /** The worst of them. */
  readonly worst: RoomStation;
  readonly count: number;
}

/** The PCs of a room by role and duty, main ones first. */
export function groupsOf({ workstations }: Pick<Room, 'workstations'>): StationGroup[] {
  const groups = new Map<string, StationGroup>();
  for (const station of workstations) {
    const { placement, verdict } = station;
    const key = `${placement.duty} ${placement.role}`;
    const known = groups.get(key);
    const isWorse = known && verdictWeight(verdict) > verdictWeight(known.worst.verdict);
    groups.set(key, {
      placement,
      worst: known && !isWorse ? known.worst : station,
      count: (known?.count ?? 0) + 1,
    });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function factOfPart(part: Part | undefined): Fact | undefined {
  if (!part) return undefined;
  const { verdict, reason, workstationId, evidence, carriedNewestMs } = part;
  const { value } = evidence;
  return {
    verdict,
    reason,
    value: typeof value === 'number' ? value : undefined,
    workstationId,
    isCarried: carriedNewestMs !== null,
  };
}

/** A jam says nothing of paper and toner. */
function calmOf(verdict: Verdict): Verdict {
  return verdict === 'silentByRule' || verdict === 'notInvolved' ? verdict : 'ok';
}

function least(parts: readonly Part[], key: string): number | undefined {
  const known = parts.flatMap(({ evidence }) => {
    const value = evidence[key];
    return typeof value === 'number' ? [value] : [];
  });
  return known.length === 0 ? undefined : Math.min(...known);
}

interface HasStation {
  readonly station: RoomStation;
}

function olderFirst(a: HasStation, b: HasStation): number {
  return (a.station.lastSeenMs ?? 0) - (b.station.lastSeenMs ?? 0);
}
