/**
 * What the portable executable runs first: a module of Node's is loaded from a file, so the agent and its
 * native part are laid into a folder of this run alone, which goes with it.
 */
'use strict';
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { getRawAsset } = require('node:sea');
const { pathToFileURL } = require('node:url');
const vm = require('node:vm');

/** Its own `import` knows built-in modules only; this one is that of any program. */
const load = vm.runInThisContext('(url) => import(url)', {
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
const given = process.argv.slice(2);

// The agent forks itself for its probes: then the file of the first one is named before the word.
if (given.at(-1) === 'probe-child') {
  run(given.at(-2), ['probe-child']);
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'ppe-agent-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  for (const name of ['agent.mjs', 'koffi.node'])
    writeFileSync(path.join(folder, name), Buffer.from(getRawAsset(name)), { mode: 0o600 });
  run(path.join(folder, 'agent.mjs'), given);
}

function run(file, words) {
  process.argv = [process.execPath, file, ...words];
  load(pathToFileURL(file).href);
}
