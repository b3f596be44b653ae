#!/usr/bin/env node
/**
 * Writes what the product is made of, as CycloneDX: `node deploy/sbom.mjs [FILE]`. Of the lock file alone,
 * without what only develops it, and without a time or a random number: the same tree has the same list.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const file = resolve(process.argv[2] ?? join(root, 'dist', 'sbom.cdx.json'));
const flags = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
const { status, stdout, stderr } = spawnSync('npm', flags, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64_000_000,
  // On Windows npm is a script of the shell.
  shell: process.platform === 'win32',
});
if (status !== 0) {
  console.error(`npm sbom failed: ${stderr}`);
  process.exit(1);
}
const { serialNumber: _, ...bom } = JSON.parse(stdout);
delete bom.metadata.timestamp;
// A clone in another folder is the same product.
bom.metadata.component.name = 'ppe-pulse';
// npm's own "--omit dev" leaves out what one workspace ships and another only tests with.
const locked = lockedPackages();
const shipped = bom.components.filter(isShipped);
const refs = new Set([bom.metadata.component, ...shipped].map((each) => each['bom-ref']));
bom.components = shipped;
bom.dependencies = bom.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.log(`${bom.components.length} components in ${file}`);

/** Ours but the tests, and what is locked for more than development. */
function isShipped({ name, version, properties = [] }) {
  const isOurs = properties.some((each) => each.name === 'cdx:npm:package:private');
  return isOurs ? name !== 'test' : locked.has(`${name}@${version}`);
}

/** `ws@8.23.0` of every package that is not for development alone. */
function lockedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const folder = 'node_modules/';
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev }]) => path.includes(folder) && dev !== true)
      .map(
        ([path, { version }]) =>
          `${path.slice(path.lastIndexOf(folder) + folder.length)}@${version}`,
      ),
  );
}
