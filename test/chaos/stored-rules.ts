import {
  bootOf,
  grouped,
  nameOf,
  verdictOf,
  type BeatName,
  type Evidence,
  type Verdict,
} from './evidence.ts';
import { heardMsOf, type Hearing } from './hearing.ts';
import type { Hop, SentBeat } from './traffic.ts';

/** A heartbeat's time may be wrong by this, beside how late its connection's frames were. */
const TIME_TOLERANCE_MS = 2_000;
/** Wall clocks are read in whole milliseconds. */
const RESOLUTION_MS = 1;

/** Every acked heartbeat is in the store, and every one of the store only once. */
export function deliveryRules(evidence: Evidence): Verdict[] {
  const stored = new Map<string, number>();
  for (const row of evidence.stored) stored.set(nameOf(row), (stored.get(nameOf(row)) ?? 0) + 1);
  const ackedBy = (hop: Hop): string[] => [
    ...new Set(evidence.acks.filter((ack) => ack.hop === hop).flatMap(namesOfAck)),
  ];
  const held = new Set(evidence.journals.map(nameOf));
  const sent = new Set(evidence.beats.map(nameOf));
  return [
    verdictOf(
      'acked and not stored',
      ackedBy('collector').filter((name) => !stored.has(name)),
    ),
    // A relay acks what is safe in its spool.
    verdictOf(
      'acked by a relay and lost',
      ackedBy('relay').filter((name) => !stored.has(name) && !held.has(name)),
    ),
    verdictOf(
      'stored twice',
      [...stored].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} rows`),
    ),
    verdictOf(
      'stored and never sent',
      [...stored.keys()].filter((name) => !sent.has(name)),
    ),
  ];
}

/**
 * Every number of a boot up to its highest is in the store or still in the journal. What is in
 * neither must be counted by its agent; the last numbers of a boot that nobody ever saw were never
 * produced.
 */
export function gapRule(evidence: Evidence): Verdict {
  const names: readonly BeatName[] = [...evidence.stored, ...evidence.journals];
  const kept = grouped(names, bootOf);
  const seen = grouped<BeatName>([...names, ...evidence.beats], bootOf);
  const missing = grouped(
    [...seen.values()].flatMap((beats) => missingOf(beats, kept)),
    ({ workstation }) => workstation,
  );
  const found = evidence.workstations.flatMap(({ id, dropped }) => {
    const own = missing.get(id) ?? [];
    // Which of them were counted nobody says: as many of the oldest.
    return own.slice(dropped).map((beat) => describeGap(beat, evidence));
  });
  return verdictOf('gap that is not counted', found);
}

/**
 * Inside a boot the store's times never go back by more than the clocks' own resolution: after a
 * restart of the collector its wall and monotonic clocks are a millisecond nearer or further apart.
 */
export function orderRule(evidence: Evidence): Verdict {
  const found: string[] = [];
  for (const rows of grouped(evidence.stored, bootOf).values()) {
    const inOrder = [...rows].sort((a, b) => a.seq - b.seq);
    for (const [at, row] of inOrder.entries()) {
      const before = inOrder[at - 1];
      if (!before || before.seq === row.seq || row.atMs >= before.atMs - RESOLUTION_MS) continue;
      found.push(`${nameOf(row)} is ${before.atMs - row.atMs} ms before ${before.seq}`);
    }
  }
  return verdictOf('order not kept', found);
}

/** A row's time is when its heartbeat was really produced. */
export function timeRule(evidence: Evidence, hearing: Hearing): Verdict {
  const lateness = latenessOf(evidence, hearing);
  const beats = new Map(evidence.beats.map((beat) => [nameOf(beat), beat]));
  const found = evidence.stored.flatMap((row) => {
    const beat = beats.get(nameOf(row));
    const truth = beat && hearing.truthOf(beat);
    if (!truth) return [];
    const errorMs = Math.round(row.atMs - truth.atMs);
    const allowedMs = TIME_TOLERANCE_MS + truth.slackMs;
    const lateMs = lateness.get(nameOf(row)) ?? 0;
    if (errorMs >= -allowedMs && errorMs <= allowedMs + lateMs) return [];
    return [
      `${nameOf(row)} is ${errorMs} ms from the truth, allowed ${Math.round(allowedMs + lateMs)}`,
    ];
  });
  return verdictOf('time not true', found);
}

/**
 * How late the least late live frame of its boot on its connection was, up to each heartbeat: whoever
 * has heard nothing sooner cannot know better. Heartbeats of other boots go by the one that is live.
 */
function latenessOf(evidence: Evidence, hearing: Hearing): Map<string, number> {
  const leastMs = new Map<string, number>();
  const lateness = new Map<string, number>();
  for (const beat of evidence.beats) {
    const heardMs = beat.hop === 'relay' ? beat.passedMs : heardMsOf(beat, evidence);
    const truth = hearing.truthOf(beat);
    if (heardMs === undefined || !truth) continue;
    const own = `${beat.connection} ${beat.boot}`;
    if (beat.delivery === 'live') {
      const lateMs = Math.max(0, heardMs - truth.atMs);
      leastMs.set(own, Math.min(lateMs, leastMs.get(own) ?? lateMs));
    }
    const ofConnection = `${beat.connection} ${evidence.connections[beat.connection]?.boot}`;
    const least = leastMs.get(own) ?? leastMs.get(ofConnection) ?? 0;
    lateness.set(nameOf(beat), Math.max(least, lateness.get(nameOf(beat)) ?? 0));
  }
  return lateness;
}

function namesOfAck(ack: Evidence['acks'][number]): string[] {
  return ack.ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, at) => nameOf({ ...ack, seq: from + at })),
  );
}

function missingOf(beats: readonly BeatName[], kept: Map<string, BeatName[]>): BeatName[] {
  const [first] = beats;
  if (!first) return [];
  const highest = beats.reduce((most, { seq }) => Math.max(most, seq), 0);
  const there = new Set((kept.get(bootOf(first)) ?? []).map(({ seq }) => seq));
  return Array.from({ length: highest }, (_, at) => ({ ...nameParts(first), seq: at + 1 })).filter(
    ({ seq }) => !there.has(seq),
  );
}

function nameParts({ workstation, boot }: BeatName): Omit<BeatName, 'seq'> {
  return { workstation, boot };
}

function describeGap(beat: BeatName, { beats }: Evidence): string {
  const sends: readonly SentBeat[] = beats.filter((each) => nameOf(each) === nameOf(beat));
  const passed = sends.filter(({ passedMs }) => passedMs !== undefined).length;
  return `${nameOf(beat)}: on the wire ${sends.length} times, passed on ${passed} times`;
}
