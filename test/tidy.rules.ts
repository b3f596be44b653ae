/** A source file of the repository, path with forward slashes from its root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A broken rule: where, and what to do instead. */
export interface Finding {
  readonly path: string;
  readonly message: string;
}

const workspaces = ['protocol', 'agent', 'server', 'board', 'test'] as const;
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  agent: ['protocol'],
  server: ['protocol'],
  board: ['protocol'],
  test: ['protocol', 'agent', 'server', 'board'],
};
const MAX_LINES = 400;
/** React is the board's language, the schema library is the protocol's and the API's. */
const manyImporters = new Set(['react', 'wouter', 'typebox', 'typebox/compile']);

/** The specifiers that a file imports from. */
export function importsOf(text: string): string[] {
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
}

/** Packages import in one direction: protocol ← agent, server, board ← test. */
export function directions(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    const own = workspaceOf(path);
    if (own === undefined) return [];
    return importsOf(text).flatMap((specifier) => {
      const other = /^@ppe-pulse\/(\w+)/.exec(specifier)?.[1];
      if (other !== undefined && other !== own && !mayImport[own]?.includes(other)) {
        return [
          {
            path,
            message: `imports ${specifier}: ${own} may import only ${mayImport[own]?.join(', ') || 'nothing of ours'}`,
          },
        ];
      }
      if (own === 'protocol' && specifier.startsWith('node:')) {
        return [{ path, message: `imports ${specifier}: protocol is pure, hand the value in` }];
      }
      const isEscape =
        own !== 'test' &&
        specifier.startsWith('.') &&
        resolve(path, specifier).split('/')[0] !== own;
      return isEscape ? [{ path, message: `imports ${specifier} by path: use @ppe-pulse/…` }] : [];
    });
  });
}

/** A third-party runtime package has one file per workspace that knows it. */
export function importers(files: readonly SourceFile[]): Finding[] {
  const known = new Map<string, string[]>();
  for (const { path, text } of files) {
    const own = workspaceOf(path);
    if (own === undefined || own === 'test' || !path.includes('/src/')) continue;
    for (const specifier of new Set(importsOf(text))) {
      if (/^(\.|node:|@ppe-pulse\/)/.test(specifier) || manyImporters.has(specifier)) continue;
      const key = `${own} ${specifier}`;
      known.set(key, [...(known.get(key) ?? []), path]);
    }
  }
  return [...known]
    .filter(([, paths]) => paths.length > 1)
    .map(([key, paths]) => ({
      path: paths.join(', '),
      message: `${key} is imported in ${paths.length} files: wrap it in one`,
    }));
}

/** No file is longer than one can hold in the head. */
export function sizes(files: readonly SourceFile[]): Finding[] {
  return files
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => ({
      path,
      message: `${lines} lines: split it, ${MAX_LINES} is the cap`,
    }));
}

interface Forbidden {
  readonly pattern: RegExp;
  readonly where: RegExp;
  readonly message: string;
}

const forbidden: readonly Forbidden[] = [
  {
    pattern: /\/(?:work|farm|root|home)\/\w/,
    where: /./,
    message: 'a path of somebody’s machine: make it relative',
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX)\b/,
    where: /./,
    message: 'unfinished words: finish it or open an issue',
  },
  {
    pattern: /\bDate\.now\(|\bperformance\.now\(/,
    where:
      /^(protocol\/src|server\/src\/(fleet|live\/f)|agent\/src\/link\/link-machine|board\/src\/live\/(reduce|freshness))/,
    message: 'reads a clock: pure logic gets `now`',
  },
  {
    pattern: /(?<![.\w])fetch\(|new WebSocket\(/,
    where: /^agent\/src\/(?!link\/socket)/,
    message: 'the shipped runtime has no undici: use node:http, or ws in link/socket.ts',
  },
  {
    pattern: /\b(?:it|test|describe)\.(?:only|todo)\b/,
    where: /^test\//,
    message: 'focused or empty test: run them all',
  },
  {
    pattern: /node:child_process/,
    where: /^agent\/src\/(?!child\/)/,
    message: 'the agent starts no processes of its own: make it a job of the probe child',
  },
  {
    pattern: /^(?:let|var) /m,
    where: /^(?:protocol|agent|server|board)\/src/,
    message: 'package-level state: construct it once in the composition file',
  },
];

/** Words and calls that do not belong where they stand. */
export function words(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) =>
    forbidden
      .filter(({ where, pattern }) => where.test(path) && pattern.test(withoutComments(path, text)))
      .map(({ pattern, message }) => ({
        path,
        message: `${pattern.exec(withoutComments(path, text))?.[0].trim()}: ${message}`,
      })),
  );
}

/** Files are named by the domain: kebab-case, components in PascalCase. */
export function names(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /^(protocol|agent|server|board)\/src\//.test(path))
    .filter(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      if (name.endsWith('.tsx')) return !/^[A-Z][A-Za-z]*\.tsx$|^main\.tsx$/.test(name);
      return name.endsWith('.ts') && !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name);
    })
    .map(({ path }) => ({
      path,
      message: 'name it kebab-case.ts, or PascalCase.tsx for a component',
    }));
}

/** Windows and macOS take `Funnel.tsx` and `funnel.ts` for one name where types are written. */
export function twins(files: readonly SourceFile[]): Finding[] {
  const known = new Map<string, string>();
  return files.flatMap(({ path }) => {
    if (!/\.tsx?$/.test(path)) return [];
    const name = path.replace(/\.tsx?$/, '').toLowerCase();
    const other = known.get(name);
    known.set(name, path);
    return other === undefined ? [] : [{ path, message: `is one name with ${other}: rename it` }];
  });
}

/** No import cycles inside a workspace. */
export function cycles(files: readonly SourceFile[]): Finding[] {
  const edges = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((each) => each.startsWith('.'))
        .map((each) => resolve(path, each)),
    ]),
  );
  const done = new Set<string>();
  const findings: Finding[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      findings.push({ path, message: `import cycle: ${[...trail.slice(at), path].join(' → ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) if (edges.has(next)) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return findings;
}

function workspaceOf(path: string): string | undefined {
  return workspaces.find((name) => path.startsWith(`${name}/`));
}

function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The rules speak of code; a comment may name what it warns of. */
function withoutComments(path: string, text: string): string {
  if (!/\.(ts|tsx|mjs)$/.test(path)) return text;
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
