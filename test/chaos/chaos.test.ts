import { beforeAll, describe, expect, it } from 'vitest';
import { hasPart } from '../support/has-part.ts';
import { faketimeLibrary } from './clock.ts';
import { canMount } from './disk.ts';
import { tableOf, type Report } from './report.ts';
import { runChaos } from './run-chaos.ts';

/** A plan with ten kinds of fault in half a minute; `npm run chaos` is the long and random one. */
const SEED = Number(process.env.PPE_PULSE_SEED ?? 15_649);
const MINUTES = 0.45;
const CALM_MS = 35_000;
const RUN_MS = 180_000;

describe(`half a minute of chaos (seed ${SEED})`, () => {
  let report: Report;

  beforeAll(async () => {
    const lines: string[] = [];
    try {
      report = await runChaos({
        seed: SEED,
        minutes: MINUTES,
        calmMs: CALM_MS,
        tell: (line) => lines.push(line),
      });
      lines.push(tableOf(report));
    } finally {
      console.log(lines.join('\n'));
    }
  }, RUN_MS);

  it('does many kinds of fault to agents that live through it', () => {
    expect(Object.keys(report.faults).length).toBeGreaterThan(6);
    expect(report.counts.stored).toBeGreaterThan(50);
    expect(report.counts.starts).toBeGreaterThan(5);
  });

  it.skipIf(!hasPart(canMount, 'a small disk (mount, run as root)'))('fills a disk', () => {
    expect(report.faults.diskFull).toBeGreaterThan(0);
  });

  it.skipIf(!hasPart(faketimeLibrary() !== undefined, 'faketime'))('sets a wall clock', () => {
    expect(report.faults.clockStep).toBeGreaterThan(0);
  });

  it('loses nothing, stores nothing twice, keeps order and time, calls nobody unknown who is not', () => {
    expect(report.verdicts.filter(({ count }) => count > 0)).toEqual([]);
  });
});
