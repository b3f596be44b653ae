import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** A run of chaos: TypeScript on the parts of the tests, started by `npm run chaos`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/chaos/*.run.ts'],
    // In the runner's own process: the keeper notices when that is killed.
    pool: 'threads',
  },
});
