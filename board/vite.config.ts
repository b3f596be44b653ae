import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Workspaces are read as TypeScript: no build of the protocol before the board's.
  resolve: { conditions: ['source', 'import', 'module', 'browser', 'default'] },
  build: {
    // The last Chrome for Windows 7 and 8.1, and the Firefox ESR of the same age.
    target: ['chrome109', 'firefox115'],
    // Inlined files would be data: URLs, which the page's policy forbids for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
