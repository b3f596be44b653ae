import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempDir } from '../support/temp-dir.ts';

interface Bom {
  readonly bomFormat: string;
  readonly metadata: object;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly licenses?: readonly object[];
    readonly hashes?: readonly object[];
    readonly properties?: readonly { readonly name: string }[];
  }[];
}

const root = join(import.meta.dirname, '..', '..');

function write(): string {
  const file = join(tempDir(), 'sbom.cdx.json');
  execFileSync(process.execPath, [join(root, 'deploy', 'sbom.mjs'), file], { stdio: 'ignore' });
  return readFileSync(file, 'utf8');
}

describe('the list of what the product is made of', () => {
  it('names every package that ships, with its licence and hash, and is the same each time', () => {
    const text = write();
    const bom = JSON.parse(text) as Bom;
    expect(bom.bomFormat).toBe('CycloneDX');
    const shipped = ['agent', 'server', 'board', 'protocol'].flatMap((workspace) => {
      const file = readFileSync(join(root, workspace, 'package.json'), 'utf8');
      const { dependencies = {} } = JSON.parse(file) as { dependencies?: Record<string, string> };
      return Object.entries(dependencies).filter(([name]) => !name.startsWith('@ppe-pulse/'));
    });
    expect(shipped.length).toBeGreaterThan(15);
    const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
    expect(shipped.filter(([name, version]) => !listed.has(`${name}@${version}`))).toEqual([]);
    const tools = bom.components.filter(({ name }) =>
      /^(vite|vitest|typescript|oxlint)$/.test(name),
    );
    expect(tools).toEqual([]);
    const ours = (each: Bom['components'][number]): boolean =>
      each.properties?.some(({ name }) => name === 'cdx:npm:package:private') === true;
    const bare = bom.components.filter(
      (each) => !ours(each) && (!each.licenses?.length || !each.hashes?.length),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
    expect(write()).toBe(text);
  });
});
