import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultIds } from '../../server/src/simulate/fault-catalogue.ts';
import { ClaimPoster } from '../../server/src/simulate/rehearsal/claim-poster.ts';
import type { PlannedClaim } from '../../server/src/simulate/rehearsal/claims.ts';
import {
  dayReportText,
  wentAsScripted,
  type DayReport,
} from '../../server/src/simulate/rehearsal/day-report.ts';
import {
  faultSigns,
  isSign,
  stalledAtMs,
} from '../../server/src/simulate/rehearsal/fault-signs.ts';
import { standingsOf } from '../../server/src/simulate/rehearsal/stage-standings.ts';

const MINUTE = 60_000;
const UTC_OFFSET = 420;
const at = (local: string): number => Date.parse(`2024-05-15T${local}:00+07:00`);

describe('the signs of faults', () => {
  it('are known of every fault', () => {
    expect(Object.keys(faultSigns).sort()).toEqual([...faultIds].sort());
  });

  it.each([
    ['printer.state', 'fail', 'jam', true],
    ['printer.2.state', 'fail', 'jam', true],
    ['printer.state', 'ok', 'ok', false],
    ['printer.state', 'silentByRule', 'isolatedByPlan', false],
    ['printer.paper', 'fail', 'tooLow', false],
  ])('%s turning %s (%s) shows a jam: %s', (checkId, to, reason, expected) => {
    const flip = { checkId, to, reason, at: '2024-05-15T10:05:00Z' };
    expect(isSign(faultSigns.printerJam, flip)).toBe(expected);
  });

  it('tell a frozen picture from a dark one', () => {
    const flip = { checkId: 'camera.1.stream', to: 'fail', reason: 'black', at: '' };
    expect(isSign(faultSigns.cameraBlack, flip)).toBe(true);
    expect(isSign(faultSigns.cameraFrozen, flip)).toBe(false);
  });
});

describe('a counter that stood while its room was isolated', () => {
  const points = (...values: readonly (number | null)[]) =>
    values.map((value, index) => ({
      at: new Date(index * MINUTE).toISOString(),
      min: value,
      max: value,
    }));
  const window = [MINUTE, 3 * MINUTE] as const;

  it('is seen when it went on afterwards', () => {
    expect(stalledAtMs(points(10, 40, 40, 41, 90), window)).toBe(MINUTE);
  });

  it('is not when it never stood, never went on, or was hardly looked at', () => {
    expect(stalledAtMs(points(10, 40, 70, 90, 120), window)).toBeUndefined();
    expect(stalledAtMs(points(10, 40, 40, 40, 40), window)).toBeUndefined();
    expect(stalledAtMs(points(10, 40, null, null, 90), window)).toBeUndefined();
    expect(stalledAtMs([], window)).toBeUndefined();
  });
});

describe('the standing of stages', () => {
  const claim = (stage: PlannedClaim['stage'], local: string): PlannedClaim => ({
    atMs: at(local),
    siteCode: '0001',
    roomCode: null,
    track: 'written',
    stage,
    done: null,
    note: '',
  });
  const told = (stage: string, rest: object) => ({
    stage,
    track: 'written',
    done: 2,
    total: 2,
    reachedAtMs: at('09:40'),
    dueAtMs: at('09:30'),
    ...rest,
  });
  const states = (stages: readonly object[], claims: readonly PlannedClaim[], local: string) =>
    standingsOf({ overview: { stages }, claims, nowMs: at(local) }).map(({ state }) => state);

  it('is late after its hour, on time before it or without one', () => {
    const early = { reachedAtMs: at('09:20') };
    const stages = [told('keyDownload', {}), told('keyDownload', early)];
    expect(states(stages, [], '12:00')).toEqual(['late', 'onTime']);
    expect(states([told('anglesOk', { dueAtMs: null })], [], '12:00')).toEqual(['onTime']);
  });

  it('is missed only when the last of its claims is some minutes old', () => {
    const stages = [told('scanning', { done: 1 })];
    const claims = [claim('scanning', '14:00'), claim('scanning', '14:20')];
    expect(states(stages, claims, '14:25')).toEqual(['running']);
    expect(states(stages, claims, '14:31')).toEqual(['missed']);
  });

  it('leaves out what nobody has, and is nothing without an overview', () => {
    expect(states([told('groups', { done: 0, total: 0 })], [], '12:00')).toEqual([]);
    expect(standingsOf({ overview: undefined, claims: [], nowMs: 0 })).toEqual([]);
  });
});

