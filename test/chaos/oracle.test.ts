import { describe, expect, it } from 'vitest';
import {
  acked,
  atMs,
  BOOT,
  calmStory,
  collectorFault,
  flip,
  ONE,
  ownFault,
  sent,
  silence,
  type Story,
} from './evidence-story.ts';
import { judge } from './oracle.ts';

/** Rules that were broken, with how often. */
function broken(story: Story): Record<string, number> {
  return Object.fromEntries(
    judge(story)
      .filter(({ count }) => count > 0)
      .map(({ rule, count }) => [rule, count]),
  );
}

const row = (seq: number, offMs = 0) => ({
  workstation: ONE,
  boot: BOOT,
  seq,
  atMs: atMs(seq) + offMs,
});
const beatName = (seq: number) => ({ workstation: ONE, boot: BOOT, seq });

describe('what is delivered', () => {
  it('is in order when all of it is sent, acked and stored', () => {
    expect(broken(calmStory())).toEqual({});
  });

  it('has a fault when an acked heartbeat is not stored, though a journal has it', () => {
    const story = calmStory();
    story.stored.splice(16, 1);
    story.journals.push(beatName(17));
    expect(broken(story)).toEqual({ 'acked and not stored': 1 });
  });

  it('has a fault when an ack names a number in the middle of a range that is not stored', () => {
    const story = calmStory();
    story.acks.splice(0, 60, acked(1, 60));
    story.stored.splice(30, 1);
    story.journals.push(beatName(31));
    expect(broken(story)).toEqual({ 'acked and not stored': 1 });
  });

  it('has a fault when a relay has acked what is neither stored nor in its spool', () => {
    const story = calmStory();
    story.stored.splice(16, 1);
    story.acks.splice(16, 1, { ...acked(17), hop: 'relay' });
    story.journals.push(beatName(17));
    expect(broken(story)).toEqual({});
    story.journals.pop();
    story.workstations = [{ id: ONE, name: 'one', isClockFaked: false, dropped: 1 }];
    expect(broken(story)).toEqual({ 'acked by a relay and lost': 1 });
  });

  it('has a fault when a heartbeat has two rows', () => {
    const story = calmStory();
    story.stored.push(row(5));
    expect(broken(story)).toEqual({ 'stored twice': 1 });
  });

  it('has a fault when a row is of a heartbeat that nobody sent', () => {
    const story = calmStory();
    story.stored.push(row(61));
    expect(broken(story)).toEqual({ 'stored and never sent': 1 });
  });
});

describe('gaps', () => {
  /** Heartbeat 20 is in no store. */
  const gap = (): Story => {
    const story = calmStory();
    story.stored.splice(19, 1);
    story.acks.splice(19, 1);
    return story;
  };

  it('are found when they are in no journal either', () => {
    expect(broken(gap())).toEqual({ 'gap that is not counted': 1 });
    const samples = judge(gap()).find(({ rule }) => rule.startsWith('gap'))?.samples;
    expect(samples).toEqual([`${ONE}/${BOOT}/20: on the wire 1 times, passed on 1 times`]);
  });

  it('are found when the number was never on the wire', () => {
    const story = gap();
    story.beats.splice(19, 1);
    expect(broken(story)).toEqual({ 'gap that is not counted': 1 });
  });

  it('are none when the journal has it, or its agent owns up to it', () => {
    const held = gap();
    held.journals.push(beatName(20));
    expect(broken(held)).toEqual({});
    const counted = gap();
    counted.workstations = [{ id: ONE, name: 'one', isClockFaked: false, dropped: 1 }];
    expect(broken(counted)).toEqual({});
  });

  it('beyond what is counted are found', () => {
    const story = gap();
    story.stored.splice(40, 2);
    story.acks.splice(40, 2);
    story.workstations = [{ id: ONE, name: 'one', isClockFaked: false, dropped: 1 }];
    expect(broken(story)).toEqual({ 'gap that is not counted': 2 });
  });

  it('are none at the end of a boot that died before it wrote', () => {
    const story = calmStory();
    story.stored.splice(59, 1);
    story.acks.splice(59, 1);
    story.beats.splice(59, 1);
    expect(broken(story)).toEqual({});
  });
});

