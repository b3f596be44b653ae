import { existsSync } from 'node:fs';
import { configDefaults, defineConfig, type Plugin } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/**
 * Workspaces are read as TypeScript through the `source` export condition: no build before a test.
 * Vitest hands these on to Node, where `import` would make `require` load the ES modules of CommonJS
 * packages: it stays out. `npm test` has built before, and reads what it built: thousands of files that
 * are not made into JavaScript anew for every file of tests.
 */
const isCompiled = process.env.PPE_PULSE_TEST_COMPILED === '1';
/** Machines that boot, installers that are run: only `npm test -- --full` has the minutes for them. */
const tooLong = process.env.PPE_PULSE_TEST_FULL === '1' ? [] : ['test/full/**'];
const source = isCompiled ? [] : ['source'];
const SOURCE = /\/(agent|protocol|server)\/src\/(.*)\.ts$/;

/** Whatever is imported of our workspaces is Node's to load, as it ships. */
const compiled: Plugin = {
  name: 'compiled',
  enforce: 'pre',
  async resolveId(name, importer) {
    if (importer === undefined || !name.startsWith('.') || !name.endsWith('.ts')) return null;
    const found = await this.resolve(name, importer, { skipSelf: true });
    const id = found?.id.replace(SOURCE, '/$1/dist/$2.js');
    if (id === undefined || id === found?.id || !existsSync(id)) return null;
    return { id, external: true };
  },
};

export default defineConfig({
  plugins: isCompiled ? [compiled] : [],
  resolve: { conditions: [...source, 'import', 'module', 'browser', 'default'] },
  ssr: { resolve: { conditions: [...source, 'node', 'default'] } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, ...tooLong],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    // Two passes of `npm test` run at once: neither reads a file that the other is writing.
    cache: false,
    env: { TZ: 'UTC' },
    server: { deps: { external: isCompiled ? [/\/(agent|protocol|server)\/dist\//] : [] } },
  },
});
