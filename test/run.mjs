#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, builds, runs every test and ends with one line that counts
 * them. In CI a part that is missing fails; elsewhere its tests are named skips.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded, installIfNeeded } from '../deploy/prepare.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = join(root, 'test', '.artifacts', 'results.json');

installIfNeeded(root);
installParts();
buildIfNeeded(root);
mkdirSync(dirname(results), { recursive: true });
const flags = process.argv.slice(2).filter((flag) => flag !== '--full');
const ended = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
    ...flags,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PPE_PULSE_TEST_FULL: process.argv.includes('--full') ? '1' : '' },
  },
);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
  readFileSync(results, 'utf8'),
);
for (const file of testResults) {
  for (const test of file.assertionResults) {
    if (test.status === 'skipped' || test.status === 'pending')
      console.log(`skipped: ${test.fullName}`);
  }
}
// A file that does not load has no failed test in it, and is a failure all the same.
const brokenFiles = testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
const failed = numFailedTests + brokenFiles.length;
const code = ended.status !== 0 || failed > 0 || numPassedTests === 0 ? 1 : 0;
console.log(
  `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`,
);
process.exit(code);

/** Debian's programs that some tests start; only root on Debian can install them. */
function installParts() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version')) return;
  const script = join(root, 'test', 'parts', 'install.sh');
  const { status } = spawnSync('bash', [script], { stdio: 'inherit' });
  if (status !== 0 && process.env.CI === 'true') process.exit(status ?? 1);
}
