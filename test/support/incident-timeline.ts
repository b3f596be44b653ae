import {
  IncidentEngine,
  problemsOf,
  type CheckVerdict,
  type IncidentChange,
  type IncidentCore,
  type KeptFault,
  type Moment,
  type Phase,
  type Placement,
  type SeenStation,
  type SitePlace,
  type Verdict,
} from '@ppe-pulse/protocol';

/** 20 May 2026, midnight in Kuzbass (UTC+7). */
const MIDNIGHT_MS = Date.UTC(2026, 4, 19, 17);
const TICK_MS = 500;
/** The collector's monotonic clock has nothing to do with its wall clock. */
const MONOTONIC_MS = 77_000;

/** A site of a timeline: rooms with an organizer's PC each, and the Штаб. */
export interface TimelineSite extends SitePlace {
  readonly code: string;
  readonly rooms: number;
}

/** A workstation of the timeline: `4216-0012`, the Штаб is `4216-7777`. */
export type StationName = string;

type Reading = readonly [verdict: Verdict, reason: string, value?: number];

interface Station {
  readonly name: StationName;
  readonly placement: Placement;
  heartbeat: Reading;
  readonly checks: Map<string, Reading>;
}

const organizerChecks = [
  'clock.skew',
  'printer.state',
  'scanner.state',
  'camera.1.stream',
  'camera.1.outage',
  'camera.2.stream',
  'camera.2.outage',
];
const hqChecks = ['clock.skew', 'net.portal', 'net.loss', 'net.down'];

/** A day of a region on virtual time, told as a story: `at(9, 31).fail(…)`, `at(9, 32).expect(…)`. */
export class IncidentTimeline {
  readonly stations = new Map<StationName, Station>();
  readonly #sites: ReadonlyMap<string, TimelineSite>;
  #engine: IncidentEngine;
  #nowMs: number;
  #number = 0;
  #phase: Phase = 'opening';
  #steps: IncidentChange[] = [];
  readonly #faults = new Map<string, KeptFault>();

  constructor(
    sites: readonly TimelineSite[],
    from: readonly [hour: number, minute: number] = [9, 0],
  ) {
    this.#sites = new Map(sites.map((site) => [site.code, site]));
    this.#nowMs = clock(...from);
    for (const { code, rooms } of sites) {
      for (let room = 1; room <= rooms; room += 1)
        this.#add(code, String(room).padStart(4, '0'), organizerChecks);
      this.#add(code, '7777', hqChecks);
    }
    this.#engine = this.#start();
  }

  get engine(): IncidentEngine {
    return this.#engine;
  }

  /** What is written of faults. */
  get keptFaults(): KeptFault[] {
    return [...this.#faults.values()];
  }

  get now(): Moment {
    return { wallMs: this.#nowMs, monotonicMs: MONOTONIC_MS + this.#nowMs - MIDNIGHT_MS };
  }

  /** Lets the clock go on, two looks a second. */
  at(hour: number, minute: number, second = 0): this {
    return this.to(clock(hour, minute, second));
  }

  to(wallMs: number): this {
    while (this.#nowMs < wallMs) {
      this.#nowMs = Math.min(wallMs, this.#nowMs + TICK_MS);
      this.look();
    }
    return this;
  }

  look(): void {
    const steps = this.#engine.tick(this.now);
    this.#steps.push(...steps);
    const { changed, gone } = this.#engine.takeUnsaved();
    for (const { sourceId, checkId } of gone) this.#faults.delete(`${sourceId} ${checkId}`);
    for (const fault of changed) this.#faults.set(`${fault.sourceId} ${fault.checkId}`, fault);
  }

  phase(phase: Phase): this {
    this.#phase = phase;
    return this;
  }

  /** A check of some workstations fails. */
  fail(
    names: StationName | readonly StationName[],
    checkId: string,
    reason: string,
    more: { verdict?: Verdict; value?: number } = {},
  ): this {
    return this.#change(names, ({ checks }) => {
      const { verdict = 'fail', value } = more;
      checks.set(checkId, value === undefined ? [verdict, reason] : [verdict, reason, value]);
    });
  }

  heal(names: StationName | readonly StationName[], checkId: string): this {
    return this.#change(names, ({ checks }) => checks.set(checkId, ['ok', 'ok']));
  }

  /** They are not heard any more: called silent now. */
  silence(names: StationName | readonly StationName[], reason = 'silent'): this {
    return this.#change(names, (each) => (each.heartbeat = ['unknown', reason]));
  }

  hear(names: StationName | readonly StationName[]): this {
    return this.#change(names, (each) => (each.heartbeat = ['ok', 'ok']));
  }

  byRule(names: StationName | readonly StationName[]): this {
    return this.#change(names, (each) => (each.heartbeat = ['silentByRule', 'isolatedByPlan']));
  }

  notInvolved(names: StationName | readonly StationName[]): this {
    return this.#change(names, (each) => (each.heartbeat = ['notInvolved', 'notInvolved']));
  }

