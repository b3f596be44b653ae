import {
  ReadinessBook,
  involvementIn,
  readinessOf,
  type CheckVerdict,
  type Claim,
  type Condition,
  type Plan,
  type Readiness,
  type ReadinessStation,
  type Region,
  type Site,
  type WantedVersions,
} from '@ppe-pulse/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzSeed } from '../support/fuzz.ts';
import {
  allClaims,
  claim,
  commissionSite,
  fullSite,
  healthyStations,
  metricsOf,
  morningMs,
  placed,
  plan,
  writtenSite,
} from './readiness-cases.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a book of readiness that is kept up to date', () => {
  it('says after any changes what judging from scratch says, since when included', () => {
    const seed = fuzzSeed('readiness');
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => runAll(steps)),
      { seed, numRuns: 25 },
    );
  });
});

/** One change of the world, drawn as numbers and made of what is there then. */
interface Step {
  readonly kind:
    | 'check'
    | 'beat'
    | 'number'
    | 'forget'
    | 'move'
    | 'claim'
    | 'plan'
    | 'region'
    | 'carry';
  readonly who: number;
  readonly what: number;
  readonly afterMs: number;
  /** Whether somebody looks at the whole: a look makes the book judge what it put off. */
  readonly isLookedAt: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step['kind'][]>(
    'check',
    'check',
    'check',
    'beat',
    'beat',
    'number',
    'number',
    'forget',
    'move',
    'claim',
    'claim',
    'plan',
    'region',
    'carry',
  ),
  who: fc.nat(),
  what: fc.nat(),
  afterMs: fc.constantFrom(0, 1_000, MINUTE, HOUR, 13 * HOUR),
  isLookedAt: fc.boolean(),
});

interface World {
  nowMs: number;
  sites: Site[];
  plan: Plan;
  versions: WantedVersions;
  stations: Map<string, ReadinessStation>;
  claims: Claim[];
}

/** What the book must say, by site: judged from scratch after every step. */
type Expected = Map<string, Readiness>;

function runAll(steps: readonly Step[]): void {
  const world = firstWorld();
  const book = new ReadinessBook();
  book.setRegion(regionOf(world));
  book.setPlan(world.plan, world.versions);
  for (const each of world.stations.values()) book.station(each, world.nowMs);
  for (const each of world.claims) book.claim(each, world.nowMs);
  book.tick(world.nowMs);
  book.takeChanged();
  let expected = judgeAll(world, new Map());
  for (const each of steps) {
    world.nowMs += each.afterMs;
    apply(each, world, book);
    book.tick(world.nowMs);
    const before = expected;
    expected = judgeAll(world, before);
    const changed = book.takeChanged();
    for (const [code, found] of expected) {
      expect(found.met).toBeLessThanOrEqual(found.total);
      if (saying(found) !== saying(before.get(code))) expect(changed).toContain(code);
      const { met, total, verdict } = found;
      expect(book.summaryOf(code, world.nowMs)).toEqual({ met, total, verdict });
      if (each.isLookedAt) expect(book.of(code, world.nowMs)).toEqual(found);
    }
  }
  for (const [code, found] of expected) expect(book.of(code, world.nowMs)).toEqual(found);
}

function firstWorld(): World {
  const sites = [fullSite('4216', 2), writtenSite('4217', 2), commissionSite('9001')];
  const nowMs = morningMs - 26 * HOUR;
  const stations = sites.flatMap((each) => healthyStations(each, nowMs));
  return {
    nowMs,
    sites,
    plan,
    versions: { agent: '0.5.0', plan: 3 },
    stations: new Map(stations.map((each) => [each.id, each])),
    claims: allClaims().slice(0, 3),
  };
}

function apply({ kind, who, what }: Step, world: World, book: ReadinessBook): void {
  const { nowMs } = world;
  if (kind === 'plan') {
    world.plan = { ...world.plan, participants: { ...plan.participants, except: excepted(what) } };
    world.versions = { agent: '0.5.0', plan: 3 + (what % 2) };
    return book.setPlan(world.plan, world.versions);
  }
  if (kind === 'region') {
    const contractBytesPerSecond = (what % 3) * 7_000_000;
    world.sites = world.sites.map((each, at) =>
      at === who % 3 ? { ...each, contractBytesPerSecond } : each,
    );
    return book.setRegion(regionOf(world));
  }
  if (kind === 'claim') {
    const made = someClaim(who, what, world);
    world.claims.push(made);
    return book.claim(made, nowMs);
  }
  const ids = [...world.stations.keys()];
  const station = world.stations.get(ids[who % Math.max(1, ids.length)] ?? '');
  if (!station) return undefined;
  if (kind === 'forget') {
    world.stations.delete(station.id);
    return book.forget(station.id, nowMs);
  }
  const next = changedStation(kind, station, what, nowMs);
  world.stations.set(next.id, next);
  return book.station(next, nowMs);
}

