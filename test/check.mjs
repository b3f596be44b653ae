#!/usr/bin/env node
/** `npm run check`: types, lint, format, dead code and the fast tests, in under 30 s. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded, installIfNeeded } from '../deploy/prepare.mjs';
import { fastFlags, fastTests } from './fast.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (...path) => join(root, 'node_modules', ...path);
const node = process.execPath;

const steps = {
  types: [node, bin('typescript', 'bin', 'tsc'), '-b'],
  lint: [node, bin('oxlint', 'bin', 'oxlint')],
  format: [node, bin('oxfmt', 'bin', 'oxfmt'), '--check', '.'],
  'dead code': [node, bin('knip', 'bin', 'knip.js')],
  tests: [node, bin('vitest', 'vitest.mjs'), 'run', '--reporter=dot', ...fastFlags, ...fastTests],
};

/** `npm test` runs the fast tests as well: whoever runs both leaves them to it. */
const withTests = !process.argv.includes('--without-tests');

installIfNeeded(root);
// Some of the fast tests read what is built.
if (withTests) buildIfNeeded(root);
const startedMs = performance.now();
// Types first: lint reads them and the store's worker is tested compiled. The rest two at a time.
let isGood = await step('types');
const rest = ['lint', 'format', 'dead code', ...(withTests ? ['tests'] : [])];
for (const pair of [rest.slice(0, 3), rest.slice(3)]) {
  const results = await Promise.all(pair.map(step));
  isGood = isGood && results.every(Boolean);
}
console.log(`check ${isGood ? 'passed' : 'FAILED'} in ${seconds(startedMs)} s`);
process.exit(isGood ? 0 : 1);

/** Runs a step; its output is shown only when it fails. */
function step(name) {
  const [command, ...flags] = steps[name];
  const fromMs = performance.now();
  const child = spawn(command, flags, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const isOk = code === 0;
      if (!isOk) console.log(output);
      console.log(`${isOk ? 'ok  ' : 'FAIL'} ${name} ${seconds(fromMs)} s`);
      resolve(isOk);
    });
  });
}

function seconds(fromMs) {
  return ((performance.now() - fromMs) / 1_000).toFixed(1);
}
