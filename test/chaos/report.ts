import { nameOf, type Evidence, type Verdict } from './evidence.ts';
import type { Fault } from './plan.ts';

/** What a run has found. */
export interface Report {
  readonly seed: number;
  readonly minutes: number;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly missing: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
  readonly plan: readonly Fault[];
  /** True when every rule held. */
  readonly isClean: boolean;
}

/** What a report is made of. */
export interface ReportParts {
  readonly seed: number;
  readonly minutes: number;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly missing: readonly string[];
  readonly plan: readonly Fault[];
  readonly evidence: Evidence;
  readonly verdicts: readonly Verdict[];
  /** Looks at the API. */
  readonly looks: number;
}

export function reportOf(parts: ReportParts): Report {
  const { seed, minutes, startedMs, endedMs, missing, plan, evidence, verdicts } = parts;
  const faults: Record<string, number> = {};
  for (const { what } of plan) faults[what] = (faults[what] ?? 0) + 1;
  return {
    seed,
    minutes,
    startedAt: new Date(startedMs).toISOString(),
    tookMs: endedMs - startedMs,
    missing,
    faults,
    counts: { ...countsOf(evidence), 'looks at the board': parts.looks },
    verdicts,
    plan,
    isClean: verdicts.every(({ count }) => count === 0),
  };
}

/** The table that people read. */
export function tableOf(report: Report): string {
  const row = (name: string, value: number, note = ''): string =>
    `  ${name.padEnd(44)} ${String(value).padStart(8)}${note === '' ? '' : `  ${note}`}`;
  const rows = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts).map(([name, value]) => row(name, value));
  return [
    `chaos, seed ${report.seed}, ${report.minutes} min, took ${Math.round(report.tookMs / 1_000)} s`,
    ...report.missing.map((part) => `left out: ${part}`),
    'faults',
    ...rows(report.faults),
    'heartbeats and connections',
    ...rows(report.counts),
    'must be zero',
    ...report.verdicts.flatMap(({ rule, count, samples }) => [
      row(rule, count, count === 0 ? 'ok' : 'BROKEN'),
      ...samples.slice(0, 5).map((sample) => `      ${sample}`),
    ]),
  ].join('\n');
}

function countsOf(evidence: Evidence): Record<string, number> {
  const { beats, acks, stored, journals, workstations, connections, flips } = evidence;
  const distinct = (names: readonly string[]): number => new Set(names).size;
  const acked = acks.flatMap((ack) =>
    ack.ranges.flatMap(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, at) => nameOf({ ...ack, seq: from + at })),
    ),
  );
  const live = beats.filter(({ delivery }) => delivery === 'live');
  return {
    produced: distinct([...beats, ...stored, ...journals].map(nameOf)),
    'sent live': live.length,
    'sent later': beats.length - live.length,
    'sent, never passed on': beats.filter(({ passedMs }) => passedMs === undefined).length,
    acked: distinct(acked),
    stored: distinct(stored.map(nameOf)),
    'rows in the store': stored.length,
    'still in a journal and not stored': notStored(evidence),
    'dropped and counted': workstations.reduce((sum, { dropped }) => sum + dropped, 0),
    starts: distinct(beats.map(({ workstation, boot }) => `${workstation}/${boot}`)),
    connections: connections.length,
    welcomed: connections.filter(({ welcomedMs }) => welcomedMs !== undefined).length,
    flips: flips.length,
    'flips to unknown': flips.filter(
      ({ checkId, to }) => checkId === 'heartbeat' && to === 'unknown',
    ).length,
  };
}

function notStored({ journals, stored }: Evidence): number {
  const there = new Set(stored.map(nameOf));
  return new Set(journals.map(nameOf).filter((name) => !there.has(name))).size;
}
