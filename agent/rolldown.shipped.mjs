import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { oneByteLetters, otherModules } from './rolldown.instead.mjs';

/** Another version and folder than the tree's own: tests build an update of what they installed. */
const version = process.env.PPE_PULSE_BUILD_VERSION ?? packageAt('.').version;
const dir = process.env.PPE_PULSE_BUILD_DIR ?? 'dist/shipped';

/** What is run together, while the agent is made. */
const parts = join(dir, 'parts');

/** Files that the agent is made of. */
const sources = new Set();
const listing = {
  name: 'listing',
  writeBundle(_, files) {
    for (const { modules } of Object.values(files))
      for (const id of Object.keys(modules)) sources.add(id);
  },
};

/** Writes beside the agent what it is, by hash, and the licences of all that it is made of. */
const papers = {
  name: 'papers',
  writeBundle(_, files) {
    const { code } = files['agent.mjs'];
    const sha256 = createHash('sha256').update(code).digest('hex');
    const manifest = { product: 'ppe-pulse-agent', version, sha256, size: Buffer.byteLength(code) };
    writeFileSync(join(dir, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
    writeFileSync(join(dir, 'THIRD-PARTY.txt'), notices([...sources]));
    rmSync(parts, { recursive: true });
  },
};

const common = {
  platform: 'node',
  // Optional native parts of ws, which the agent's few frames do not need; koffi lies beside the agent.
  external: ['bufferutil', 'utf-8-validate', 'koffi'],
  treeshake: {
    moduleSideEffects: [
      { test: /node_modules.(?:systeminformation|typebox|ws|yaml)./, sideEffects: false },
    ],
  },
  logLevel: 'warn',
};

/**
 * Files of what is loaded together. Made one file at once, each of a thousand modules would have a function
 * of its own that runs it; so there are a hundred, and an update is 8 kB less.
 */
function inParts(input) {
  const output = { dir: parts, entryFileNames: '[name].mjs', format: 'esm', cleanDir: true };
  return { ...common, input, plugins: [otherModules(version), listing], output };
}

/** One file: what is loaded when it is needed stands in it, too, and is run then. */
function oneFile(input, plugins) {
  return {
    ...common,
    input,
    plugins: [otherModules(version), oneByteLetters, ...plugins],
    output: {
      dir,
      entryFileNames: '[name].mjs',
      format: 'esm',
      minify: true,
      codeSplitting: false,
      comments: false,
    },
  };
}

/**
 * What is installed: the agent, which an update replaces, and the launcher, which chooses between
 * versions of it. The same sources give the same bytes.
 */
export default [
  inParts({ agent: 'dist/shipped.js' }),
  oneFile({ agent: join(parts, 'agent.mjs') }, [papers]),
  oneFile({ launcher: 'dist/launcher/main.js' }, []),
];

/** Name, licence and its text of every package that the modules are of, and of koffi beside them. */
function notices(modules) {
  const folder = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/;
  const found = modules.flatMap((id) => folder.exec(id.replaceAll('\0', ''))?.[1] ?? []);
  const koffi = join('..', 'node_modules', 'koffi');
  const texts = [...new Set(found), koffi].map((path) => {
    const { name, version: itsVersion, license } = packageAt(path);
    const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? '' : `\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
    return `${name} ${itsVersion}, ${license}\n${text}`;
  });
  return `${[...new Set(texts)].toSorted().join(`\n${'-'.repeat(72)}\n\n`)}`;
}

function packageAt(path) {
  const file = join(path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : packageAt(dirname(path));
}
