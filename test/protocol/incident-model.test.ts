import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentCore } from '@ppe-pulse/protocol';
import { IncidentTimeline, idOf, sitesOf } from '../support/incident-timeline.ts';

const SECOND = 1_000;
/** After this every fault of these kinds must be told, and every end of one too. */
const TOLD_AFTER_MS = 95 * SECOND;
/** Comes and goes: kept for five minutes, and wide ones for two more. */
const ENDED_AFTER_MS = 8 * 60 * SECOND;

const kinds = [
  ['printer.state', 'jam'],
  ['printer.state', 'noPaper'],
  ['scanner.state', 'scannerAbsent'],
  ['camera.1.stream', 'noAnswer'],
  ['net.portal', 'dnsFailed'],
  ['silence', 'silent'],
] as const;
type Kind = (typeof kinds)[number];

type Step =
  | {
      readonly act: 'fail' | 'heal';
      readonly kind: Kind;
      readonly where: number;
      readonly reach: number;
    }
  | { readonly act: 'wait'; readonly seconds: number }
  | { readonly act: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('fail' as const),
      kind: fc.constantFrom(...kinds),
      where: fc.nat(10_000),
      reach: fc.nat(4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('heal' as const),
      kind: fc.constantFrom(...kinds),
      where: fc.nat(10_000),
      reach: fc.nat(4),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('wait' as const),
      seconds: fc.integer({ min: 1, max: 150 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
);

const crossing: ReadonlySet<string> = new Set(['municipality', 'provider']);

/** The world as it is: what fails since when, as the model knows it. */
class World {
  readonly timeline: IncidentTimeline;
  readonly names: readonly string[];
  /** Station and kind → since when. */
  readonly failing = new Map<string, { name: string; kind: Kind; sinceMs: number }>();
  #healedAtMs = Number.NEGATIVE_INFINITY;

  constructor(sites: number) {
    this.timeline = new IncidentTimeline(sitesOf(sites));
    this.names = this.timeline.of(() => true);
  }

  run(each: Step): void {
    if (each.act === 'wait') this.wait(each.seconds);
    else if (each.act === 'restart') this.#restart();
    else for (const name of this.#targets(each)) this.#set(name, each.kind, each.act === 'fail');
  }

  wait(seconds: number): void {
    this.timeline.to(this.timeline.now.wallMs + seconds * SECOND);
  }

  healAll(): void {
    for (const { name, kind } of this.failing.values()) this.#set(name, kind, false);
  }

  /** (a) What fails for long enough is in exactly one open incident, that stands for its place. */
  covered(): void {
    const open = this.timeline.engine.open();
    const assigned = new Map(
      this.timeline.keptFaults.map((fault) => [`${fault.sourceId} ${fault.checkId}`, fault]),
    );
    const nowMs = this.timeline.now.wallMs;
    for (const { name, kind, sinceMs } of this.failing.values()) {
      const isUnheard = kind[0] !== 'silence' && this.failing.has(`${name} silence silent`);
      if (nowMs - sinceMs < TOLD_AFTER_MS || isUnheard) continue;
      const checkId = kind[0] === 'silence' ? 'heartbeat' : kind[0];
      const own = assigned.get(`${idOf(name)} ${checkId}`)?.incidentId;
      const paths = open.filter((incident) => isOf(incident, name, kind));
      // A municipality and a provider cross: of these a place may be in two, and its fault in one.
      const others = paths.filter(({ id, level }) => id !== own && !crossing.has(level));
      if (others.length > 0 || !paths.some(({ id }) => id === own))
        throw new Error(
          `${name} ${kind.join(' ')} is in ${own} of ${paths.map(({ id, node }) => `${id} ${node}`).join(', ')}`,
        );
    }
  }

  /** (b) No incident without a fault, now or a moment ago. */
  caused(): void {
    const nowMs = this.timeline.now.wallMs;
    if (nowMs - this.#healedAtMs < ENDED_AFTER_MS) return;
    for (const incident of this.timeline.engine.open()) {
      const has = [...this.failing.values()].some(({ name, kind }) => isOf(incident, name, kind));
      if (!has) throw new Error(`${incident.node} ${incident.kind} has no fault`);
    }
  }

  /** What was not told yet lasts from now on: the collector's downtime is in no deadline. */
  #restart(): void {
    this.timeline.restart(10 * SECOND);
    for (const each of this.failing.values()) each.sinceMs = this.timeline.now.wallMs;
  }

  #targets({ where, reach }: { where: number; reach: number }): readonly string[] {
    const name = this.names[where % this.names.length] ?? '';
    const site = name.slice(0, 4);
    const number = Number(site) - 1_001;
    switch (reach) {
      case 0:
      case 1:
        return [name];
      case 2:
        return this.timeline.of(({ code }) => code === site);
      case 3:
        return this.timeline.of(({ provider }) => provider === `p${number % 3}`);
      default:
        return this.timeline.of(({ municipality }) => municipality === `m${number % 5}`);
    }
  }

  #set(name: string, kind: Kind, isFailing: boolean): void {
    const [checkId, reason] = kind;
    // A check is only where it is judged: the Штаб has no printer, a room no portal.
    const isHq = name.endsWith('7777');
    if (checkId !== 'silence' && isHq !== checkId.startsWith('net.')) return;
    const key = `${name} ${checkId} ${reason}`;
    const other = [...this.failing.keys()].find(
      (known) => known.startsWith(`${name} ${checkId} `) && known !== key,
    );
    if (isFailing === this.failing.has(key) || (isFailing && other !== undefined)) return;
    const nowMs = this.timeline.now.wallMs;
    if (isFailing) this.failing.set(key, { name, kind, sinceMs: nowMs });
    else {
      this.failing.delete(key);
      this.#healedAtMs = nowMs;
      // What was not heard is told from now on.
      if (checkId === 'silence')
        for (const each of this.failing.values()) if (each.name === name) each.sinceMs = nowMs;
    }
    if (checkId === 'silence') this.timeline[isFailing ? 'silence' : 'hear'](name);
    else if (isFailing) this.timeline.fail(name, checkId, reason);
    else this.timeline.heal(name, checkId);
  }
}

function isOf({ node, kind, reason }: IncidentCore, name: string, [checkId, own]: Kind): boolean {
  const base = checkId === 'silence' ? 'heartbeat' : checkId.replace('.1.', '.');
  if (kind !== base || reason !== own) return false;
  const [site, room] = name.split('-');
  const number = Number(site) - 1_001;
  return (
    [
      'region',
      `provider:p${number % 3}`,
      `municipality:m${number % 5}`,
      `site:${site}`,
      `room:${site}-${room}`,
      `station:${idOf(name)}`,
    ].includes(node) || node.startsWith(`device:${idOf(name)}/`)
  );
}

describe('incidents of any region and any faults', () => {
  it('cover every fault once, stand for nothing else, and end when it heals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        (sites, steps) => {
          const world = new World(sites);
          for (const each of steps) {
            world.run(each);
            world.covered();
            world.caused();
          }
          world.wait(TOLD_AFTER_MS / SECOND);
          world.covered();
          world.healAll();
          world.wait(ENDED_AFTER_MS / SECOND);
          expect(world.timeline.engine.open()).toEqual([]);
          expect(world.timeline.keptFaults).toEqual([]);
          const told = world.timeline.takeSteps();
          const count = (kind: string): number => told.filter((each) => each.kind === kind).length;
          expect(count('opened')).toBe(count('resolved'));
        },
      ),
      { seed: 6, numRuns: 150 },
    );
  });
});
