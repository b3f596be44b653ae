#!/usr/bin/env node
/**
 * `npm run bench [-- NAME] [--short]`: measures, prints each figure beside its target as a ratio and
 * writes test/bench/results.json. A missed target is a figure, not a failure.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfNeeded, installIfNeeded } from '../../deploy/prepare.mjs';
import { runSuite } from './suite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const known = [
  'gateway',
  'tls',
  'delivery',
  'journal',
  'series',
  'registry-import',
  'stages',
  'readiness',
  'incidents',
  'replay',
  'influx',
  'start',
  'agent',
  'devices',
  'camera',
  'line',
  'board',
  'up',
];
/** Half an hour, or a tool that is fetched for it: only when it is named. */
const long = ['soak', 'day', 'neighbours', 'lighthouse'];
/** Those that measure TypeScript on the parts of the tests. */
const suites = new Set(['journal', 'agent', 'devices', 'camera', 'line', 'board']);
const [name, ...rest] = process.argv.slice(2).filter((flag) => flag !== '--short');
if (rest.length > 0 || (name !== undefined && ![...known, ...long].includes(name))) {
  console.error(`bench: name one of ${[...known, ...long].join(', ')}`);
  process.exit(64);
}
const short = process.argv.includes('--short');

installIfNeeded(root);
buildIfNeeded(root);
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}${short ? ', short' : ''}`,
);
const all = [];
for (const each of name === undefined ? known : [name]) {
  const rows = suites.has(each)
    ? runSuite(each, { short })
    : await (await import(`./${each}.mjs`)).run({ short });
  for (const figure of rows) console.log(line(figure));
  all.push(...rows.map((figure) => ({ bench: each, ...figure })));
}
writeFileSync(
  join(here, 'results.json'),
  `${JSON.stringify({ at: new Date().toISOString(), short, rows: all }, null, 2)}\n`,
);

/** `name  value unit   target   share of it   met   (note)`. */
function line({ name: what, value, unit, atMost, atLeast, note }) {
  const digits = value !== 0 && Math.abs(value) < 10 ? 2 : 1;
  const told = `${what.padEnd(62)} ${value.toFixed(digits).padStart(9)} ${unit.padEnd(13)}`;
  const target = atMost ?? atLeast;
  const also = note ? `  (${note})` : '';
  if (target === undefined) return `${told}${also}`;
  const isMet = atMost === undefined ? value >= target : value <= target;
  const sign = atMost === undefined ? '≥' : '≤';
  // Of a target of none there is no share.
  const share = target === 0 ? ''.padEnd(10) : `${(value / target).toFixed(2)} of it`.padEnd(10);
  return `${told} ${sign} ${String(target).padEnd(6)} ${share}  ${isMet ? 'met' : 'MISSED'}${also}`;
}
