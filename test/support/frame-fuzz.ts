import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { fromAgent, fromBoard, idPatterns, metrics, toAgent, toBoard } from '@ppe-pulse/protocol';
import type { TSchema } from '@ppe-pulse/protocol/schema';
import { mutatedBytes } from './fuzz.ts';
import { arbitraryOf, type Known } from './schema-arbitrary.ts';

/** One frame of a fuzzed peer. Text need not be UTF-8. */
export interface FuzzFrame {
  readonly kind: 'text' | 'binary';
  readonly bytes: Buffer;
}

/** Who the peer is, and whom it could pretend to be. */
export interface FuzzNames {
  readonly agentId: string;
  readonly bootId: string;
  readonly publicKey: string;
  readonly others: readonly string[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const frames = join(import.meta.dirname, '..', 'fixtures', 'frames');
/** Names that mean something to JavaScript and nothing to us. */
const wickedNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  '',
];
const wickedTexts = ['', '0', 'x'.repeat(5_000), '\u0000', '\ud800', '\u202e', '../../x', '{}'];
const wickedNumbers = [0, -0, -1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e308, 5e-324];
const wickedValues: readonly Json[] = [
  null,
  true,
  [],
  [[[[[[]]]]]],
  {},
  { toString: null, valueOf: null },
  { length: 2 ** 32 },
  ...wickedTexts,
  ...wickedNumbers,
  ...wickedNames,
];

/** Frames that a peer of these names may send: good, nearly good, and none at all. */
export function fuzzFrames(names: FuzzNames): fc.Arbitrary<FuzzFrame> {
  const golden = goldenFrames(names);
  const { hello, proof, ...afterWelcome } = fromAgent;
  const texts = golden.map((each) => Buffer.from(JSON.stringify(each)));
  return fc.oneof(
    { weight: 12, arbitrary: ofSchemas(afterWelcome, knownNames(names)).map(textFrame) },
    { weight: 1, arbitrary: ofSchemas({ hello, proof }, knownNames(names)).map(textFrame) },
    { weight: 1, arbitrary: ofSchemas({ ...toAgent, ...fromBoard, ...toBoard }).map(textFrame) },
    { weight: 4, arbitrary: twisted(golden).map(textFrame) },
    { weight: 2, arbitrary: mutatedBytes(texts).map(textOf) },
    { weight: 1, arbitrary: fc.json().map((text) => textOf(Buffer.from(text))) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('text' as const, 'binary' as const),
        bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      }),
    },
  );
}

function textFrame(value: unknown): FuzzFrame {
  return textOf(Buffer.from(JSON.stringify(value)));
}

function textOf(bytes: Buffer): FuzzFrame {
  return { kind: 'text', bytes };
}

function ofSchemas(
  schemas: Readonly<Record<string, TSchema>>,
  known?: Known,
): fc.Arbitrary<unknown> {
  return fc.oneof(...Object.values(schemas).map((each) => arbitraryOf(each, known)));
}

/** Half of all ids are the peer's own: a frame of a stranger would not get far. */
function knownNames({ agentId, bootId, publicKey, others }: FuzzNames): Known {
  const metricIds = metrics.map(({ id }) => id);
  const numbered = metricIds.map((id) => id.replace('.', '.2.'));
  const inherited = wickedNames.filter((each) => /^[a-z]/.test(each));
  return new Map([
    [idPatterns.agentId, fc.constantFrom(agentId, ...others)],
    [idPatterns.bootId, fc.constant(bootId)],
    [idPatterns.publicKey, fc.constant(publicKey)],
    [idPatterns.dotted, fc.constantFrom(...metricIds, ...numbered, ...inherited)],
    [idPatterns.token, fc.constantFrom('relay', 'download', 'cloned', 'ok', ...inherited)],
  ]);
}

/** The golden frames of agents, as if this peer had sent them. */
function goldenFrames({ agentId, bootId, publicKey }: FuzzNames): Json[] {
  return readdirSync(frames)
    .filter((name) => name.startsWith('agent-'))
    .map((name) => {
      const text = readFileSync(join(frames, name), 'utf8')
        .replaceAll(/w-[0-9a-f]{16}/g, agentId)
        .replaceAll('00000000000000b1', bootId)
        .replaceAll(/(?<="publicKey": ")[^"]+/g, publicKey);
      return JSON.parse(text) as Json;
    });
}

/** Good frames in which values and names were replaced, taken away, added or repeated. */
function twisted(golden: readonly Json[]): fc.Arbitrary<Json> {
  const twist = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace' as const, 'remove' as const, 'add' as const, 'repeat' as const),
    name: fc.constantFrom(...wickedNames),
    value: fc.constantFrom(...wickedValues),
  });
  return fc
    .tuple(fc.constantFrom(...golden), fc.array(twist, { minLength: 1, maxLength: 4 }))
    .map(([frame, twists]) =>
      twists.reduce<Json>(
        // Many of many of many would be more than there is memory for.
        (changed, each, at) => twistOne(changed, each, at === 0 ? 300 : 2),
        structuredClone(frame),
      ),
    );
}

interface Twist {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat';
  readonly name: string;
  readonly value: Json;
}

function twistOne(frame: Json, { at, kind, name, value }: Twist, times: number): Json {
  const places = placesOf(frame);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return value;
  const { holder, key } = place;
  const old = (holder as Record<string, Json>)[key] ?? null;
  if (kind === 'remove') Reflect.deleteProperty(holder, key);
  else if (kind === 'repeat')
    define(
      holder,
      key,
      Array.from({ length: times }, () => old),
    );
  else define(holder, kind === 'add' ? name : key, structuredClone(value));
  return frame;
}

/** An assignment to `__proto__` would not make a name of that kind. */
function define(holder: object, key: string, value: Json): void {
  // The length of a list is not to be had for everything.
  if (Array.isArray(holder) && key === 'length') return;
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function placesOf(value: Json): { holder: object; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    { holder: value, key },
    ...placesOf((value as Record<string, Json>)[key] ?? null),
  ]);
}
