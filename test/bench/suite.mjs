/**
 * Measuring suites: TypeScript that needs the real parts of the tests. Vitest runs them, each
 * writes its figures to a file, and they come back as rows of the table.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile, row } from './bench.mjs';

const root = join(import.meta.dirname, '..', '..');
/** The shipped runtime; looked for once. */
let node24;
/** How a spread is told: each is a row with a target of its own. */
const spreads = {
  median: (samples) => percentile(samples, 0.5),
  p90: (samples) => percentile(samples, 0.9),
  highest: (samples) => Math.max(...samples),
};

/** Runs `NAME.measure.ts`. What could not be measured is said, and is no row. */
export function runSuite(name, { short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const figures = join(home, 'figures.jsonl');
  const results = join(home, 'results.json');
  try {
    const ended = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--config',
        join(import.meta.dirname, 'vitest.config.mjs'),
        '--reporter=json',
        `--outputFile.json=${results}`,
        join('test', 'bench', `${name}.measure.ts`),
      ],
      {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        env: {
          ...process.env,
          // In CI a missing part is a failure of a test; figures are left out, and it is said.
          CI: '',
          PPE_PULSE_BENCH: figures,
          PPE_PULSE_BENCH_NODE: (node24 ??= findNode24()),
          PPE_PULSE_BENCH_SHORT: short ? '1' : '',
        },
      },
    );
    tellWhatIsMissing(results, ended);
    return existsSync(figures) ? lines(figures).flatMap(rowsOf) : [];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A figure of one value is one row; of several samples, one for each way to tell their spread. */
function rowsOf({ name, value, samples, unit, target = {}, note }) {
  const also = note === undefined ? {} : { note };
  if (value !== undefined) return [row(name, value, unit, { ...target, ...also })];
  const told = { ...also, note: [`${samples.length} times`, note].filter(Boolean).join(', ') };
  return Object.entries(target).map(([spread, atMost]) =>
    row(`${name}: ${spread}`, spreads[spread](samples), unit, {
      ...(atMost === null ? {} : { atMost }),
      ...told,
    }),
  );
}

/** Node 24 from the npm registry; empty when it cannot be had. */
function findNode24() {
  const found = spawnSync('npx', ['--yes', '-p', 'node@24', '-c', 'command -v node'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const path = found.stdout?.trim().split('\n').at(-1) ?? '';
  return found.status === 0 && path !== process.execPath && existsSync(path) ? path : '';
}

function tellWhatIsMissing(results, ended) {
  if (!existsSync(results)) {
    console.log(`not measured: ${(ended.stderr || ended.stdout).trim().slice(-2_000)}`);
    return;
  }
  for (const file of JSON.parse(readFileSync(results, 'utf8')).testResults) {
    if (file.assertionResults.length === 0 && file.status === 'failed')
      console.log(`not measured: ${file.message}`);
    for (const { status, fullName, failureMessages = [] } of file.assertionResults) {
      if (status === 'failed')
        console.log(`not measured: ${fullName}: ${failureMessages.join('\n')}`);
      if (status === 'skipped' || status === 'pending') console.log(`left out: ${fullName}`);
    }
  }
}

function lines(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
