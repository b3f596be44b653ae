import { describe, expect, it } from 'vitest';
import { createLog } from '../../server/src/log.ts';
import { createHqDecoder } from '@ppe-pulse/protocol/codec';
import {
  takeHeartbeat,
  type Heartbeat,
  type Moment,
  type Placement,
  type Verdict,
} from '@ppe-pulse/protocol';
import { readMemory, writeMemory, type RelayMemory } from '../../agent/src/relay/fleet-memory.ts';
import { hqFrame } from '../../agent/src/relay/hq-frame.ts';
import { SiteJudge } from '../../agent/src/relay/site-judge.ts';
import { carriedHeartbeat } from '../support/carried.ts';
import { tempDir } from '../support/temp-dir.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OWN = `w-${'0'.repeat(16)}`;
const ROOM = `w-${'1'.repeat(16)}`;
const START = 1_800_000_000_000;
const place = (roomCode: string, part: Partial<Placement> = {}): Placement => ({
  siteCode: '0042',
  roomCode,
  role: 'organizer',
  duty: 'main',
  simulated: false,
  ...part,
});
const workstations = [
  { id: OWN, placement: place('7777', { role: 'hq' }) },
  { id: ROOM, placement: place('0012') },
];
const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node 20',
};

/** A judge whose clock a test moves, looking twice a second as the relay does. */
function judgeAt(startMs = 0, memory?: RelayMemory) {
  const at = { ms: startMs };
  const now = (): Moment => ({ wallMs: START + at.ms, monotonicMs: at.ms });
  const judge = new SiteJudge({
    ownId: OWN,
    now,
    log: createLog('silent'),
    memory,
    intervalMs: 5_000,
  });
  judge.place(workstations);
  return {
    judge,
    now,
    advance: (ms: number) => {
      for (const endMs = at.ms + ms; at.ms < endMs; at.ms += 500) judge.sweep();
    },
    verdictOf: (id: string): Verdict | undefined => judge.get(id)?.standing.verdict,
    beat: (seq: number, part: Partial<Heartbeat> = {}) =>
      judge.take(
        takeHeartbeat(carriedHeartbeat(seq, { verdicts: [], ...part }), {
          workstationId: ROOM,
          relayId: null,
          atMs: now().wallMs,
          takenAtMs: now().wallMs,
          takenMonotonicMs: now().monotonicMs,
          clockOffsetMs: 0,
          intervalMs: 5_000,
          agentVersion: '0.1.0',
          inventory,
        }),
      ),
    frame: () =>
      hqFrame({
        nowMs: now().wallMs,
        ownId: OWN,
        timeZone: 'Asia/Irkutsk',
        uplink: { state: 'waiting', sinceMs: START, spooled: 3, dropped: 0 },
        workstations,
        stateOf: (id) => judge.get(id),
        incidents: { atMs: null, isCurrent: false, total: 0, items: [] },
      }),
  };
}

const fail = (): Heartbeat['verdicts'] => [
  { id: 'printer.1.state', verdict: 'fail', reason: 'paperJam', evidence: {}, ageMs: 2_000 },
];

