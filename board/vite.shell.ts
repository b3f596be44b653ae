// oxlint-disable no-restricted-imports -- runs in Node, at the build of the board.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { minifySync, type Plugin } from 'vite';

/** Files of `public/` that get a hash in their name, so that a browser need not ask for them again. */
const HASHED = ['boot.css', 'boot.js'];
const COMPRESSED = /\.(?:css|html|js|json|svg)$/;
/** Smaller files travel in one packet either way. */
const WORTH_BYTES = 1_000;
/** Charts are never needed without a collector that answers. */
const NOT_KEPT = /\/Chart-/;

/**
 * The shell of the board around what Vite built: names by content, the id of the build where page,
 * service worker and collector read it, and files compressed once instead of at every request.
 */
export function shell(): Plugin {
  let outDir = '';
  return {
    name: 'ppe-pulse-shell',
    apply: 'build',
    configResolved: (config) => {
      outDir = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) outDir = config.build.outDir;
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle }) => withFont(html, Object.keys(bundle ?? {})),
    },
    closeBundle: () => {
      hashPublicFiles(outDir);
      stamp(outDir);
      for (const path of filesOf(outDir)) compress(path);
    },
  };
}

/** The Штаб page is built into the same folder, and has only the icon of `public/`. */
export function iconOnly(): Plugin {
  return {
    name: 'ppe-pulse-icon',
    apply: 'build',
    writeBundle: ({ dir = '' }) =>
      copyFileSync(join(import.meta.dirname, 'public', 'icon.svg'), join(dir, 'icon.svg')),
  };
}

/** Cyrillic is what the wall is written in: it is asked for before the style names it. */
function withFont(html: string, files: readonly string[]): string {
  const font = files.find((file) => /cyrillic.*\.woff2$/.test(file));
  const link = `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${font}">`;
  return font === undefined ? html : html.replace('</title>', `</title>\n    ${link}`);
}

function hashPublicFiles(outDir: string): void {
  const page = join(outDir, 'index.html');
  let html = readFileSync(page, 'utf8');
  for (const name of HASHED) {
    const source = readFileSync(join(outDir, name), 'utf8');
    const text = name.endsWith('.js') ? minifySync(name, source).code : source;
    const hashed = `assets/${name.replace('.', `-${hashOf([text]).slice(0, 8)}.`)}`;
    writeFileSync(join(outDir, hashed), text);
    rmSync(join(outDir, name));
    html = html.replace(`"/${name}"`, `"/${hashed}"`);
  }
  writeFileSync(page, html);
}

/** The build's id is that of all its files. */
function stamp(outDir: string): void {
  const files = filesOf(outDir).filter((path) => !/\/hq\.html$|\/assets\/hq-/.test(path));
  const build = hashOf(files.map((path) => readFileSync(path))).slice(0, 12);
  edit(join(outDir, 'index.html'), 'name="ppe-pulse-build" content=""', (found) =>
    found.replace('""', `"${build}"`),
  );
  const kept = files
    .map((path) => path.slice(outDir.length).replaceAll('\\', '/'))
    .filter((path) => path.startsWith('/assets/') && !NOT_KEPT.test(path));
  edit(join(outDir, 'sw.js'), "BUILD = ''", () => `BUILD = '${build}'`);
  edit(
    join(outDir, 'sw.js'),
    'FILES = []',
    () => `FILES = ${JSON.stringify(['/', '/icon.svg', ...kept])}`,
  );
  const version = { build, serviceWorker: true, files: kept };
  writeFileSync(join(outDir, 'version.json'), `${JSON.stringify(version)}\n`);
}

function edit(path: string, wanted: string, change: (found: string) => string): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(wanted)) throw new Error(`${path} has no ${wanted}: the shell is not whole`);
  writeFileSync(path, text.replace(wanted, change(wanted)));
}

function compress(path: string): void {
  const bytes = readFileSync(path);
  if (!COMPRESSED.test(path) || bytes.length < WORTH_BYTES) return;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