function excepted(what: number): string[] {
  return [[], ['4217'], ['4216', '9001']][what % 3] ?? [];
}

function someClaim(who: number, what: number, { claims, nowMs }: World): Claim {
  const said = [
    { stage: 'techControl', track: 'written' },
    { stage: 'overlayOk', track: 'video' },
    { stage: 'anglesOk', track: 'video' },
    { stage: 'emDownload', track: 'written' },
  ] as const;
  const { stage, track } = said[what % said.length] ?? said[0];
  return claim(stage, {
    id: 100 + claims.length,
    siteCode: ['4216', '4217', '9001'][who % 3] ?? '',
    track,
    roomCode: what % 5 === 0 ? '0001' : null,
    done: what % 7 === 0 ? what % 4 : null,
    isMade: who % 4 !== 0,
    atMs: nowMs,
  });
}

const verdicts = ['ok', 'warn', 'fail', 'unknown'] as const;
const silences = ['ok', 'warn', 'unknown', 'silentByRule', 'notInvolved'] as const;

function changedStation(
  kind: Step['kind'],
  station: ReadinessStation,
  what: number,
  nowMs: number,
): ReadinessStation {
  const heard = { ...station, heardAtMs: nowMs };
  const at = what % Math.max(1, station.checks.length);
  if (kind === 'move') {
    const roomCode = ['0001', '0002', '7777'][what % 3] ?? '';
    const siteCode = ['4216', '4217'][what % 2] ?? '';
    return { ...station, placement: { ...station.placement, roomCode, siteCode } };
  }
  if (kind === 'carry')
    return {
      ...station,
      carried: { atMs: nowMs - (what % 3) * 12 * HOUR, checks: station.checks },
    };
  if (kind === 'beat') {
    const verdict = silences[what % silences.length] ?? 'ok';
    const reason = verdict === 'ok' ? 'ok' : 'silent';
    return { ...heard, heartbeat: { ...station.heartbeat, verdict, reason } };
  }
  if (kind === 'number') return withNumber(heard, what);
  const verdict = verdicts[what % verdicts.length] ?? 'ok';
  const reason = verdict === 'ok' ? 'ok' : (['jam', 'noPaper', 'lowToner'][what % 3] ?? 'jam');
  const checks = station.checks.map((each, index): CheckVerdict =>
    index === at ? { ...each, verdict, reason, ageMs: what % 20_000 } : each,
  );
  // Now and then a probe stops sending.
  return { ...heard, checks: what % 11 === 0 ? checks.filter((_, index) => index !== at) : checks };
}

/** Numbers that conditions compare: speed, paper, the package, the last page, versions. */
function withNumber(station: ReadinessStation, what: number): ReadinessStation {
  const metrics = metricsOf({
    'printer.paper.sheets': what % 500,
    'net.em.ratio': (what % 11) / 10,
    ...(what % 2 === 0 ? { 'net.em.high.seconds': what % 200_000 } : {}),
  });
  const checks = station.checks.map((each) => {
    if (each.id === 'net.down') return { ...each, evidence: { value: what % 15_000_000 } };
    if (each.id !== 'printer.state') return each;
    return { ...each, evidence: what % 5 === 0 ? {} : { proofAgeMs: (what % 40) * HOUR } };
  });
  return { ...station, metrics, checks, planVersion: 3 + (what % 2) };
}

function judgeAll(world: World, before: Expected): Expected {
  const involvement = involvementIn(world.plan);
  return new Map(
    world.sites.map((site): [string, Readiness] => {
      const stations = [...world.stations.values()];
      const judged = readinessOf({
        site,
        plan: world.plan,
        tracks: involvement(site).tracks,
        stations: placed(site, stations),
        claims: world.claims.filter(({ siteCode }) => siteCode === site.code),
        nowMs: world.nowMs,
        versions: world.versions,
      });
      const known = before.get(site.code)?.conditions ?? [];
      return [site.code, { ...judged, conditions: judged.conditions.map(sinceIn(known)) }];
    }),
  );
}

function sinceIn(known: readonly Condition[]) {
  return (condition: Condition): Condition => {
    const before = known.find(({ id }) => id === condition.id);
    const isSame = before?.verdict === condition.verdict;
    return { ...condition, sinceMs: isSame ? before.sinceMs : condition.sinceMs };
  };
}

/** What people see change: verdicts and reasons. */
function saying(readiness: Readiness | undefined): string {
  return JSON.stringify(
    readiness?.conditions.map(({ id, verdict, reason }) => [id, verdict, reason]),
  );
}

function regionOf({ sites }: World): Region {
  return { isSample: true, timeZone: 'Asia/Novokuznetsk', municipalities: [], sites };
}
