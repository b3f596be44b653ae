// oxlint-disable no-restricted-imports -- runs in Node, at the build of the board.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { iconOnly, shell } from './vite.shell.ts';

/** What a kept picture is made of: one of another shape is not shown. */
const PICTURE = [
  'messages/live.ts',
  'messages/live-parts.ts',
  'messages/live-rows.ts',
  'messages/shared.ts',
  'incidents/incident.ts',
  'live/reduce.ts',
  'live/read-rows.ts',
];

/** React and the router, and what is too small for a file of its own. */
const REACT =
  /node_modules[\\/](?:react|react-dom|scheduler|wouter|regexparam)[\\/]|src[\\/](?:live[\\/]freshness|text[\\/]ages)\.ts/;

/**
 * Two pages, two builds into one folder: the collector's board, and with `--mode hq` the page that a
 * relay serves in its Штаб. Apart, so that neither loads a byte of the other: the relay's files are
 * `hq.html`, `assets/hq-*` and the fonts.
 */
export default defineConfig(({ mode }) => ({
  plugins: [react(), mode === 'hq' ? iconOnly() : shell()],
  // Workspaces are read as TypeScript: no build of the protocol before the board's.
  resolve: {
    conditions: ['source', 'import', 'module', 'browser', 'default'],
    // React has it itself since 18: the router's copy for older ones is a kilobyte for nothing.
    alias: { 'use-sync-external-store/shim/index.js': 'react' },
  },
  publicDir: mode === 'hq' ? false : 'public',
  define: { 'import.meta.env.PICTURE_FORMAT': JSON.stringify(pictureFormat()) },
  build: {
    // The last Chrome for Windows 7 and 8.1, and the Firefox ESR of the same age. PCs of a ППЭ are not
    // updated for years, and nobody may update them before an exam.
    target: mode === 'hq' ? ['chrome95', 'firefox91'] : ['chrome109', 'firefox115'],
    // Inlined files would be data: URLs, which the page's policy forbids for fonts.
    assetsInlineLimit: 0,
    // Parts name only their styles: the names of all the scripts would be a part of every first load.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, files, { hostType }) =>
        hostType === 'html' ? files : files.filter((file) => file.endsWith('.css')),
    },
    emptyOutDir: mode !== 'hq',
    rolldownOptions: {
      ...(mode === 'hq' && { input: 'hq.html' }),
      // Most of the first load, and the same from one deploy to the next. The Штаб loads one script.
      ...(mode !== 'hq' && {
        output: {
          codeSplitting: {
            // What the wall needs is one file: cut by who else uses a part of it, it packs a kilobyte worse.
            groups: [
              { name: 'react', test: REACT },
              { name: 'board', tags: ['$initial'] },
            ],
          },
        },
      }),
    },
  },
}));

function pictureFormat(): string {
  const hash = createHash('sha256');
  for (const name of PICTURE)
    hash.update(readFileSync(`${import.meta.dirname}/../protocol/src/${name}`));
  return hash.digest('hex').slice(0, 12);
}
