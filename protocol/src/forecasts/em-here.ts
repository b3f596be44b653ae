import type { Verdict } from '../truth.ts';
import type { Forecast } from './forecast.ts';
import { paceOf, timeLeft, type PacePrior, type PaceWindow } from './pace.ts';
import {
  chanceOf,
  laterSpan,
  nextValue,
  spanOfStandstill,
  type LogPrior,
  type LogRange,
  type Span,
} from './spread.ts';

/** Where the package of exam materials stands at one site. Times are of the rehearsal's clock. */
export interface EmArrival {
  readonly totalBytes: number;
  /** Null before the start. */
  readonly receivedBytes: number | null;
  /** When `receivedBytes` was read. */
  readonly receivedAtMs: number | null;
  readonly doneAtMs: number | null;
  /** When it may begin, and when it must be there. */
  readonly openFromMs: number;
  readonly deadlineMs: number | null;
  /** Of `PaceHistory`, oldest first. */
  readonly windows: readonly PaceWindow[];
  /** Newest tests of the line, bytes a second, any order; empty for never measured. */
  readonly testedBytesPerSecond: readonly number[];
  readonly contractBytesPerSecond: number | null;
  /** The agent's own range of what is left, from `atMs` on; null where it has none. */
  readonly agentRange: {
    readonly lowSeconds: number;
    readonly highSeconds: number;
    readonly atMs: number;
  } | null;
}

/**
 * Seconds of a line are alike in runs: a sum of them spreads about twice as far as that of
 * independent ones (AR(1) with 0.6), as the agent's own estimate has it.
 */
export const emPrior: PacePrior = { windowMs: 10_000, variation: 0.2, likeness: 0.6, weight: 4 };
/** Ten minutes of windows. */
export const EM_WINDOWS = 60;
const FEWEST_WINDOWS = 3;
/** [D] Nine of ten tests of a line lie within a factor of 1.5 of its middle until they are seen. */
export const lineTestPrior: LogPrior = { sd: Math.log(1.5) / 1.645, weight: 3 };
/** [D] Of a contract alone: nine of ten lines are within a factor of four. */
const contractPrior: LogPrior = { sd: Math.log(4) / 1.645, weight: 10 };
/** Tests that are looked at. */
export const LINE_TESTS = 12;
/** The agent's range is no news after this. */
const AGENT_RANGE_MS = 120_000;
/** Silence that is longer than this is a standstill. */
const SILENCE_MS = 60_000;

/** When the package is here; undefined once it is, and where nothing was ever measured or agreed. */
export function forecastEmHere(
  siteCode: string,
  em: EmArrival,
  nowMs: number,
): Forecast | undefined {
  if (em.doneAtMs !== null) return undefined;
  const leftBytes = Math.max(0, em.totalBytes - (em.receivedBytes ?? 0));
  const found = restByWindows(em, leftBytes, nowMs) ?? restByTests(em, leftBytes, nowMs);
  if (!found) return undefined;
  const beginMs = em.receivedBytes === null ? Math.max(nowMs, em.openFromMs) : nowMs;
  const waitMs = beginMs - nowMs;
  const { span, basis } = found;
  const limitMs = em.deadlineMs;
  return {
    kind: 'emHere',
    siteCode,
    roomCode: null,
    madeAtMs: nowMs,
    low: beginMs + span.lowMs,
    mid: beginMs + span.midMs,
    high: beginMs + span.highMs,
    limit: limitMs,
    chance:
      limitMs === null
        ? null
        : chanceOf(
            { low: span.lowMs, mid: span.midMs, high: span.highMs },
            limitMs - nowMs - waitMs,
          ),
    basis: { leftBytes, totalBytes: em.totalBytes, beginMs, ...basis },
  };
}

/** Check 3 `net.emEta`: this long before the deadline it is time enough for a second try. */
const EM_SPARE_MS = 86_400_000;

/** Check 3: the middle of the range a day before the deadline or sooner, before it, after it. */
export function judgeEmEta(
  hereAtMs: number,
  deadlineMs: number,
): Extract<Verdict, 'ok' | 'warn' | 'fail'> {
  if (hereAtMs <= deadlineMs - EM_SPARE_MS) return 'ok';
  return hereAtMs <= deadlineMs ? 'warn' : 'fail';
}

interface Rest {
  /** From the beginning of the rest. */
  readonly span: Span;
  readonly basis: Forecast['basis'];
}

function restByWindows(em: EmArrival, leftBytes: number, nowMs: number): Rest | undefined {
  if (em.receivedBytes === null || em.receivedAtMs === null) return undefined;
  const agoMs = Math.max(0, nowMs - em.receivedAtMs);
  const pace = em.windows.length >= FEWEST_WINDOWS ? paceOf(em.windows, emPrior) : undefined;
  if (pace) {
    return {
      span: since(timeLeft(pace, leftBytes), agoMs),
      basis: {
        from: 'received',
        bytesPerSecond: Math.round(pace.perMs * 1_000),
        variation: Math.round(pace.variation * 1_000) / 1_000,
        windows: Math.round(pace.windows * 10) / 10,
      },
    };
  }
  const agent = em.agentRange;
  if (!agent || nowMs - agent.atMs > AGENT_RANGE_MS) return undefined;
  const [lowMs, highMs] = [agent.lowSeconds * 1_000, agent.highSeconds * 1_000];
  // Its range is as wide both ways on the scale of ratios.
  const span = { lowMs, midMs: Math.sqrt(lowMs * highMs), highMs };
  return {
    span: since(span, Math.max(0, nowMs - agent.atMs)),
    basis: { from: 'agent', lowSeconds: agent.lowSeconds, highSeconds: agent.highSeconds },
  };
}

function restByTests(em: EmArrival, leftBytes: number, nowMs: number): Rest | undefined {
  const tested = em.testedBytesPerSecond.slice(-LINE_TESTS);
  const byTests = nextValue(tested, lineTestPrior);
  const contract = em.contractBytesPerSecond;
  const speed = byTests ?? (contract === null ? undefined : nextValue([contract], contractPrior));
  if (!speed) return undefined;
  const agoMs = em.receivedAtMs === null ? 0 : Math.max(0, nowMs - em.receivedAtMs);
  return {
    span: since(timeAt(speed, leftBytes), agoMs),
    basis: {
      from: byTests ? 'tests' : 'contract',
      bytesPerSecond: Math.round(speed.mid),
      lowBytesPerSecond: Math.round(speed.low),
      highBytesPerSecond: Math.round(speed.high),
      tests: byTests ? speed.count : 0,
    },
  };
}

function timeAt(speed: LogRange, bytes: number): Span {
  const at = (bytesPerSecond: number): number => (bytes / bytesPerSecond) * 1_000;
  return { lowMs: at(speed.high), midMs: at(speed.mid), highMs: at(speed.low) };
}

/** A rest that was counted `agoMs` ago; a line that is silent by now may stay so as long again. */
function since(span: Span, agoMs: number): Span {
  const rest = {
    lowMs: Math.max(0, span.lowMs - agoMs),
    midMs: Math.max(0, span.midMs - agoMs),
    highMs: Math.max(0, span.highMs - agoMs),
  };
  if (agoMs <= SILENCE_MS) return rest;
  const silence = spanOfStandstill(agoMs);
  // All that was left is still left: nothing came in meanwhile.
  return laterSpan(rest, {
    lowMs: span.lowMs,
    midMs: span.midMs + silence.midMs,
    highMs: span.highMs + silence.highMs,
  });
}
