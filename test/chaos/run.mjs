#!/usr/bin/env node
/**
 * `npm run chaos [-- --minutes N] [--seed S]`: a collector and agents as processes, everything that
 * can go wrong done to them, then a comparison of what was produced with what is stored. The plan is
 * a function of seed and minutes. Writes test/.artifacts/chaos-SEED.json; exit 1 for a broken rule.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfNeeded, installIfNeeded } from '../../deploy/prepare.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const { minutes, seed } = options();

installIfNeeded(root);
buildIfNeeded(root);
const run = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join(here, 'vitest.config.mjs'),
    '--disable-console-intercept',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PPE_PULSE_CHAOS_MINUTES: String(minutes), PPE_PULSE_SEED: String(seed) },
  },
);
// The keeper of the run cleans up when the run is gone, however it went.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.kill('SIGKILL'));
run.on('exit', (code) => process.exit(code ?? 130));

function options() {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '10' },
        seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      },
    });
    const told = { minutes: Number(values.minutes), seed: Number(values.seed) };
    if (!(told.minutes > 0 && told.minutes <= 24 * 60)) throw new Error('--minutes: 0.3 to 1440');
    if (!Number.isInteger(told.seed) || told.seed < 0) throw new Error('--seed: a whole number');
    return told;
  } catch (error) {
    console.error(`chaos: ${error.message}`);
    return process.exit(64);
  }
}
