import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** Measuring suites: TypeScript on the parts of the tests, run by the bench, not by `npm test`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/bench/*.measure.ts'],
    // One after the other: they measure CPU and time.
    fileParallelism: false,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
  },
});
