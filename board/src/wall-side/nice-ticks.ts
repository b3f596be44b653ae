/** Steps that people count in, times any power of ten. */
const STEPS = [1, 2, 5, 10] as const;
const MAX_INTERVALS = 3;

/** Three or four round numbers from 0 to at least `max`. Pure. */
export function niceTicks(max: number): readonly number[] {
  const highest = Number.isFinite(max) && max > 0 ? max : 1;
  const power = 10 ** Math.floor(Math.log10(highest / MAX_INTERVALS));
  const step = (STEPS.find((each) => each * power * MAX_INTERVALS >= highest) ?? 10) * power;
  const intervals = Math.ceil(highest / step - 1e-9);
  // Sums of a step such as 0.1 would not be round.
  return Array.from({ length: intervals + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

const MINUTE_MS = 60_000;
const TIME_STEPS_MS = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080].map(
  (minutes) => minutes * MINUTE_MS,
);
const MAX_TIMES = 4;

/** Round moments between two others, four at most. Pure. */
export function niceTimes(fromMs: number, toMs: number): readonly number[] {
  const step = TIME_STEPS_MS.find((each) => (toMs - fromMs) / each <= MAX_TIMES);
  if (step === undefined || toMs <= fromMs) return [];
  const first = Math.ceil(fromMs / step) * step;
  const times: number[] = [];
  for (let ms = first; ms <= toMs && times.length < MAX_TIMES; ms += step) times.push(ms);
  return times;
}
