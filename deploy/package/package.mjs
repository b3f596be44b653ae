#!/usr/bin/env node
/**
 * `npm run package [-- deb|rpm|sea|sea-windows|nsis|msi|collector|stick|all …]`: makes what is installed, in
 * `dist/packages`, with the hashes of all of it. `--update-root FILE` says whose updates an installed agent
 * believes, `--no-updates` that it believes nobody's; `--quick` packs loosely, for tests; `--from DIR` holds
 * another agent than the one that is built here; `--out DIR`.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildIfNeeded, installIfNeeded } from '../prepare.mjs';
import { makeDeb } from './deb.mjs';
import { makeMsi } from './msi.mjs';
import { makeNsis } from './nsis.mjs';
import { makePortable } from './portable.mjs';
import { makeRpm } from './rpm.mjs';
import { writeSums } from './sums.mjs';
import { makeCollector } from '../collector/archive.mjs';
import { tellStick } from '../stick/make.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Of every file in a package: a date of the build would make each build another one. */
const EPOCH_SECONDS = Date.UTC(2026, 0, 1) / 1_000;

const makers = {
  deb: (parts) => [makeDeb({ ...parts, system: 'linux-x64' })],
  'deb-arm64': (parts) => [makeDeb({ ...parts, system: 'linux-arm64' })],
  rpm: (parts) => [makeRpm({ ...parts, system: 'linux-x64' })],
  sea: async (parts) => [await makePortable({ ...parts, system: 'linux-x64' })],
  'sea-windows': async (parts) => [await makePortable({ ...parts, system: 'win-x64' })],
  nsis: (parts) => [makeNsis(parts)],
  msi: (parts) => [makeMsi(parts)],
  collector: (parts) => [makeCollector(parts)],
  stick: ({ out }) => [tellStick({ packages: out, out: join(out, 'stick') })],
};

/** An agent that was installed without the keys takes no update until another installer brings them. */
const INSTALLED = ['deb', 'deb-arm64', 'rpm', 'nsis', 'msi'];

/** For a look at a PC, and no part of an installation: made where somebody asks for it. */
const OPTIONAL = ['sea', 'sea-windows'];

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      from: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'update-root': { type: 'string' },
      'no-updates': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const wanted =
    positionals.length === 0 || positionals.includes('all')
      ? Object.keys(makers).filter((each) => !OPTIONAL.includes(each))
      : positionals;
  const unknown = wanted.filter((each) => !Object.hasOwn(makers, each));
  if (unknown.length > 0)
    throw new Error(`unknown ${unknown.join(', ')}: known are ${Object.keys(makers).join(', ')}`);
  const { 'update-root': updateRoot, 'no-updates': isWithout } = values;
  if (updateRoot !== undefined && isWithout)
    throw new Error('--update-root and --no-updates: name one of them');
  if (updateRoot === undefined && !isWithout && wanted.some((each) => INSTALLED.includes(each)))
    throw new Error(
      'name --update-root FILE, whose updates the agent believes (node deploy/update.mjs makes it), or --no-updates for nobody’s',
    );
  if (!values['no-build']) {
    installIfNeeded(root);
    buildIfNeeded(root);
  }
  const out = resolve(values.out ?? join(root, 'dist', 'packages'));
  const work = join(out, '.work');
  mkdirSync(work, { recursive: true });
  if (isWithout) console.log('--no-updates: what is installed believes no update');
  const from = resolve(values.from ?? join(root, 'agent', 'dist', 'shipped'));
  const parts = {
    root,
    from,
    work,
    out,
    updateRoot,
    epochSeconds: EPOCH_SECONDS,
    isQuick: values.quick,
  };
  for (const each of wanted) {
    for (const path of await makers[each](parts))
      console.log(`${path} ${(statSync(path).size / 1e6).toFixed(2)} MB`);
  }
  writeSums(out);
}
