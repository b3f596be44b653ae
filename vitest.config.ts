import { defineConfig } from 'vitest/config';

/**
 * Workspaces are read as TypeScript through the `source` export condition: no build before a test.
 * Vitest hands these on to Node, where `import` would make `require` load the ES modules of CommonJS
 * packages: it stays out.
 */
const conditions = ['source', 'node', 'default'];

export default defineConfig({
  resolve: { conditions: ['source', 'import', 'module', 'browser', 'default'] },
  ssr: { resolve: { conditions } },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { TZ: 'UTC' },
  },
});
