import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseScannerCapabilities,
  parseScannerStatus,
} from '../../agent/src/probes/scanner/escl.ts';
import { parseDeviceList, scanFailure } from '../../agent/src/probes/scanner/sane.ts';
import { readXml } from '../../agent/src/probes/scanner/xml.ts';
import { parseAlsaCards } from '../../agent/src/probes/sound/alsa-cards.ts';
import { idPatterns, reasons } from '@ppe-pulse/protocol';
import * as replies from './scanner-sound-replies.ts';

/** Mutations of one recorded reply go on for so long, or until there were so many. */
const FUZZ_MS = 400;
const MAX_MUTANTS = 20_000;
/** The longest that reading one reply may take on a machine with other work. */
const SLOW_MS = 250;
const RANDOM_TEXTS = 400;
/** What the formats are made of. */
const MARKS = '<>/&;"\'![]-? a:=x\n\t#|0123456789'.split('');
/** `PPE_PULSE_SEED=…` repeats a run that failed. */
const seed = Number(process.env.PPE_PULSE_SEED ?? Math.trunc(Math.random() * 2 ** 31));
console.info(`scanner and sound parsers: PPE_PULSE_SEED=${seed}`);

/** A parser, a good reply to break, and what holds for whatever it reads. */
interface Target {
  readonly name: string;
  readonly reply: string;
  /** Throws when the parser does, or when its result is not one that it promises. */
  readonly read: (text: string) => void;
}

const targets: readonly Target[] = [
  { name: 'XML', reply: replies.capabilities, read: (text) => void readXml(text) },
  { name: 'ScannerStatus', reply: replies.status, read: readStatus },
  { name: 'ScannerCapabilities', reply: replies.capabilities, read: readCapabilities },
  { name: 'scanimage -f', reply: replies.list, read: readList },
  {
    name: 'words of scanimage',
    reply: 'scanimage: open of device test:7 failed: Invalid argument\n',
    read: (text) => void expect(reasons).toContain(scanFailure(1, text)),
  },
  { name: '/proc/asound/cards', reply: replies.cards, read: (t) => alsa(t, replies.pcm) },
  { name: '/proc/asound/pcm', reply: replies.pcm, read: (t) => alsa(replies.cards, t) },
];

describe.each(targets)('$name', ({ reply, read }) => {
  it('is read or refused when bytes of a good reply are changed', () => {
    const random = randomOf(seed);
    const bytes = Buffer.from(reply);
    const endMs = performance.now() + FUZZ_MS;
    let slowestMs = 0;
    for (let count = 0; count < MAX_MUTANTS && performance.now() < endMs; count += 1) {
      const mutant = mutated(bytes, random).toString('utf8');
      const startMs = performance.now();
      attempt(read, mutant);
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    }
    expect(slowestMs).toBeLessThan(SLOW_MS);
  });

  it('is read or refused when it is any text, or any JSON', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...MARKS), maxLength: 300 }),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (each) => read(each)),
      { seed, numRuns: RANDOM_TEXTS, interruptAfterTimeLimit: 2 * FUZZ_MS },
    );
  });
});

function readStatus(text: string): void {
  const reading = parseScannerStatus(text);
  if (reading.kind === 'malformed') return;
  const { state, activeJobs, imagesCompleted } = reading.value;
  expect(['idle', 'processing', 'testing', 'stopped', 'down']).toContain(state);
  isCount(activeJobs);
  isCount(imagesCompleted);
}

function readCapabilities(text: string): void {
  const reading = parseScannerCapabilities(text);
  if (reading.kind === 'malformed') return;
  const { model, resolutionsDpi } = reading.value;
  if (model !== '') expect(model).toMatch(new RegExp(idPatterns.plainText));
  expect(resolutionsDpi.length).toBeLessThanOrEqual(32);
  for (const dpi of resolutionsDpi) isCount(dpi);
}

function readList(text: string): void {
  const found = parseDeviceList(text);
  expect(found.length).toBeLessThanOrEqual(64);
  for (const each of found) isCount(each.index);
}

function alsa(cards: string, pcm: string): void {
  const found = parseAlsaCards(cards, pcm);
  if (!found) return;
  isCount(found.outputs.count);
  isCount(found.inputs.count);
}

function isCount(value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${value} is no count`);
}

/** The text goes with the error: it becomes a test of its own. */
function attempt(read: (text: string) => void, text: string): void {
  try {
    read(text);
  } catch (error) {
    throw new Error(`seed ${seed}: ${JSON.stringify(text)}`, { cause: error });
  }
}

/** One to four changes: a bit, a byte, a piece cut out, doubled, or moved. */
function mutated(original: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(original);
  for (let changes = 1 + random(4); changes > 0 && bytes.length > 0; changes -= 1) {
    const at = random(bytes.length);
    const end = Math.min(bytes.length, at + 1 + random(40));
    const [before, piece, after] = [
      bytes.subarray(0, at),
      bytes.subarray(at, end),
      bytes.subarray(end),
    ];
    const to = random(before.length + 1);
    const byte = random(256);
    bytes =
      [
        () =>
          Buffer.concat([
            before,
            Buffer.of((bytes[at] ?? 0) ^ (1 << (byte % 8))),
            bytes.subarray(at + 1),
          ]),
        () => Buffer.concat([before, Buffer.of(byte), bytes.subarray(at + 1)]),
        () => Buffer.concat([before, after]),
        () =>
          Buffer.concat([before, ...Array.from({ length: 1 + (byte % 9) }, () => piece), after]),
        () => Buffer.concat([before.subarray(0, to), piece, before.subarray(to), after]),
      ][random(5)]?.() ?? bytes;
  }
  return bytes;
}

/** Numbers from 0 to below `below`, always the same for a seed (mulberry32). */
function randomOf(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.trunc((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
