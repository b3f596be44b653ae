#!/usr/bin/env node
/**
 * `npm test`: installs what is missing, builds, runs every test and ends with one line that counts
 * them. In CI a part that is missing fails; elsewhere its tests are named skips.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded, installIfNeeded } from '../deploy/prepare.mjs';
import { fastFlags, fastTests } from './fast.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const artifacts = join(root, 'test', '.artifacts');
const isFullOnly = process.argv.includes('--full-only');
const isFull = isFullOnly || process.argv.includes('--full');
const flags = process.argv.slice(2).filter((flag) => !flag.startsWith('--full'));

installIfNeeded(root);
installParts(join(root, 'test', 'parts', 'install.sh'), isFull ? ['--full'] : []);
// What cannot be made here fails in its own tests, with the reason.
if (isFull) installParts(join(root, 'test', 'full', 'install.sh'));
buildIfNeeded(root);
mkdirSync(artifacts, { recursive: true });
// Those that measure real devices and lines to some percent, or how soon a busy collector acks: each by
// itself.
const measured = [
  ...['camera', 'clock', 'line', 'printer'].map((each) => `test/parts/${each}`),
  'test/system/hostile-agents',
  'test/chaos/tap',
];
// What hardly does anything but wait for clocks that cannot be hurried is one more file beside all others: it
// takes a place, and next to nothing of a core.
const idle = [
  'test/parts/power',
  'test/parts/quiet',
  ...[
    'collector-frozen',
    'collector-restart',
    'few-files',
    'goodbye',
    'hq-incidents',
    'self-check',
    'service-notify',
    'slow-peers',
    'store-full',
    'update-ways',
  ].map((each) => `test/system/${each}`),
];
// Where something runs only with --full: machines that boot, packages as they are shipped, long trials.
const fullTests = [
  'test/full',
  ...[
    'collector-install',
    'packages',
    'service-settings',
    'service-windows',
    'stick',
    'windows',
  ].map((each) => `test/parts/${each}`),
  ...['collector-kill', 'no-processes'].map((each) => `test/system/${each}`),
  'test/browser/stress',
];
const full = async (more = []) => pass('full', ['--maxWorkers=1', ...fullTests, ...more]);
const apart = [...fastTests, ...measured, ...idle, ...(isFull ? fullTests : ['test/full'])];
const passes = await asked();
const FAILURE_LINES = 25;
/** More files than this are no chance of a busy machine: they are not asked a second time. */
const AGAIN_FILES = 4;
const told = passes.map((each) => JSON.parse(readFileSync(each.results, 'utf8')));
const second = flags.length > 0 ? { passed: new Set() } : await again(told);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const each of told) count(each);
const failed = told.flatMap(failuresOf).filter(({ key }) => !second.passed.has(key));
counts.passed += counts.failed - failed.length;
counts.failed = failed.length;
// A pass that ended badly without a failed test broke in some other way: nothing makes up for it.
const isWhole = passes.every(({ status }, at) => status === 0 || failuresOf(told[at]).length > 0);
const isGood = isWhole && counts.failed === 0;
for (const { key, message } of told.flatMap(failuresOf))
  tell(`${second.passed.has(key) ? 'unsteady, passed alone' : 'failed'}: ${key}`, message);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(isGood && counts.passed > 0 ? 0 : 1);

/** What the flags ask for: everything, all that --full adds, or files by name. */
async function asked() {
  if (isFullOnly) return [await full(flags)];
  if (flags.length === 0) return allPasses();
  return [await pass('named', isFull ? ['--maxWorkers=1', ...flags] : flags)];
}

/**
 * Most tests wait for processes and clocks: three files side by side on two cores. They share their modules
 * as the fast ones do: reading a collector takes as long as many a test of it.
 */
async function allPasses() {
  const shared = '--no-isolate';
  return [
    await pass('fast', [...fastFlags, ...fastTests]),
    ...(await Promise.all([
      pass('together', ['--maxWorkers=3', shared, ...without(apart)]),
      pass('idle', ['--maxWorkers=1', shared, ...idle]),
    ])),
    await pass('measured', ['--maxWorkers=1', ...measured]),
    ...(isFull ? [await full()] : []),
  ];
}

/** Flags that leave out folders, and files that begin so. */
function without(paths) {
  return paths.flatMap((each) => [`--exclude=${each}*`, `--exclude=${each}/**`]);
}

/** Runs some of the tests; answers how it ended and where its results are. */
async function pass(name, args) {
  const results = join(artifacts, `results-${name}.json`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PPE_PULSE_TEST_FULL: isFull ? '1' : '',
      PPE_PULSE_TEST_COMPILED: '1',
    },
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
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

/**
 * A test of processes and clocks that failed beside others is run once more by itself: what fails
 * again is broken, what passes is told as unsteady, loudly. Answers which passed.
 */
async function again(first) {
  const files = [
    ...new Set(first.flatMap(failuresOf).map(({ file }) => relative(root, file))),
  ].filter((file) => !fastTests.some((folder) => file.startsWith(folder)));
  const all = new Set(first.flatMap(failuresOf).map(({ file }) => file));
  if (files.length === 0 || all.size !== files.length || files.length > AGAIN_FILES)
    return { passed: new Set() };
  console.log(`\nonce more, by themselves: ${files.join(', ')}`);
  const { results } = await pass('again', ['--maxWorkers=1', ...files]);
  const alone = JSON.parse(readFileSync(results, 'utf8'));
  const passed = alone.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter((each) => each.status === 'passed')
      .map(({ fullName }) => `${name}: ${fullName}`),
  );
  return { passed: new Set(passed) };
}

/** What failed: tests, and files that do not load, which have no failed test in them. */
function failuresOf({ testResults }) {
  return testResults.flatMap(({ name: file, status, message, assertionResults }) =>
    status === 'failed' && assertionResults.length === 0
      ? [{ file, key: file, message }]
      : assertionResults
          .filter((each) => each.status === 'failed')
          .map(({ fullName, failureMessages }) => ({
            file,
            key: `${file}: ${fullName}`,
            message: failureMessages.join('\n'),
          })),
  );
}

/** The first lines of a failure, at the end once more: a long log is often kept by its tail only. */
function tell(what, message) {
  const lines = message.split('\n').slice(0, FAILURE_LINES);
  console.log([what, ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Debian's programs that some tests start; only root on Debian can install them. */
function installParts(script, flag = []) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version')) return;
  const { status } = spawnSync('bash', [script, ...flag], { stdio: 'inherit' });
  if (status !== 0 && process.env.CI === 'true') process.exit(status ?? 1);
}
