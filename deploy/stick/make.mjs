#!/usr/bin/env node
/**
 * `npm run package -- stick`: the folder that a technician carries. Installers, the two install scripts,
 * the page to read; the coordinator lays the enrolment file of a ППЭ beside them.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSums } from '../package/sums.mjs';
import { toCodePage866 } from './code-page-866.mjs';
import { readMe } from './read-me.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/** What a PC is installed with, by what it is. A drive without one of them serves fewer PCs. */
const kinds = [
  { kind: 'Windows', pattern: /^ppe-pulse-agent.*\.exe$/ },
  { kind: 'Astra, Debian (x86-64)', pattern: /^ppe-pulse-agent_.*_amd64\.deb$/ },
  { kind: 'Astra, Debian (ARM64)', pattern: /^ppe-pulse-agent_.*_arm64\.deb$/ },
  { kind: 'ALT, RED OS (x86-64)', pattern: /^ppe-pulse-agent-.*x86_64\.rpm$/ },
];

/**
 * Makes the folder anew and answers what is in it and which kinds of PC it cannot serve. Throws when
 * there is no installer at all, and when there are several of one kind.
 */
function makeStick({ packages, out, enrolment }) {
  const names = existsSync(packages) ? readdirSync(packages).sort() : [];
  const found = kinds.map(({ kind, pattern }) => ({
    kind,
    files: names.filter((each) => pattern.test(each)),
  }));
  for (const { kind, files } of found)
    if (files.length > 1) throw new Error(`${packages}: several for ${kind}: ${files.join(', ')}`);
  const files = found.flatMap((each) => each.files);
  if (files.length === 0)
    throw new Error(`${packages} holds no installer: npm run package -- deb, rpm or nsis first`);
  const version = JSON.parse(readFileSync(join(root, 'agent', 'package.json'), 'utf8')).version;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'packages'), { recursive: true });
  for (const name of files) copyFileSync(join(packages, name), join(out, 'packages', name));
  writeSums(join(out, 'packages'));
  copyFileSync(join(here, 'install.sh'), join(out, 'install.sh'));
  const batch = readFileSync(join(here, 'install.cmd'), 'utf8');
  writeFileSync(join(out, 'install.cmd'), toCodePage866(batch));
  if (enrolment !== undefined) copyFileSync(enrolment, join(out, basename(enrolment)));
  const screen = readFileSync(join(here, 'screens', 'install.txt'), 'utf8');
  const folder = listing(
    files,
    enrolment === undefined ? 'ppe-XXXX.enrolment.json' : basename(enrolment),
  );
  const page = join(out, 'ПРОЧТИ МЕНЯ.html');
  writeFileSync(page, readMe({ folder, screen, version }));
  const missing = found.filter((each) => each.files.length === 0).map(({ kind }) => kind);
  return { page, files, missing };
}

/** Makes it and says which PCs it cannot serve; answers the path of its page. */
export function tellStick(parts) {
  const { page, missing } = makeStick(parts);
  for (const kind of missing) console.log(`not on the flash drive: ${kind}`);
  return page;
}

/** What the drive shows, for the picture. */
function listing(files, enrolment) {
  return [
    'install.cmd                      ← Windows',
    'install.sh                       ← Linux',
    'ПРОЧТИ МЕНЯ.html',
    enrolment.padEnd(33) + '← файл вашего ППЭ',
    'packages',
    '    SHA256SUMS',
    ...files.map((name) => `    ${name}`),
  ].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const { values } = parseArgs({
      options: {
        packages: { type: 'string', default: join(root, 'dist', 'packages') },
        out: { type: 'string', default: join(root, 'dist', 'packages', 'stick') },
        enrolment: { type: 'string' },
      },
    });
    const { packages, out, enrolment } = values;
    console.log(tellStick({ packages: resolve(packages), out: resolve(out), enrolment }));
  } catch (error) {
    console.error(`stick: ${error.message}`);
    process.exitCode = 1;
  }
}
