import { expect, it } from 'vitest';
import { tableOf } from './report.ts';
import { runChaos } from './run-chaos.ts';

const minutes = Number(process.env.PPE_PULSE_CHAOS_MINUTES);
const seed = Number(process.env.PPE_PULSE_SEED);
/** The way back after the longest fault, and a journal of the whole time at twenty a second. */
const CALM_MS = 120_000;

it(`chaos of ${minutes} min, seed ${seed}`, { timeout: minutes * 60_000 + 300_000 }, async () => {
  const report = await runChaos({
    seed,
    minutes,
    calmMs: CALM_MS,
    tell: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`${tableOf(report)}\n`);
  expect(report.isClean).toBe(true);
});
