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

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const known = ['gateway', 'series', 'influx', 'agent', 'up'];
const [name, ...rest] = process.argv.slice(2).filter((flag) => flag !== '--short');
if (rest.length > 0 || (name !== undefined && !known.includes(name))) {
  console.error(`bench: name one of ${known.join(', ')}`);
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
  const { run } = await import(`./${each}.mjs`);
  const rows = await run({ short });
  for (const figure of rows) console.log(line(figure));
  all.push(...rows.map((figure) => ({ bench: each, ...figure })));
}
writeFileSync(
  join(here, 'results.json'),
  `${JSON.stringify({ at: new Date().toISOString(), short, rows: all }, null, 2)}\n`,
);

/** `name  value unit   target   share of it   met`. */
function line({ name: what, value, unit, atMost, atLeast, note }) {
  const figure = `${what.padEnd(62)} ${value.toFixed(value < 10 ? 2 : 1).padStart(9)} ${unit.padEnd(13)}`;
  const target = atMost ?? atLeast;
  if (target === undefined) return figure;
  const isMet = atMost === undefined ? value >= target : value <= target;
  const sign = atMost === undefined ? '≥' : '≤';
  return `${figure} ${sign} ${String(target).padEnd(6)} ${(value / target).toFixed(2)} of it  ${isMet ? 'met' : 'MISSED'}${note ? `  (${note})` : ''}`;
}
