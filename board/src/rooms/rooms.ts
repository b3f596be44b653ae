import {
  HQ_ROOM_CODE,
  verdictWeight,
  worstVerdict,
  type CheckVerdict,
  type Evidence,
  type Verdict,
} from '@ppe-pulse/protocol';
import { columnOf, columns, subjectOf, type Column } from './columns.ts';
import {
  cloneOf,
  hearingOf,
  heartbeatOf,
  isUpset,
  ownChecks,
  type RoomStation,
} from './standing.ts';

/** What a column says of a room. */
export interface Cell {
  readonly verdict: Verdict;
  readonly reason: string;
  /** Devices (or PCs) that are not as they should be, and all of them. */
  readonly upset: number;
  readonly total: number;
  /** When the newest of it was produced, for what a flash drive brought; null for heard live. */
  readonly carriedNewestMs: number | null;
  /** Whose verdict it is: the worst one's. */
  readonly workstationId: string;
}

export interface Room<S extends RoomStation = RoomStation> {
  readonly code: string;
  readonly verdict: Verdict;
  readonly workstations: readonly S[];
  /** What its cells are made of. */
  readonly parts: readonly Part[];
  /** A column without such a device is missing. */
  readonly cells: Readonly<Partial<Record<Column, Cell>>>;
}

/** The rooms of the ППЭ, the Штаб first, then by code. Pure. */
export function roomsOf<S extends RoomStation>({
  workstations,
}: {
  readonly workstations: readonly S[];
}): Room<S>[] {
  const byCode = new Map<string, S[]>();
  for (const each of workstations) {
    const { roomCode } = each.placement;
    byCode.set(roomCode, [...(byCode.get(roomCode) ?? []), each]);
  }
  const rank = (code: string): string => (code === HQ_ROOM_CODE ? '' : code);
  return [...byCode]
    .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
    .map(([code, here]) => roomOf(code, here));
}

function roomOf<S extends RoomStation>(code: string, workstations: readonly S[]): Room<S> {
  const parts = workstations.flatMap(partsOf);
  const cells: Partial<Record<Column, Cell>> = {};
  for (const column of columns) {
    const cell = cellOf(parts.filter((each) => each.column === column));
    if (cell) cells[column] = cell;
  }
  const verdict = worstVerdict(Object.values(cells).map((each) => each.verdict));
  return { code, verdict, workstations, parts, cells };
}

/** One check's say in its column. */
export interface Part {
  readonly column: Column;
  /** Id of the check without the device's number. */
  readonly base: string;
  readonly workstationId: string;
  /** Names the device among those of the room. */
  readonly device: string;
  readonly verdict: Verdict;
  readonly reason: string;
  /** As it was read, be it old. */
  readonly evidence: Evidence;
  readonly carriedNewestMs: number | null;
}

/** Old readings of a PC that is not heard are shown as not known: they are as old as its silence. */
function partsOf(workstation: RoomStation): Part[] {
  const hearing = hearingOf(workstation);
  const clone = cloneOf(workstation);
  const part = (check: CheckVerdict, shown: Partial<Part> = {}): Part => {
    const { kind, number, base } = subjectOf(check.id);
    return {
      column: columnOf(check.id),
      base,
      workstationId: workstation.id,
      evidence: check.evidence,
      device: `${workstation.id} ${kind ?? ''} ${number}`,
      verdict: check.reason === 'noPlan' ? 'notInvolved' : check.verdict,
      reason: check.reason,
      carriedNewestMs: null,
      ...shown,
    };
  };
  const own = ownChecks(workstation);
  const heartbeat = heartbeatOf(workstation);
  const parts = clone ? [part(clone)] : [];
  switch (hearing) {
    case 'live':
      return [part(heartbeat), ...parts, ...own.map((each) => part(each))];
    case 'carried': {
      const carriedNewestMs = workstation.carried?.newestAtMs ?? null;
      const calm = { verdict: 'silentByRule', reason: 'ok', carriedNewestMs } as const;
      return [
        part(heartbeat, calm),
        ...parts,
        // What a PC was well with does not hide that it is known by flash drive only.
        ...own
          .filter(({ id, verdict }) => columnOf(id) !== 'pc' || verdict !== 'ok')
          .map((each) => part(each, { carriedNewestMs })),
      ];
    }
    case 'silent':
      return [
        part(heartbeat),
        ...parts,
        ...own.map((each) => part(each, { verdict: 'unknown', reason: heartbeat.reason })),
      ];
    case 'byRule':
    case 'notInvolved': {
      const quiet = {
        verdict: hearing === 'byRule' ? 'silentByRule' : 'notInvolved',
        reason: hearing,
      } as const;
      return [part(heartbeat, quiet), ...parts, ...own.map((each) => part(each, quiet))];
    }
  }
}

/** The first of the worst; undefined for none at all. */
export function worstPart(parts: readonly Part[]): Part | undefined {
  let [worst] = parts;
  for (const each of parts) {
    if (worst && verdictWeight(each.verdict) > verdictWeight(worst.verdict)) worst = each;
  }
  return worst;
}

function cellOf(parts: readonly Part[]): Cell | undefined {
  const worst = worstPart(parts);
  if (!worst) return undefined;
  const devices = new Set(parts.map((each) => each.device));
  const upset = new Set(parts.filter(isUpset).map((each) => each.device));
  const { verdict, reason, carriedNewestMs, workstationId } = worst;
  const [count, total] = [upset.size, devices.size];
  return { verdict, reason, upset: count, total, carriedNewestMs, workstationId };
}
