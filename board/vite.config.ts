import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Two pages, two builds into one folder: the collector's board, and with `--mode hq` the page that a
 * relay serves in its Штаб. Apart, so that neither loads a byte of the other: the relay's files are
 * `hq.html`, `assets/hq-*` and the fonts.
 */
export default defineConfig(({ mode }) => ({
  plugins: [react()],
  // Workspaces are read as TypeScript: no build of the protocol before the board's.
  resolve: { conditions: ['source', 'import', 'module', 'browser', 'default'] },
  build: {
    // The last Chrome for Windows 7 and 8.1, and the Firefox ESR of the same age. PCs of a ППЭ are not
    // updated for years, and nobody may update them before an exam.
    target: mode === 'hq' ? ['chrome95', 'firefox91'] : ['chrome109', 'firefox115'],
    // Inlined files would be data: URLs, which the page's policy forbids for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: mode !== 'hq',
    ...(mode === 'hq' && { rolldownOptions: { input: 'hq.html' } }),
  },
}));
