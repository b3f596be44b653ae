import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkIds,
  closeCodes,
  fromAgent,
  fromBoard,
  CLONE_CHECK,
  HEARTBEAT_CHECK,
  limits,
  metrics,
  toAgent,
  toBoard,
} from '@ppe-pulse/protocol';
import { AGENT_VERSION } from '../agent/src/version.ts';
import { COLLECTOR_VERSION } from '../server/src/version.ts';
import {
  cycles,
  directions,
  importers,
  importsOf,
  names,
  twins,
  sizes,
  words,
  type SourceFile,
} from './tidy.rules.ts';

const root = join(import.meta.dirname, '..');
const skipped = new Set(['node_modules', 'dist', '.git', '.artifacts', 'data', 'coverage']);

function walk(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
    if (skipped.has(entry.name)) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const all = walk('');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources: SourceFile[] = all
  .filter((path) => /\.(ts|tsx|mjs|css|sh)$/.test(path))
  .map((path) => ({ path, text: read(path) }));
// The rules and their test spell what they forbid.
const judged = sources.filter(({ path }) => !path.startsWith('test/tidy.'));
const file = (path: string, text: string): SourceFile[] => [{ path, text }];

describe('the code keeps the house style', () => {
  it.each([
    ['directions of imports', directions],
    ['one importer for a third-party package', importers],
    ['file sizes', sizes],
    ['words and calls', words],
    ['file names', names],
    ['names that differ in case alone', twins],
    ['no import cycles', cycles],
  ])('%s', (_, rule) => {
    expect(rule(judged)).toEqual([]);
  });

  it('and no document or script holds a path of somebody’s machine or an unfinished word', () => {
    const documents = all
      .filter((path) => /\.(md|json|yaml|yml)$/.test(path) && path !== 'package-lock.json')
      .map((path) => ({ path, text: read(path) }));
    expect(words(documents)).toEqual([]);
  });
});

describe('the rules can fail', () => {
  it.each([
    [
      'a wrong direction',
      () => directions(file('agent/src/a.ts', "import { x } from '@ppe-pulse/server';")),
    ],
    [
      'node in protocol',
      () => directions(file('protocol/src/a.ts', "import { x } from 'node:fs';")),
    ],
    [
      'a way around by path',
      () => directions(file('board/src/a.ts', "import { x } from '../../server/src/x.ts';")),
    ],
    [
      'two importers',
      () =>
        importers([
          ...file('agent/src/a.ts', "import w from 'ws';"),
          ...file('agent/src/b.ts', "import w from 'ws';"),
        ]),
    ],
    ['a long file', () => sizes(file('agent/src/a.ts', '\n'.repeat(401)))],
    ['a clock in pure logic', () => words(file('protocol/src/a.ts', 'const t = Date.now();'))],
    ['fetch in the agent', () => words(file('agent/src/a.ts', "await fetch('x')"))],
    ['package-level state', () => words(file('server/src/a.ts', 'let count = 0;'))],
    ['a wrong name', () => names(file('server/src/BadName.ts', ''))],
    [
      'a twin',
      () =>
        twins([...file('board/src/wall/Funnel.tsx', ''), ...file('board/src/wall/funnel.ts', '')]),
    ],
    [
      'a cycle',
      () =>
        cycles([
          ...file('agent/src/a.ts', "import './b.ts';"),
          ...file('agent/src/b.ts', "import { a } from './a.ts';"),
        ]),
    ],
  ])('on %s', (_, findings) => {
    expect(findings()).toHaveLength(1);
  });

  it('and read every kind of import', () => {
    expect(
      importsOf(
        "import a from 'a';\nimport type { B } from 'b';\nexport * from 'c';\nconst d = await import('d');\nimport 'e';",
      ),
    ).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('documents are complete', () => {
  it('PROTOCOL.md names every message, limit and close code', () => {
    const text = read('PROTOCOL.md');
    const messages = [fromAgent, toAgent, fromBoard, toBoard].flatMap((each) => Object.keys(each));
    const missing = [
      ...new Set([
        ...messages,
        ...Object.keys(limits),
        ...Object.values(closeCodes).flatMap(({ code, reason }) => [String(code), reason]),
      ]),
    ].filter((word) => !text.includes(`\`${word}\``));
    expect(missing).toEqual([]);
  });

  it('docs/metrics.md lists exactly the metrics and checks of the code', () => {
    const text = read('docs/metrics.md');
    const listed = [...text.matchAll(/^\| `([\w.]+)`\s+\|/gm)].map((found) => found[1] ?? '');
    expect(listed.sort()).toEqual(
      [...metrics.map((each) => each.id), ...checkIds, HEARTBEAT_CHECK, CLONE_CHECK].sort(),
    );
    for (const { id, unit } of metrics) {
      expect(text).toMatch(
        new RegExp(`^\\| \`${id.replaceAll('.', '\\.')}\`\\s+\\| ${unit}\\s+\\|`, 'm'),
      );
    }
  });

  it('every decision says its context, what was decided and what would change our mind', () => {
    const decisions = all.filter((path) => /^docs\/decisions\/\d{4}-.+\.md$/.test(path));
    expect(decisions.length).toBeGreaterThanOrEqual(5);
    for (const path of decisions) {
      for (const heading of ['## Context', '## Decision', '## What would change our mind']) {
        expect([path, read(path).includes(heading)]).toEqual([path, true]);
      }
    }
  });

  it('links in documents lead somewhere', () => {
    const broken = all
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)]
          .map((found) => join(path, '..', found[1] ?? ''))
          .filter((target) => !existsSync(join(root, target)))
          .map((target) => `${path} → ${target}`),
      );
    expect(broken).toEqual([]);
  });

  it('versions in the code are those of the packages', () => {
    const version = (name: string): unknown =>
      (JSON.parse(read(`${name}/package.json`)) as { version: string }).version;
    expect([AGENT_VERSION, COLLECTOR_VERSION]).toEqual([version('agent'), version('server')]);
  });
});
