import type { ForecastScore } from '@ppe-pulse/protocol';
import { scoreTable } from '@ppe-pulse/protocol/texts';
import type { ClaimCounters } from './claim-poster.ts';
import type { WatchedFault } from './fault-watch.ts';
import type { StageStanding } from './stage-standings.ts';

/** What a collector made of a simulated day. */
export interface DayReport {
  /** Title of the plan. */
  readonly plan: string;
  readonly nowMs: number;
  readonly utcOffsetMinutes: number;
  readonly stages: readonly StageStanding[];
  readonly faults: readonly WatchedFault[];
  /** Scores of the forecasts. */
  readonly forecasts: readonly ForecastScore[];
  readonly claims: ClaimCounters;
}

/** Everything went as it was scripted: stages passed, faults appeared, people were heard. */
export function wentAsScripted({ stages, faults, claims }: DayReport): boolean {
  return (
    stages.length > 0 &&
    stages.every(({ state }) => state !== 'missed') &&
    faults.every(({ state, struck }) => state !== 'missed' && struck > 0) &&
    Object.keys(claims.refused).length === 0
  );
}

/** The report for a terminal: stages, faults, forecasts. */
export function dayReportText(report: DayReport): string {
  const clock = clockOf(report.utcOffsetMinutes);
  const { made, refused, waiting } = report.claims;
  const refusals = Object.entries(refused).map(([kind, count]) => `${count} × ${kind}`);
  return [
    `${report.plan}: ${clock(report.nowMs)} simulated`,
    '',
    ...tableOf(
      ['stage', 'track', 'done', 'of', 'due', 'reached', ''],
      report.stages.map((each) => [
        each.stage,
        each.track,
        String(each.done),
        String(each.total),
        clock(each.dueAtMs),
        clock(each.reachedAtMs),
        stageStates[each.state],
      ]),
    ),
    '',
    ...(report.faults.length > 0 ? [...faultTable(report.faults, clock), ''] : []),
    `claims: ${made} made, ${waiting} to come, refused: ${refusals.join(', ') || 'none'}`,
    '',
    scoreTable(report.forecasts, 'en'),
  ].join('\n');
}

const stageStates: Readonly<Record<StageStanding['state'], string>> = {
  onTime: 'on time',
  late: 'late',
  running: 'still running',
  missed: 'NOT REACHED',
};
const faultStates: Readonly<Record<WatchedFault['state'], string>> = {
  seen: 'seen',
  missed: 'NOT SEEN',
  notYet: 'too early to tell',
  noSign: 'nothing to be seen of it',
};

type Clock = (ms: number | null) => string;

function faultTable(faults: readonly WatchedFault[], clock: Clock): string[] {
  return tableOf(
    ['fault', 'from', 'to', 'where', 'seen of', 'first seen', ''],
    faults.map((each) => [
      each.fault,
      clock(each.fromMs),
      Number.isFinite(each.toMs) ? clock(each.toMs) : 'the end',
      each.places.join(' ') + (each.struck > each.places.length ? ' …' : ''),
      `${each.seen}/${each.looked}`,
      clock(each.firstSeenMs),
      each.struck === 0 ? 'STRIKES NOBODY' : faultStates[each.state],
    ]),
  );
}

/** Local time with its day where it is another than the day before it. */
function clockOf(utcOffsetMinutes: number): Clock {
  return (ms) => {
    if (ms === null) return '–';
    const text = new Date(ms + utcOffsetMinutes * 60_000).toISOString();
    return `${text.slice(8, 10)}.${text.slice(5, 7)} ${text.slice(11, 16)}`;
  };
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0] ?? '', widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1)];
}
