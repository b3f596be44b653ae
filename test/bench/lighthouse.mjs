/**
 * Lighthouse of the wall, night and day. It and what it needs are 186 MB in 201 packages: it is no
 * dependency of ours, npx fetches this very version when somebody asks for the bench by name.
 */
import { spawnSync } from 'node:child_process';
import { runSuite } from './suite.mjs';

/** The last one for Node 20. */
const VERSION = '12.8.2';

export function run({ short }) {
  const found = spawnSync(
    'npx',
    ['--yes', '--ignore-scripts', '-p', `lighthouse@${VERSION}`, '-c', 'command -v lighthouse'],
    { encoding: 'utf8', timeout: 300_000 },
  );
  const path = found.stdout?.trim().split('\n').at(-1) ?? '';
  if (found.status !== 0 || path === '') {
    console.log(`not measured: npx cannot fetch lighthouse@${VERSION}: ${found.stderr}`);
    return [];
  }
  process.env.PPE_PULSE_LIGHTHOUSE = path;
  return runSuite('lighthouse', { short });
}
