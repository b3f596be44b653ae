import {
  ReadinessBook,
  type Condition,
  type ReadinessStation,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';
import {
  allClaims,
  check,
  claim,
  commissionSite,
  fullSite,
  healthyStations,
  morningMs,
  plan,
  writtenSite,
} from './readiness-cases.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const versions = { agent: '0.5.0', plan: 3 };
const site = fullSite();

describe('a book of readiness', () => {
  it('says since when a printer stands as it stands, through a jam and its end', () => {
    const { book, at } = opened();
    const printers = (nowMs: number) => conditionOf(book, 'printersReady', nowMs);
    expect(printers(at(0))).toMatchObject({ verdict: 'ok', sinceMs: at(0) });

    book.station(printer('0001', 'fail', 'jam', at(10)), at(10));
    expect(printers(at(12))).toMatchObject({ verdict: 'fail', reason: 'jam', sinceMs: at(10) });
    book.station(printer('0001', 'fail', 'noPaper', at(20)), at(20));
    expect(printers(at(25))).toMatchObject({ reason: 'noPaper', sinceMs: at(10) });
    book.station(printer('0002', 'fail', 'jam', at(30)), at(30));
    book.station(printer('0001', 'ok', 'ok', at(35)), at(35));
    expect(printers(at(36))).toMatchObject({ verdict: 'fail', sinceMs: at(10), rooms: ['0002'] });

    book.station(printer('0002', 'ok', 'ok', at(40)), at(40));
    expect(printers(at(45))).toMatchObject({ verdict: 'ok', sinceMs: at(40) });
  });

  it('names the sites that changed, once, and not those whose ages alone moved', () => {
    const { book, at } = opened();
    expect(book.takeChanged()).toEqual(new Set(['4216']));
    book.station(printer('0001', 'ok', 'ok', at(5)), at(5));
    expect(book.takeChanged()).toEqual(new Set());
    book.station(printer('0001', 'fail', 'jam', at(6)), at(6));
    expect(book.takeChanged()).toEqual(new Set(['4216']));
    expect(book.takeChanged()).toEqual(new Set());
  });

  it('shows the newest ages and numbers all the same', () => {
    const { book, at } = opened();
    const [hq] = healthyStations(site, at(60));
    if (!hq) throw new Error('the site has no Штаб');
    const faster = hq.checks.map((each) =>
      each.id === 'net.down' ? { ...each, evidence: { value: 9_000_000, warn: 1 } } : each,
    );
    book.station({ ...hq, checks: faster }, at(60));
    expect(conditionOf(book, 'lineSpeed', at(61))).toMatchObject({
      verdict: 'ok',
      evidence: { measuredBytesPerSecond: 9_000_000 },
      ageMs: 6 * SECOND,
      sinceMs: at(0),
    });
  });

  it('turns a claim that nobody made into a failure when its time has passed, on a tick alone', () => {
    const dueMs = Date.parse('2024-05-14T10:00:00Z');
    const book = new ReadinessBook();
    book.setRegion(regionOf(site));
    book.setPlan(plan, versions);
    book.tick(dueMs - HOUR);
    expect(conditionOf(book, 'actsClaimed', dueMs - HOUR).verdict).toBe('warn');
    book.takeChanged();
    book.tick(dueMs);
    expect(book.takeChanged()).toEqual(new Set());
    book.tick(dueMs + SECOND);
    expect(book.takeChanged()).toEqual(new Set(['4216']));
    expect(conditionOf(book, 'actsClaimed', dueMs + MINUTE)).toMatchObject({
      verdict: 'fail',
      sinceMs: dueMs + SECOND,
    });
  });

  it('lets what a flash drive brought grow old by itself', () => {
    const { book, at } = opened();
    const own = printer('0001', 'ok', 'ok', at(0));
    book.station(
      {
        ...own,
        heartbeat: check('heartbeat', { verdict: 'unknown', reason: 'silent' }),
        carried: { atMs: at(0), checks: own.checks },
      },
      at(10),
    );
    const read = (nowMs: number) => {
      book.tick(nowMs);
      return conditionOf(book, 'printersReady', nowMs).verdict;
    };
    expect(read(at(0) + 24 * HOUR - 1)).toBe('ok');
    expect(read(at(0) + 24 * HOUR)).toBe('unknown');
  });

  it('remembers since when over a restart, though workstations come back one by one', () => {
    const { book, at } = opened();
    book.station(printer('0001', 'fail', 'jam', at(10)), at(10));
    const kept = JSON.parse(JSON.stringify(book.snapshot())) as ReturnType<typeof book.snapshot>;

    const next = new ReadinessBook();
    next.restore(kept);
    next.setRegion(regionOf(site));
    next.setPlan(plan, versions);
    for (const each of allClaims()) next.claim(each, at(100));
    for (const each of healthyStations(site, at(100))) {
      if (each.placement.roomCode !== '0001') next.station(each, at(100));
    }
    next.station(printer('0001', 'fail', 'jam', at(101)), at(101));
    next.tick(at(102));
    expect(conditionOf(next, 'printersReady', at(103)).sinceMs).toBe(at(10));
    expect(conditionOf(next, 'clocksRight', at(103)).sinceMs).toBe(at(0));
    expect(next.snapshot()).toEqual(kept);
  });

  it('says since now of what is another after a restart', () => {
    const { book, at } = opened();
    const kept = book.snapshot();
    const next = new ReadinessBook();
    next.setRegion(regionOf(site));
    next.setPlan(plan, versions);
    next.restore(kept);
    next.tick(at(50));
    expect(conditionOf(next, 'printersReady', at(51))).toMatchObject({
      verdict: 'unknown',
      sinceMs: at(50),
    });
  });

  it('keeps since when over an edit of the plan and a new import of the region', () => {
    const { book, at } = opened();
    book.setPlan({ ...plan, title: 'edited' }, { agent: '0.5.0', plan: 4 });
    book.setRegion(regionOf({ ...site, name: 'Школа № 2' }));
    book.tick(at(20));
    expect(conditionOf(book, 'clocksRight', at(21)).sinceMs).toBe(at(0));
    expect(conditionOf(book, 'planCurrent', at(21))).toMatchObject({
      verdict: 'warn',
      reason: 'oldPlan',
      sinceMs: at(20),
    });
  });

  it('knows workstations that came before the region and the plan', () => {
    const book = new ReadinessBook();
    for (const each of healthyStations(site, morningMs)) book.station(each, morningMs);
    for (const each of allClaims()) book.claim(each, morningMs);
    expect(book.of('4216', morningMs)).toBeUndefined();
    book.setRegion(regionOf(site));
    book.setPlan(plan, versions);
    const found = book.of('4216', morningMs);
    expect(found?.met).toBe(found?.total);
    expect(found?.total).toBeGreaterThan(25);
  });

  it('has no readiness while there is no plan, and forgets nothing meanwhile', () => {
    const { book, at } = opened();
    book.setPlan(null);
    expect(book.of('4216', at(5))).toBeUndefined();
    book.setPlan(plan, versions);
    book.tick(at(10));
    expect(conditionOf(book, 'printersReady', at(10))).toMatchObject({
      verdict: 'ok',
      sinceMs: at(0),
    });
  });

  it('matches anew when a workstation comes, goes or moves to another room', () => {
    const { book, at } = opened();
    const own = printer('0001', 'ok', 'ok', at(5));
    expect(book.matchOf('4216')?.notYetHeard).toEqual([]);
    book.forget(own.id, at(5));
    expect(book.matchOf('4216')?.notYetHeard).toEqual(['4216-0001-organizer-main-1']);
    expect(conditionOf(book, 'printersReady', at(5)).verdict).toBe('unknown');
    book.station({ ...own, placement: { ...own.placement, roomCode: '0002' } }, at(6));
    expect(book.matchOf('4216')?.unplanned).toHaveLength(1);
    book.station(own, at(7));
    expect(conditionOf(book, 'printersReady', at(8))).toMatchObject({
      verdict: 'ok',
      sinceMs: at(7),
    });
  });

  it('moves a workstation to another site', () => {
    const other = writtenSite('4217', 1);
    const { book, at } = opened(site, other);
    const own = printer('0001', 'ok', 'ok', at(5));
    const moved = { ...own, enrolledAtMs: 2_000 };
    book.station({ ...moved, placement: { ...own.placement, siteCode: '4217' } }, at(5));
    expect(book.matchOf('4216')?.notYetHeard).toContain('4216-0001-organizer-main-1');
    // The place there is taken by the one that came first.
    expect(book.matchOf('4217')?.unplanned).toEqual([own.id]);
    book.forget('agent-4217-0001-organizer-main-1', at(6));
    expect(book.matchOf('4217')?.matched.get('4217-0001-organizer-main-1')).toBe(own.id);
  });

  it('ignores an older word after a newer one', () => {
    const { book, at } = opened();
    book.claim(claim('portalOk', { id: 90, track: 'video', isMade: false }), at(1));
    book.claim(claim('portalOk', { id: 80, track: 'video' }), at(2));
    expect(conditionOf(book, 'videoPortalConfirmed', at(3)).reason).toBe('claimWithdrawn');
  });

  it('tells the summary as the whole tells it', () => {
    const { book, at } = opened(site, commissionSite('9001'));
    book.station(printer('0003', 'fail', 'jam', at(4)), at(4));
    for (const code of book.codes()) {
      const { met, total, verdict } = book.of(code, at(5)) ?? {};
      expect(book.summaryOf(code, at(5))).toEqual({ met, total, verdict });
    }
    expect(book.summaryOf('0000', at(5))).toBeUndefined();
  });
});

/** A book of sites whose workstations are all well, judged at `at(0)`. */
function opened(...sites: Site[]) {
  const here = sites.length === 0 ? [site] : sites;
  const at = (seconds: number): number => morningMs + seconds * SECOND;
  const book = new ReadinessBook();
  book.setRegion(regionOf(...here));
  book.setPlan(plan, versions);
  for (const each of here.flatMap((one) => healthyStations(one, at(0)))) book.station(each, at(0));
  for (const each of allClaims()) book.claim(each, at(0));
  book.tick(at(0));
  return { book, at };
}

function regionOf(...sites: Site[]): Region {
  return { isSample: true, timeZone: 'Asia/Novokuznetsk', municipalities: [], sites };
}

/** The organizer of a room with its printer as told. */
function printer(
  roomCode: string,
  verdict: Condition['verdict'],
  reason: string,
  nowMs: number,
): ReadinessStation {
  const found = healthyStations(site, nowMs).find(
    ({ placement }) => placement.roomCode === roomCode,
  );
  if (!found) throw new Error(`room ${roomCode} has no workstation`);
  const checks = found.checks.map((each) =>
    each.id === 'printer.state' ? { ...each, verdict, reason } : each,
  );
  return { ...found, checks };
}

function conditionOf(book: ReadinessBook, id: string, nowMs: number): Condition {
  const found = book.of('4216', nowMs)?.conditions.find((each) => each.id === id);
  if (!found) throw new Error(`condition ${id} does not apply`);
  return found;
}