describe('the report of a day', () => {
  const report: DayReport = {
    plan: 'Апробация',
    nowMs: at('15:40'),
    utcOffsetMinutes: UTC_OFFSET,
    stages: [
      {
        stage: 'printing',
        track: 'written',
        done: 80,
        total: 80,
        reachedAtMs: at('10:17'),
        dueAtMs: at('10:15'),
        state: 'late',
      },
    ],
    faults: [
      {
        fault: 'printerJam',
        fromMs: at('10:05'),
        toMs: at('10:11'),
        places: ['4216-0012'],
        struck: 1,
        looked: 1,
        seen: 1,
        firstSeenMs: at('10:06'),
        state: 'seen',
      },
    ],
    forecasts: [],
    claims: { made: 900, refused: {}, waiting: 0 },
  };

  it('has a table of stages, of faults and of forecasts', () => {
    const text = dayReportText(report);
    expect(text).toContain('Апробация: 15.05 15:40 simulated');
    expect(text).toMatch(/printing +written +80 +80 +15\.05 10:15 +15\.05 10:17 +late/);
    expect(text).toMatch(
      /printerJam +15\.05 10:05 +15\.05 10:11 +4216-0012 +1\/1 +15\.05 10:06 +seen/,
    );
    expect(text).toContain('claims: 900 made, 0 to come, refused: none');
  });

  it('is good unless a stage or a fault is missed, or a claim refused', () => {
    expect(wentAsScripted(report)).toBe(true);
    const [stage, fault] = [report.stages[0], report.faults[0]];
    if (!stage || !fault) throw new Error('the report has both');
    const bad: Partial<DayReport>[] = [
      { stages: [] },
      { stages: [{ ...stage, state: 'missed' }] },
      { faults: [{ ...fault, state: 'missed' }] },
      { faults: [{ ...fault, struck: 0, state: 'notYet' }] },
      { claims: { ...report.claims, refused: { unknownSite: 1 } } },
    ];
    for (const part of bad) expect(wentAsScripted({ ...report, ...part })).toBe(false);
    const open = { stages: [{ ...stage, state: 'running' as const }] };
    expect(wentAsScripted({ ...report, ...open })).toBe(true);
  });
});

describe('people who claim', () => {
  async function listen(answers: (said: number) => number) {
    const bodies: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        bodies.push(JSON.parse(text) as Record<string, unknown>);
        const status = answers(bodies.length);
        const patience: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {};
        response.writeHead(status, { 'content-type': 'application/json', ...patience });
        response.end(JSON.stringify({ type: 'urn:ppe-pulse:problem:unknownSite' }));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { bodies, api: { address: `http://127.0.0.1:${port}`, token: 'token' } };
  }
  const claims = (['keyDownload', 'keyLoaded', 'scanning'] as const).map(
    (stage, index): PlannedClaim => ({
      atMs: index * 1_000,
      siteCode: '0001',
      roomCode: index === 1 ? '0002' : null,
      track: 'written',
      stage,
      done: index === 1 ? 3 : null,
      note: '',
    }),
  );
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((done) => setImmediate(done));
  };

  it('say what is due, and nothing that is not', async () => {
    const { bodies, api } = await listen(() => 201);
    const poster = new ClaimPoster({ api, claims, nowMs: () => 1_500 });
    onTestFinished(() => poster.stop());
    poster.start();
    await until(() => poster.counters().made === 2);
    const common = { siteCode: '0001', track: 'written', isMade: true, note: '' };
    expect(bodies).toEqual([
      { ...common, stage: 'keyDownload' },
      { ...common, stage: 'keyLoaded', roomCode: '0002', done: 3 },
    ]);
    expect(poster.counters()).toEqual({ made: 2, refused: {}, waiting: 1 });
  });

  it('wait as long as they are asked to and lose nothing by it', async () => {
    const { bodies, api } = await listen((said) => (said <= 4 ? 429 : 201));
    const poster = new ClaimPoster({ api, claims: claims.slice(0, 1), nowMs: () => 0 });
    onTestFinished(() => poster.stop());
    const beganMs = performance.now();
    poster.start();
    await until(() => poster.counters().waiting === 0);
    expect(poster.counters()).toEqual({ made: 1, refused: {}, waiting: 0 });
    expect(bodies).toHaveLength(5);
    expect(performance.now() - beganMs).toBeGreaterThan(3_900);
  });

  it('say nothing more when they are stopped while they wait', async () => {
    const { bodies, api } = await listen(() => 429);
    const poster = new ClaimPoster({ api, claims: claims.slice(0, 1), nowMs: () => 0 });
    onTestFinished(() => poster.stop());
    poster.start();
    await until(() => bodies.length === 1);
    poster.stop();
    await until(() => poster.counters().waiting === 0);
    expect(bodies).toHaveLength(1);
  });

  it('count a refusal once and do not insist', async () => {
    const { bodies, api } = await listen(() => 422);
    const poster = new ClaimPoster({ api, claims: claims.slice(0, 1), nowMs: () => 0 });
    onTestFinished(() => poster.stop());
    poster.start();
    await until(() => poster.counters().waiting === 0);
    expect(poster.counters()).toEqual({ made: 0, refused: { unknownSite: 1 }, waiting: 0 });
    expect(bodies).toHaveLength(1);
  });
});
