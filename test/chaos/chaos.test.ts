import { describe, expect, it } from 'vitest';
import { tableOf } from './report.ts';
import { runChaos } from './run-chaos.ts';

/** A plan of its own that has a bit of everything in half a minute; `npm run chaos` is the long one. */
const SEED = Number(process.env.PPE_PULSE_SEED ?? 20_240_515);
const MINUTES = 0.45;
const CALM_MS = 30_000;

describe('half a minute of chaos', () => {
  it(`breaks nothing (seed ${SEED})`, { timeout: 100_000 }, async () => {
    const lines: string[] = [];
    const report = await runChaos({
      seed: SEED,
      minutes: MINUTES,
      calmMs: CALM_MS,
      tell: (line) => lines.push(line),
    });
    console.log([...lines, tableOf(report)].join('\n'));
    expect(report.counts.stored).toBeGreaterThan(50);
    expect(Object.keys(report.faults).length).toBeGreaterThan(4);
    expect(report.verdicts.filter(({ count }) => count > 0)).toEqual([]);
  });
});
