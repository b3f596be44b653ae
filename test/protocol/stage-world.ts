import {
  planOf,
  StageEngine,
  type Claim,
  type Duty,
  type Plan,
  type PlannedWorkstation,
  type Region,
  type Role,
  type Room,
  type RoomPurpose,
  type Site,
  type StageId,
  type StageState,
  type StageTrack,
  type StationCheck,
  type StationFacts,
  type Verdict,
} from '@ppe-pulse/protocol';

const MINUTE = 60_000;
/** 15 May 2024, midnight in Kuzbass, UTC+7. */
export const dayMs = Date.parse('2024-05-14T17:00:00Z');

/** `09:31` of the day in Kuzbass. */
export function at(time: string): number {
  return dayMs + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE;
}

/** The rehearsal of 15 May: a written exam and the video test, rooms of 15 × 20 pages. */
export const dayPlan: Plan = planOf({
  id: '2024-05-15',
  title: 'Федеральная апробация',
  date: '2024-05-15',
  participants: { kinds: ['ppe-main', 'rcoi', 'subject-commission'] },
  video: { participants: ['ppe-main', 'rcoi', 'subject-commission'] },
  technologies: ['print-full-set'],
  exams: [{ subject: 'russian', kind: 'written', durationMinutes: 210 }],
});

/** The same day with informatics and speaking beside. */
export const fullPlan: Plan = {
  ...dayPlan,
  exams: [
    ...dayPlan.exams,
    { subject: 'informatics', kind: 'kege', startAt: '10:00', durationMinutes: 235 },
    { subject: 'english', kind: 'speaking', startAt: '10:00', durationMinutes: 51 },
  ],
};

export function room(
  code: string,
  purposes: readonly RoomPurpose[],
  workstations: readonly [Role, Duty][] = [],
): Room {
  return {
    code,
    purposes,
    seats: null,
    cameras: 2,
    workstations: workstations.map(([role, duty], number): PlannedWorkstation => ({
      id: `${code}-${role}-${duty}-${number + 1}`,
      role,
      duty,
      number: number + 1,
      origin: 'imported',
    })),
  };
}

export function site(code: string, rooms: readonly Room[], changes: Partial<Site> = {}): Site {
  return {
    code,
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: `ППЭ ${code}`,
    municipality: 'kemerovo',
    address: '',
    timeZone: null,
    isRemote: false,
    provider: null,
    contractBytesPerSecond: null,
    dutyPhone: null,
    rooms,
    ...changes,
  };
}

/** A Штаб and written rooms 0001…, each with its organizer. */
export function writtenSite(code: string, rooms: number, changes: Partial<Site> = {}): Site {
  return site(
    code,
    [
      room('7777', ['hq'], [['hq', 'main']]),
      ...Array.from({ length: rooms }, (_, index) =>
        room(String(index + 1).padStart(4, '0'), ['written'], [['organizer', 'main']]),
      ),
    ],
    changes,
  );
}

export function regionOf(...sites: readonly Site[]): Region {
  const slugs = new Set(sites.map(({ municipality }) => municipality));
  return {
    isSample: true,
    timeZone: 'Asia/Novokuznetsk',
    municipalities: [...slugs].map((slug) => ({ slug, name: slug, kind: 'ГО', tile: null })),
    sites,
  };
}

/** A check as a workstation sends it. */
export function check(id: string, verdict: Verdict, evidence = {}): StationCheck {
  return { id, verdict, reason: verdict === 'ok' ? 'ok' : 'frozen', evidence };
}

/** What a test says of a workstation; the rest is that of an organizer's PC which is heard. */
export interface Seen {
  readonly siteCode?: string;
  readonly roomCode?: string;
  readonly role?: Role;
  readonly duty?: Duty;
  readonly isHeard?: boolean;
  readonly checks?: readonly StationCheck[];
  readonly metrics?: Readonly<Record<string, number>>;
}

export function facts(id: string, seen: Seen, atMs: number): StationFacts {
  const metrics = seen.metrics ?? {};
  return {
    id,
    siteCode: seen.siteCode ?? '4216',
    roomCode: seen.roomCode ?? '0001',
    role: seen.role ?? 'organizer',
    duty: seen.duty ?? 'main',
    isHeard: seen.isHeard ?? true,
    mode: 'prep',
    checks: seen.checks ?? [],
    metric: (name) => {
      const value = metrics[name];
      return value === undefined ? undefined : { value, atMs };
    },
  };
}

/** A day that is told line by line. */
export class Day {
  readonly engine: StageEngine;
  #claims = 0;

  constructor(region: Region, plan: Plan = dayPlan, from = '00:00') {
    this.engine = new StageEngine({ plan, region, nowMs: at(from) });
  }

  see(time: string, id: string, seen: Seen): void {
    this.engine.station(id, facts(id, seen, at(time)), at(time));
  }

  claim(time: string, stage: StageId, rest: Partial<Claim> = {}): void {
    this.#claims += 1;
    this.engine.claim(claimOf(this.#claims, stage, { ...rest, atMs: at(time) }), at(time));
  }

  tick(time: string): void {
    this.engine.tick(at(time));
  }

  /** `done/total verdict reason` of a stage. */
  said(node: string, stage: StageId, track: StageTrack = 'written'): string {
    return told(this.state(node, stage, track));
  }

  state(node: string, stage: StageId, track: StageTrack = 'written'): StageState {
    const found = this.engine
      .statesOf(node)
      .find((each) => each.stage === stage && each.track === track);
    if (!found) throw new Error(`${node} has no ${track}.${stage}`);
    return found;
  }
}

export function claimOf(id: number, stage: StageId, rest: Partial<Claim> = {}): Claim {
  return {
    id,
    siteCode: '4216',
    roomCode: null,
    track: 'written',
    stage,
    done: null,
    isMade: true,
    by: 'ppe-4216',
    atMs: 0,
    note: '',
    ...rest,
  };
}

/** `2/3 warn overdue`, with `!` for a mismatch. */
export function told({ done, total, verdict, reason, isMismatch }: StageState): string {
  return `${done}/${total} ${verdict} ${reason}${isMismatch ? ' !' : ''}`;
}