describe('times', () => {
  it('that go back inside a boot are found', () => {
    const story = calmStory();
    story.stored.splice(29, 1, row(30, -1_001));
    expect(broken(story)).toEqual({});
    story.stored.splice(29, 1, row(30, -1_002));
    expect(broken(story)).toEqual({ 'order not kept': 1 });
  });

  it('that are not true are found, of late and of early ones', () => {
    const story = calmStory();
    story.stored.splice(0, 1, row(1, -2_100));
    story.stored.splice(59, 1, row(60, 2_100));
    expect(broken(story)).toEqual({ 'time not true': 2 });
  });

  it('may be as late as the least late frame of the connection', () => {
    const story = calmStory(1);
    story.beats.splice(0, 1, sent(1, { passedMs: atMs(6) }));
    story.stored.splice(0, 1, row(1, 5_000));
    expect(broken(story)).toEqual({});
    story.beats.unshift(sent(1));
    expect(broken(story)).toEqual({ 'time not true': 1 });
  });

  it('may not be as late as another boot’s frames on the same connection', () => {
    const story = calmStory(2);
    const other = sent(1, { boot: '00000000000000b2', monotonicMs: 1, passedMs: atMs(9) });
    story.beats.unshift(other, sent(1, { boot: other.boot, monotonicMs: 0, tappedMs: atMs(1) }));
    story.stored.splice(1, 1, row(2, 5_000));
    story.journals.push({ workstation: ONE, boot: other.boot, seq: 1 });
    expect(broken(story)).toEqual({ 'time not true': 1 });
  });

  it('are judged by the monotonic clock when the wall clock is set at will', () => {
    const story = calmStory();
    story.workstations = [{ id: ONE, name: 'one', isClockFaked: true, dropped: 0 }];
    story.beats = story.beats.map((beat) => ({ ...beat, wallMs: beat.wallMs + 36_000_000 }));
    expect(broken(story)).toEqual({});
    story.stored.splice(59, 1, row(60, 36_000_000));
    expect(broken(story)).toEqual({ 'time not true': 1 });
  });

  it('of a boot that was never live are judged by its start', () => {
    const story = calmStory(5);
    story.workstations = [{ id: ONE, name: 'one', isClockFaked: true, dropped: 0 }];
    story.beats = story.beats.map((beat) => ({ ...beat, delivery: 'backlog', wallMs: 0 }));
    expect(broken(story)).toEqual({});
    story.stored.splice(4, 1, row(5, 8_000));
    expect(broken(story)).toEqual({ 'time not true': 1 });
  });
});