describe('the judge in the Штаб', () => {
  it('calls a room silent by the same rule as the collector, and its goodbye no fault', () => {
    const { beat, advance, verdictOf, judge } = judgeAt();
    beat(1);
    advance(5_000);
    expect(verdictOf(ROOM)).toBe('ok');
    advance(60_000);
    expect(verdictOf(ROOM)).toBe('unknown');
    beat(2);
    judge.saidGoodbye(ROOM, { type: 'goodbye', reason: 'stageOffline', expectedReturnMs: 600_000 });
    advance(60_000);
    expect(judge.get(ROOM)?.standing.reason).not.toBe('noHeartbeat');
  });

  it('hands the zone of the plan on to the page', () => {
    expect(judgeAt().frame().timeZone).toBe('Asia/Irkutsk');
  });

  it('calls nobody silent whom the plan isolates, and whom it does not it judges as ever', () => {
    const { beat, advance, verdictOf, judge, frame } = judgeAt();
    beat(1);
    advance(1_000);
    judge.rule(ROOM, 'isolated');
    // Heard all the same: as ever.
    expect(verdictOf(ROOM)).toBe('ok');
    advance(600_000);
    expect(verdictOf(ROOM)).toBe('silentByRule');
    expect(frame().workstations.find(({ id }) => id === ROOM)?.reason).toBe('isolatedByPlan');
    judge.rule(ROOM, null);
    expect(verdictOf(ROOM)).toBe('unknown');
    judge.rule(ROOM, 'notInvolved');
    expect(verdictOf(ROOM)).toBe('notInvolved');
    judge.rule('w-00000000000000ff', 'isolated');
    expect(judge.get('w-00000000000000ff')).toBeUndefined();
  });

  it('judges the Штаб itself with the rest', () => {
    const { judge, verdictOf } = judgeAt();
    judge.takeOwn(carriedHeartbeat(1, { verdicts: fail() }), { inventory, intervalMs: 5_000 });
    expect(verdictOf(OWN)).toBe('fail');
  });

  it('raises nothing by what came by flash drive, and shows it', () => {
    const { judge, verdictOf, frame, advance } = judgeAt();
    advance(10_000);
    judge.takeCarried(
      ROOM,
      carriedHeartbeat(1, { delivery: 'carried', producedAtMs: START - 600_000, verdicts: fail() }),
    );
    expect(verdictOf(ROOM)).not.toBe('fail');
    const room = frame().workstations.find(({ id }) => id === ROOM);
    expect(room?.carried).toEqual({ importedAtMs: START + 10_000, newestAtMs: START - 600_000 });
    const jam = room?.checks.find(({ id }) => id === 'printer.1.state');
    expect(jam).toMatchObject({ verdict: 'fail', ageMs: 2_000 + 610_000 });
  });

  it('is not afraid of a time that lies ahead', () => {
    const { judge, frame } = judgeAt();
    judge.takeCarried(
      ROOM,
      carriedHeartbeat(1, { delivery: 'carried', producedAtMs: START + 1e9 }),
    );
    expect(frame().workstations[0]?.carried?.newestAtMs).toBe(START);
  });

  it.each([2_000, 600_000, 86_400_000])(
    'calls nobody silent for its own absence of %i ms',
    (awayMs) => {
      const before = judgeAt();
      before.beat(1);
      before.advance(3_000);
      const memory: RelayMemory = {
        wallOffsetMs: 0,
        intervalMs: 5_000,
        workstations: before.judge.remember(),
      };
      const after = judgeAt(3_000 + awayMs, memory);
      expect(after.verdictOf(ROOM)).toBe('ok');
      after.advance(20_000);
      expect(after.verdictOf(ROOM)).not.toBe('unknown');
      after.beat(2, { bootId: 'f'.repeat(16) });
      after.advance(5_000);
      expect(after.verdictOf(ROOM)).toBe('ok');
      // Who really went away while nobody listened is found in the end.
      after.advance(200_000);
      expect(after.verdictOf(ROOM)).toBe('unknown');
    },
  );

  it('shows a clone', () => {
    const { judge, beat, frame } = judgeAt();
    beat(1);
    judge.cloned(ROOM, 'c'.repeat(16));
    const room = frame().workstations.find(({ id }) => id === ROOM);
    expect(room).toMatchObject({ verdict: 'fail', reason: 'cloned', clones: 1 });
  });
});

describe('the frame of the page', () => {
  it('is what the page takes, rooms in order, the relay among them', () => {
    const { beat, frame } = judgeAt();
    const decode = createHqDecoder();
    expect(decode(JSON.stringify(frame())).site).toBe('0042');
    beat(1, { verdicts: fail() });
    const full = frame();
    expect(decode(JSON.stringify(full))).toEqual(full);
    expect(full.workstations.map(({ id, isRelay }) => [id, isRelay])).toEqual([
      [ROOM, false],
      [OWN, true],
    ]);
    expect(full.workstations[1]?.lastSeenMs).toBeNull();
    expect(full.site).toBe('0042');
  });

  it('changes when something changed, once', () => {
    const { judge, beat } = judgeAt();
    expect([judge.takeChanged(), judge.takeChanged()]).toEqual([true, false]);
    beat(1);
    expect([judge.takeChanged(), judge.takeChanged()]).toEqual([true, false]);
    judge.place(workstations);
    expect(judge.takeChanged()).toBe(false);
  });
});

describe('the memory of a relay', () => {
  it('comes back as it was written', () => {
    const { judge, beat } = judgeAt();
    beat(1);
    const memory = { wallOffsetMs: -36_000, intervalMs: 1_000, workstations: judge.remember() };
    const home = tempDir();
    expect(readMemory(home)).toBeUndefined();
    writeMemory(home, memory);
    expect(readMemory(home)).toEqual(JSON.parse(JSON.stringify(memory)));
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"wallOffsetMs":1,"workst'],
    ['another thing', '[1,2]'],
    ['no workstations', '{"wallOffsetMs":1}'],
  ])('that is %s is none', (_, text) => {
    const home = tempDir();
    writeFileSync(join(home, 'relay.json'), text);
    expect(readMemory(home)).toBeUndefined();
  });

  it('drops what is no memory of a workstation', () => {
    const home = tempDir();
    writeFileSync(
      join(home, 'relay.json'),
      JSON.stringify({ wallOffsetMs: null, intervalMs: 'x', workstations: { [ROOM]: { a: 1 } } }),
    );
    expect(readMemory(home)).toEqual({ wallOffsetMs: 0, intervalMs: null, workstations: {} });
  });
});