  of(isMeant: (site: TimelineSite) => boolean): StationName[] {
    return [...this.stations.values()]
      .filter(({ placement }) => {
        const site = this.#sites.get(placement.siteCode);
        return site !== undefined && isMeant(site);
      })
      .map(({ name }) => name);
  }

  /** Everything of a process is gone; what was written is not. */
  restart(downForMs = 0): this {
    const incidents = this.#engine.open();
    this.#nowMs += downForMs;
    this.#engine = this.#start({ incidents, faults: [...this.#faults.values()] });
    return this;
  }

  /** Open incidents, one line each, the oldest first: `critical provider:A heartbeat silent 14/56`. */
  expect(...lines: string[]): this {
    this.#same('open', this.#engine.open().map(lineOf), lines);
    return this;
  }

  /** What was told since the last call, changes left out: `opened site:4216 heartbeat silent`. */
  expectTold(...lines: string[]): this {
    const told = this.#steps
      .filter(({ kind }) => kind !== 'changed')
      .map(({ kind, incident }) => {
        const how = kind === 'resolved' ? ` ${incident.resolution}` : '';
        return `${kind}${how} ${incident.node} ${incident.kind} ${incident.reason}`;
      });
    this.#same('told', told, lines);
    this.#steps = [];
    return this;
  }

  takeSteps(): IncidentChange[] {
    const steps = this.#steps;
    this.#steps = [];
    return steps;
  }

  seen(station: Station): SeenStation {
    const heartbeat = verdictOf('heartbeat', station.heartbeat);
    const checks = [...station.checks].map(([id, reading]) => verdictOf(id, reading));
    const { placement, name } = station;
    return {
      id: idOf(name),
      placement,
      heartbeat,
      checks,
      clone: null,
      problems: problemsOf(heartbeat, checks),
    };
  }

  #start(kept?: {
    incidents: readonly IncidentCore[];
    faults: readonly KeptFault[];
  }): IncidentEngine {
    const engine = new IncidentEngine({
      placeOf: (code) => this.#sites.get(code),
      phaseOf: () => this.#phase,
      nextNumber: () => (this.#number += 1),
    });
    if (kept) engine.restore(kept, this.now);
    for (const station of this.stations.values()) engine.see(this.seen(station), this.now);
    return engine;
  }

  #add(siteCode: string, roomCode: string, checks: readonly string[]): void {
    const role = roomCode === '7777' ? 'hq' : 'organizer';
    const name = `${siteCode}-${roomCode}`;
    this.stations.set(name, {
      name,
      placement: { siteCode, roomCode, role, duty: 'main', simulated: false },
      heartbeat: ['ok', 'ok'],
      checks: new Map(checks.map((id) => [id, ['ok', 'ok']])),
    });
  }

  #change(
    names: StationName | readonly StationName[],
    change: (station: Station) => unknown,
  ): this {
    for (const name of [names].flat()) {
      const station = this.stations.get(name);
      if (!station) throw new Error(`there is no ${name}`);
      change(station);
      this.#engine.see(this.seen(station), this.now);
    }
    return this;
  }

  #same(what: string, actual: readonly string[], expected: readonly string[]): void {
    if (actual.join('\n') === expected.join('\n')) return;
    const list = (lines: readonly string[]): string => lines.map((line) => `\n  ${line}`).join('');
    throw new Error(`${what} at ${this.#clockText()}:${list(actual)}\nexpected:${list(expected)}`);
  }

  #clockText(): string {
    return new Date(this.#nowMs + 7 * 3_600_000).toISOString().slice(11, 19);
  }
}

/** Sites with codes from 1001 on. */
export function sitesOf(
  count: number,
  part: (at: number) => Partial<TimelineSite> = () => ({}),
): TimelineSite[] {
  return Array.from({ length: count }, (_, at) => ({
    code: String(1001 + at),
    rooms: 4,
    municipality: `m${at % 5}`,
    provider: `p${at % 3}`,
    ...part(at),
  }));
}

export function lineOf({
  severity,
  node,
  kind,
  reason,
  sites,
  children,
  ...rest
}: IncidentCore): string {
  const marks = [rest.isUnstable ? ' unstable' : '', rest.isUnheard ? ' unheard' : ''].join('');
  const place = node.replace(/w-[0-9a-f]+/, (id) => nameOf(id));
  return `${severity} ${place} ${kind} ${reason} ${sites}/${children}${marks}`;
}

/** `w-0000000042160012`: readable, and an id all the same. */
export function idOf(name: StationName): string {
  return `w-${name.replace('-', '').padStart(16, '0')}`;
}

function nameOf(id: string): StationName {
  return `${id.slice(-8, -4)}-${id.slice(-4)}`;
}

function verdictOf(id: string, [verdict, reason, value]: Reading): CheckVerdict {
  return { id, verdict, reason, evidence: value === undefined ? {} : { value }, ageMs: 0 };
}

function clock(hour: number, minute: number, second = 0): number {
  return MIDNIGHT_MS + ((hour * 60 + minute) * 60 + second) * 1_000;
}
