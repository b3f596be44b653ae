import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProtocolError } from '@ppe-pulse/protocol';
import { createAgentDecoder, createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import { resolveSettings } from '@ppe-pulse/protocol/settings';
import { AgentConfigSchema } from '../../agent/src/config.ts';
import { fuzzFrames } from '../support/frame-fuzz.ts';

const root = join(import.meta.dirname, '..', '..');
const own = { createAgentDecoder, createCollectorDecoder, resolveSettings, AgentConfigSchema };
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
     export { AgentConfigSchema } from ${from('agent', 'dist', 'config.js')};`,
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
       treeshake: { moduleSideEffects: [{ test: /node_modules.(?:typebox|yaml)./, sideEffects: false }] },
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
});
