import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProtocolError } from '@ppe-pulse/protocol';
import { createAgentDecoder, createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import { resolveSettings } from '@ppe-pulse/protocol/settings';
import { AgentConfigSchema } from '../../agent/src/config.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { fuzzFrames } from '../support/frame-fuzz.ts';

const root = join(import.meta.dirname, '..', '..');
/** Libraries of the agent as they are. */
const load = createRequire(join(root, 'agent', 'package.json'));
const { parse } = load('yaml') as { parse: (text: string, options?: object) => unknown };
const { cpu, osInfo } = load('systeminformation') as Record<
  'cpu' | 'osInfo',
  () => Promise<object>
>;
const own = {
  createAgentDecoder,
  createCollectorDecoder,
  resolveSettings,
  AgentConfigSchema,
  cpu,
  osInfo,
  parse,
};
const frames = fuzzFrames({
  agentId: 'w-0123456789abcdef',
  bootId: '0123456789abcdef',
  publicKey: 'A'.repeat(43),
  others: [],
});
const collector = { url: 'ws://127.0.0.1:8080', publicKey: 'A'.repeat(43) };
const settings: unknown[] = [
  null,
  {},
  { collector, thresholds: { 'x.y': 1 }, printers: [{ ipp: 'ipp://127.0.0.1/x' }] },
  { collector, cameras: [{ url: 'rtsp://10.0.0.1/1', watch: 'always' }], relay: { enabled: true } },
  { collector, line: { portals: [{ host: 'a', port: 443 }], uplink: { cameras: 2 } }, sound: {} },
  { collector: { ...collector, pins: ['sha256/x'] }, mode: 'loud', journal: { maxBytes: 'many' } },
  { collectr: 1, dataDir: '', tests: { allow: ['scan', 'print'] }, scanners: [{}, {}, {}, {}, {}] },
];

/** The same modules as the installed agent has them. */
async function asInstalled(folder: string): Promise<typeof own> {
  const from = (...path: string[]): string => JSON.stringify(join(root, ...path));
  writeFileSync(
    join(folder, 'entry.mjs'),
    `export { createAgentDecoder, createCollectorDecoder } from ${from('protocol', 'dist', 'codec.js')};
     export { resolveSettings } from ${from('protocol', 'dist', 'settings.js')};
     export { AgentConfigSchema } from ${from('agent', 'dist', 'config.js')};
     export { cpu, osInfo } from 'systeminformation';
     export { parse } from 'yaml';`,
  );
  const plugins = pathToFileURL(join(root, 'agent', 'rolldown.instead.mjs')).href;
  writeFileSync(
    join(folder, 'config.mjs'),
    `import { oneByteLetters, otherModules } from '${plugins}';
     export default {
       input: ${JSON.stringify(join(folder, 'entry.mjs'))},
       platform: 'node',
       plugins: [otherModules('0.1.0'), oneByteLetters],
       external: ['koffi'],
       treeshake: { moduleSideEffects: [
         { test: /node_modules.(?:systeminformation|typebox|ws|yaml)./, sideEffects: false },
       ] },
       output: { file: ${JSON.stringify(join(folder, 'made.mjs'))}, codeSplitting: false },
     };`,
  );
  const bundler = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  execFileSync(process.execPath, [bundler, '-c', join(folder, 'config.mjs')], { stdio: 'pipe' });
  return (await import(pathToFileURL(join(folder, 'made.mjs')).href)) as typeof own;
}

/** What a decoder makes of a text: the value, or in a word why it is refused. */
function outcome(decode: (text: string) => unknown, text: string): unknown {
  try {
    return decode(text);
  } catch (error) {
    if (error instanceof ProtocolError) return error.closeName;
    // The bundle has a class of its own with that name.
    if (error instanceof Error && 'closeName' in error) return error.closeName;
    throw error;
  }
}

describe('schemas of the installed agent, which reads by them and compiles none', () => {
  let installed: typeof own;
  const folder = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
  beforeAll(async () => {
    installed = await asInstalled(folder);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['createAgentDecoder', 'createCollectorDecoder'] as const)(
    '%s takes and refuses the same frames',
    (name) => {
      const [here, there] = [own[name](), installed[name]()];
      let taken = 0;
      fc.assert(
        fc.property(frames, ({ bytes }) => {
          const text = bytes.toString('utf8');
          const expected = outcome(here, text);
          if (typeof expected !== 'string') taken += 1;
          expect(outcome(there, text)).toEqual(expected);
        }),
        { numRuns: 600 },
      );
      // Both refusing everything would agree, too.
      expect(taken).toBeGreaterThan(20);
    },
    60_000,
  );

  it.each(settings)('settings %# are filled and judged alike', (file) => {
    const sources = { file, env: {}, envPrefix: 'PPE_PULSE_' };
    const expected = own.resolveSettings(own.AgentConfigSchema, sources);
    expect(installed.resolveSettings(installed.AgentConfigSchema, sources)).toEqual(expected);
  });

  it('name no keyword that is left out of it', async () => {
    const list = pathToFileURL(join(root, 'agent', 'rolldown.left-out.mjs')).href;
    const { unusedKeywords } = (await import(list)) as { unusedKeywords: readonly string[] };
    const keyword = new RegExp(
      `[{,\\s]'?(?:${unusedKeywords.join('|').replaceAll('$', '\\$')})'?: `,
    );
    const files = ['protocol', 'agent'].flatMap((name) => {
      const from = join(root, name, 'src');
      const names = readdirSync(from, { recursive: true, encoding: 'utf8' });
      return names.filter((each) => each.endsWith('.ts')).map((each) => join(from, each));
    });
    const schemas = files.filter((file) => /\bType\.\w+\(/.test(readFileSync(file, 'utf8')));
    expect(schemas.length).toBeGreaterThan(20);
    expect(schemas.filter((file) => keyword.test(readFileSync(file, 'utf8')))).toEqual([]);
    expect(keyword.test('Type.Array(Type.String(), { maxItems: 3, uniqueItems: true })')).toBe(
      true,
    );
  });

  it('YAML is read alike, or refused alike', { timeout: 60_000 }, () => {
    const documents = [
      readFileSync(join(root, 'deploy', 'agent.example.yaml'), 'utf8'),
      'a: &x { b: [1, 0o7, 0x1f, -.inf, ~, yes] }\nc: *x\n"d": |+\n  text\n\ne: >-\n  two\n  lines\n',
      "- !!str 1\n- \"\\u0416\\n\"\n- 'it''s'\n- 2024-05-15\n- ? x\n  : y\n- {}\n- []\n# end\n",
      '%YAML 1.2\n---\nпорт: 8080 # комментарий\nключ: [а, б, в]\n...\n',
    ];
    const edit = fc.record({
      at: fc.nat(),
      text: fc.constantFrom(...Array.from('\n :-#&*!|>\'"%@`{}[],?\t0a')),
    });
    const texts = fc
      .tuple(fc.constantFrom(...documents), fc.array(edit, { maxLength: 6 }))
      .map(([text, edits]) =>
        edits.reduce((now, { at, text: by }) => {
          const from = at % now.length;
          return now.slice(0, from) + by + now.slice(from + (at % 2));
        }, text),
      );
    let read = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const expected = parsed(own.parse, text);
        if (expected.kind === 'read') read += 1;
        const found = parsed(installed.parse, text);
        // A key that is a list or a map; settings have none, and refuse it as they refuse any other key.
        const isOddKey = found.message?.startsWith('settings need no such YAML') === true;
        if (isOddKey)
          expect(JSON.stringify(expected)).toMatch(/"[{[*&!][^"]*(?:\\"[^"]*)*":|refused/);
        else expect(found).toEqual(expected);
      }),
      { numRuns: 400, seed: fuzzSeed('YAML') },
    );
    expect(read).toBeGreaterThan(50);
  });

  it('the PC is called alike', { timeout: 60_000 }, async () => {
    const [here, there] = await Promise.all(
      [own, installed].map(async (from) => [await from.osInfo(), await from.cpu()]),
    );
    expect(there).toEqual(here);
  });
});

function parsed(
  read: typeof parse,
  text: string,
): { readonly kind: string; readonly value?: unknown; readonly message?: string } {
  try {
    return { kind: 'read', value: read(text, { logLevel: 'silent' }) };
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : '' };
  }
}
