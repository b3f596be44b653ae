import fc from 'fast-check';

/** Cases of one fuzz run. */
const RUNS = 2_000;

/** A seed for a test of chance, printed with its name; `PPE_PULSE_SEED` sets it. */
export function fuzzSeed(what: string): number {
  const seed = Number(process.env.PPE_PULSE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
  console.log(`${what}: PPE_PULSE_SEED=${seed}`);
  return seed;
}

/**
 * Feeds a parser with random bytes and with good recordings in which bytes were changed, cut out or
 * doubled.
 */
export function fuzzed(
  what: string,
  recorded: readonly Buffer[],
  parse: (bytes: Buffer) => void,
): void {
  const seed = fuzzSeed(what);
  const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(mutatedBytes(recorded), random), (bytes) => parse(bytes)),
    {
      seed,
      numRuns: RUNS,
    },
  );
}

/** Good recordings in which up to eight bytes were changed, cut out or doubled. */
export function mutatedBytes(recorded: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const edit = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), kind: fc.nat({ max: 3 }) });
  return fc
    .tuple(fc.constantFrom(...recorded), fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([from, edits]) => edits.reduce(edited, Buffer.from(from)));
}

function edited(
  bytes: Buffer,
  edit: { readonly at: number; readonly byte: number; readonly kind: number },
): Buffer {
  const at = edit.at % Math.max(1, bytes.length);
  if (edit.kind === 1) return bytes.subarray(0, at);
  if (edit.kind === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
  if (edit.kind === 3) return Buffer.concat([bytes, bytes.subarray(at)]);
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[at] = edit.byte;
  return copy;
}
