/**
 * Imported as an ES module, `node:http` has all of its exports evaluated, also those that load
 * undici: 5 MB on Node 24, and the agent uses none of them.
 */
const httpAlone = {
  name: 'http-alone',
  resolveId: (id) => (id === 'node:http' ? '\0http-alone' : null),
  load: (id) =>
    id === '\0http-alone'
      ? "export const { Agent, createServer, request } = process.getBuiltinModule('node:http');"
      : null,
};

/**
 * The agent as it runs on exam PCs: a few files without node_modules. Bundled it takes 12 MB less
 * memory than the same modules one by one.
 */
export default {
  input: { main: 'dist/main.js', 'probe-child': 'dist/child/probe-child.js' },
  platform: 'node',
  plugins: [httpAlone],
  // Optional native parts of ws, which the agent's few frames do not need; koffi is native, and loaded
  // on Windows only.
  external: ['bufferutil', 'utf-8-validate', 'koffi'],
  logLevel: 'warn',
  output: { dir: 'dist/bundle', format: 'esm', minify: true, cleanDir: true },
};
