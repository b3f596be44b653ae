import { appendFileSync } from 'node:fs';

/** Measured values on their way to the bench's table. */

/** A short run shows that measuring works; its figures are rough. */
export const isShort = process.env.PPE_PULSE_BENCH_SHORT === '1';

/** Tells one value; `atMost` or `atLeast` is its target. */
export function tell(
  name: string,
  value: number,
  unit: string,
  more: { readonly atMost?: number; readonly atLeast?: number; readonly note?: string } = {},
): void {
  const { note, ...target } = more;
  write({ name, value, unit, target, note });
}

/** Tells how samples are spread; each number is the target of that part, null for none. */
export function tellSpread(
  name: string,
  samples: readonly number[],
  unit: string,
  spread: {
    readonly median?: number | null;
    readonly p90?: number | null;
    readonly highest?: number | null;
    readonly note?: string;
  },
): void {
  const { note, ...target } = spread;
  if (samples.length > 0) write({ name, samples, unit, target, note });
}

function write(figure: object): void {
  const path = process.env.PPE_PULSE_BENCH;
  const line = JSON.stringify(figure);
  // A suite that is run by hand has no table.
  if (path === undefined) console.log(line);
  else appendFileSync(path, `${line}\n`);
}