describe('unknown', () => {
  it('is true of an agent that was killed, until it is heard again', () => {
    const story = silence(calmStory(), 20, 40);
    story.ownFaults.push(ownFault('agentKill', 20, 35));
    story.flips.push(flip(26));
    story.shown.push({ workstation: ONE, fromMs: atMs(26), untilMs: atMs(39), reason: 'silent' });
    expect(broken(story)).toEqual({});
  });

  it('is false of one that nothing was done to', () => {
    const story = calmStory();
    story.flips.push(flip(26));
    expect(broken(story)).toEqual({ 'false unknown': 1 });
  });

  it('is false when it comes before its deadline', () => {
    const story = silence(calmStory(), 20, 40);
    story.ownFaults.push(ownFault('linkCut', 20, 35));
    story.flips.push(flip(25));
    expect(broken(story)).toEqual({ 'false unknown': 1 });
  });

  it('is false when only the collector was away, and it was away for most of the silence', () => {
    const story = silence(calmStory(), 20, 32);
    story.collectorFaults.push(collectorFault('collectorKill', 20, 30));
    story.flips.push(flip(30, { atMs: atMs(30) + 200 }));
    expect(broken(story)).toEqual({ 'false unknown after a collector’s restart': 1 });
  });

  it('is false right after the collector’s process was stopped for a while', () => {
    const story = calmStory();
    story.collectorFaults.push(collectorFault('collectorStop', 20, 30));
    story.flips.push(flip(30, { atMs: atMs(30) + 5 }));
    expect(broken(story)).toEqual({ 'false unknown after a collector’s stop': 1 });
  });

  it('is false on the board while it is heard', () => {
    const story = calmStory();
    story.shown.push({
      workstation: ONE,
      fromMs: atMs(30),
      untilMs: atMs(31),
      reason: 'notYetHeard',
    });
    expect(broken(story)).toEqual({ 'false unknown on the board': 1 });
  });

  it('is false on the board when it stays after the agent is heard again', () => {
    const story = silence(calmStory(), 20, 40);
    story.ownFaults.push(ownFault('agentKill', 20, 35));
    story.shown.push({ workstation: ONE, fromMs: atMs(26), untilMs: atMs(50), reason: 'silent' });
    expect(broken(story)).toEqual({ 'false unknown on the board': 1 });
  });

  it('may still stand on the board when a kill took the newest heartbeat', () => {
    const story = silence(calmStory(), 20, 30);
    story.ownFaults.push(ownFault('agentKill', 20, 29));
    story.beats = story.beats.filter(({ seq }) => seq <= 30 || seq > 40);
    story.collectorFaults.push(collectorFault('collectorKill', 31, 38));
    const shown = { workstation: ONE, fromMs: atMs(26), untilMs: atMs(39), reason: 'silent' };
    story.shown.push(shown);
    story.stored = story.stored.filter(({ seq }) => seq <= 30 || seq > 40);
    story.journals.push(...Array.from({ length: 10 }, (_, at) => beatName(31 + at)));
    story.acks = story.acks.filter(({ ranges }) =>
      story.stored.some(({ seq }) => seq === ranges[0]?.[0]),
    );
    expect(broken(story)).toEqual({});
    story.flips.push(flip(39));
    expect(broken(story)).toEqual({ 'false unknown after a collector’s restart': 1 });
  });

  it('is true while heartbeats are given to a collector that has closed the connection', () => {
    const story = calmStory();
    story.connections = [
      { link: 'one', hop: 'collector', openedMs: atMs(0), farClosedMs: atMs(20) + 1 },
    ];
    story.ownFaults.push(ownFault('linkFreeze', 20, 60));
    story.flips.push(flip(27));
    expect(broken(story)).toEqual({});
    story.connections = calmStory().connections;
    expect(broken(story)).toEqual({ 'false unknown': 1 });
  });

  it('is true before the first heartbeat, and after a goodbye', () => {
    const story = silence(calmStory(), 20, 30);
    story.shown.push({
      workstation: ONE,
      fromMs: atMs(0),
      untilMs: atMs(1),
      reason: 'notYetHeard',
    });
    story.ownFaults.push(ownFault('agentRestart', 20, 25));
    story.flips.push(flip(21, { reason: 'saidGoodbye' }));
    expect(broken(story)).toEqual({});
  });
});

describe('flips and ways back', () => {
  const rtt = { checkId: 'net.rtt', from: 'ok', to: 'fail' } as const;

  it('that a live heartbeat says are in order', () => {
    const story = calmStory();
    story.beats.splice(19, 1, sent(20, { verdicts: { 'net.rtt': 'fail' } }));
    story.flips.push(flip(20, rtt));
    expect(broken(story)).toEqual({});
  });

  it('that only a backlog says are found', () => {
    const story = calmStory();
    const { verdicts: _, ...old } = sent(3, { delivery: 'backlog', passedMs: atMs(20) });
    story.beats.push({ ...old, verdicts: undefined });
    story.flips.push(flip(20, rtt));
    expect(broken(story)).toEqual({ 'flip without a live heartbeat': 1 });
  });

  it('that a frame said to a collector that was just ending are in order', () => {
    const story = calmStory();
    story.beats.splice(19, 1, sent(20, { verdicts: { 'net.rtt': 'fail' } }));
    story.collectorFaults.push(collectorFault('collectorRestart', 20, 21));
    story.flips.push(flip(20, rtt));
    expect(broken(story)).toEqual({});
  });

  it('that only a member said to its relay are found', () => {
    const story = calmStory();
    const toRelay = { hop: 'relay', verdicts: { 'net.rtt': 'fail' } } as const;
    story.beats.push(sent(20, toRelay));
    story.flips.push(flip(20, rtt));
    expect(broken(story)).toEqual({ 'flip without a live heartbeat': 1 });
  });

  it('of an agent that stays away after its fault are found', () => {
    const story = silence(calmStory(300), 20, 280);
    story.ownFaults.push(ownFault('linkFreeze', 20, 60));
    expect(broken(story)).toEqual({ 'came back too late': 1 });
    story.ownFaults.push(ownFault('linkCut', 70, 200));
    expect(broken(story)).toEqual({});
  });
});
