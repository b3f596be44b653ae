import type { Flip } from '@ppe-pulse/protocol';
import type { CollectorFault, Evidence, OwnFault } from './evidence.ts';
import type { SentAck, SentBeat } from './traffic.ts';

export const ONE = 'w-0000000000000001';
export const BOOT = '00000000000000b1';
/** When the story begins, harness's wall clock. */
export const START_MS = 1_715_740_000_000;
const SECOND_MS = 1_000;

/** What can be changed after a story was told. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };
export type Story = {
  -readonly [K in keyof Evidence]: Evidence[K] extends readonly (infer Item)[]
    ? Writable<Item>[]
    : Evidence[K];
};

/** A minute of one agent that nothing happens to: all of it is sent, acked and stored. */
export function calmStory(beats = 60): Story {
  const story: Story = {
    intervalMs: SECOND_MS,
    workstations: [{ id: ONE, name: 'one', isClockFaked: false, dropped: 0 }],
    beats: [],
    acks: [],
    connections: [{ link: 'one', hop: 'collector', openedMs: START_MS }],
    lives: [{ workstation: ONE, boot: BOOT, fromMs: START_MS, untilMs: Number.POSITIVE_INFINITY }],
    ownFaults: [],
    collectorFaults: [],
    stored: [],
    journals: [],
    flips: [],
    shown: [],
  };
  for (let seq = 1; seq <= beats; seq += 1) {
    story.beats.push(sent(seq));
    story.acks.push(acked(seq));
    story.stored.push({ workstation: ONE, boot: BOOT, seq, atMs: atMs(seq) });
  }
  return story;
}

/** When heartbeat `seq` is produced: one a second. */
export const atMs = (seq: number): number => START_MS + seq * SECOND_MS;

export function sent(seq: number, changes: Partial<SentBeat> = {}): SentBeat {
  return {
    workstation: ONE,
    boot: BOOT,
    seq,
    delivery: 'live',
    wallMs: atMs(seq),
    monotonicMs: seq * SECOND_MS,
    dropped: undefined,
    verdicts: { 'net.rtt': 'ok' },
    connection: 0,
    hop: 'collector',
    tappedMs: atMs(seq),
    passedMs: atMs(seq),
    ...changes,
  };
}

export function acked(from: number, to = from): SentAck {
  return {
    workstation: ONE,
    boot: BOOT,
    ranges: [[from, to]],
    connection: 0,
    hop: 'collector',
    tappedMs: atMs(to) + 900,
  };
}

/** The agent cannot be heard between two heartbeats: what it makes then is never passed on. */
export function silence(story: Story, fromSeq: number, toSeq: number): Story {
  const isLost = ({ seq }: { seq: number }): boolean => seq > fromSeq && seq < toSeq;
  return {
    ...story,
    beats: story.beats.map((beat) => {
      if (!isLost(beat)) return beat;
      const { passedMs: _, ...lost } = beat;
      return lost;
    }),
    acks: story.acks.filter(({ ranges }) => !isLost({ seq: ranges[0]?.[0] ?? 0 })),
    stored: story.stored.filter((row) => !isLost(row)),
    journals: [...story.journals, ...story.beats.filter(isLost).map(({ seq }) => nameOfSeq(seq))],
  };
}

const nameOfSeq = (seq: number) => ({ workstation: ONE, boot: BOOT, seq });

export function flip(atSeq: number, changes: Partial<Flip> = {}): Flip {
  return {
    workstationId: ONE,
    checkId: 'heartbeat',
    from: 'warn',
    to: 'unknown',
    reason: 'silent',
    atMs: atMs(atSeq),
    evidence: {},
    ...changes,
  };
}

export const ownFault = (what: string, fromSeq: number, toSeq: number): OwnFault => ({
  workstation: ONE,
  what,
  fromMs: atMs(fromSeq),
  untilMs: atMs(toSeq),
});

export const collectorFault = (
  what: CollectorFault['what'],
  fromSeq: number,
  toSeq: number,
): CollectorFault => ({ what, fromMs: atMs(fromSeq), untilMs: atMs(toSeq) });
