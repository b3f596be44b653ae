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
import { fastFlags, fastTests } from './fast.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const artifacts = join(root, 'test', '.artifacts');
const flags = process.argv.slice(2).filter((flag) => flag !== '--full');

installIfNeeded(root);
installParts();
buildIfNeeded(root);
mkdirSync(artifacts, { recursive: true });
// Most tests wait for processes and clocks: three files side by side on two cores. Those that measure
// real devices and lines to some percent, or how soon a busy collector acks: each by itself.
const measured = [
  ...['camera', 'clock', 'line', 'printer'].map((each) => `test/parts/${each}`),
  'test/system/hostile-agents',
];
const passes =
  flags.length > 0
    ? [pass('named', flags)]
    : [
        pass('fast', [...fastFlags, ...fastTests]),
        pass('together', ['--maxWorkers=3', ...without([...fastTests, ...measured])]),
        pass('measured', ['--maxWorkers=1', ...measured]),
      ];
const FAILURE_LINES = 25;
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const { results } of passes) count(JSON.parse(readFileSync(results, 'utf8')));
const isGood = passes.every(({ status }) => status === 0) && counts.failed === 0;
for (const { results } of passes) tellFailures(JSON.parse(readFileSync(results, 'utf8')));
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(isGood && counts.passed > 0 ? 0 : 1);

/** Flags that leave out folders, and files that begin so. */
function without(paths) {
  return paths.flatMap((each) => [`--exclude=${each}*`, `--exclude=${each}/**`]);
}

/** Runs some of the tests; answers how it ended and where its results are. */
function pass(name, args) {
  const results = join(artifacts, `results-${name}.json`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PPE_PULSE_TEST_FULL: process.argv.includes('--full') ? '1' : '' },
  });
  return { status, results };
}

/** Adds up, and names what was skipped. */
function count({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) {
  for (const file of testResults) {
    for (const { status, fullName } of file.assertionResults)
      if (status === 'skipped' || status === 'pending') console.log(`skipped: ${fullName}`);
  }
  // A file that does not load has no failed test in it, and is a failure all the same.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  counts.passed += numPassedTests;
  counts.failed += numFailedTests + broken.length;
  counts.skipped += numPendingTests + numTodoTests;
}

/** What failed, once more at the end: the log of a long run is often kept by its tail only. */
function tellFailures({ testResults }) {
  for (const { name, status, message, assertionResults } of testResults) {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (status === 'failed' && assertionResults.length === 0) tell(name, message);
    for (const { fullName, failureMessages } of failed)
      tell(`${name}: ${fullName}`, failureMessages.join('\n'));
  }
}

/** The first lines of a failure, which say what was expected and where. */
function tell(what, message) {
  const lines = message.split('\n').slice(0, FAILURE_LINES);
  console.log([`failed: ${what}`, ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Debian's programs that some tests start; only root on Debian can install them. */
function installParts() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version')) return;
  const script = join(root, 'test', 'parts', 'install.sh');
  const { status } = spawnSync('bash', [script], { stdio: 'inherit' });
  if (status !== 0 && process.env.CI === 'true') process.exit(status ?? 1);
}
