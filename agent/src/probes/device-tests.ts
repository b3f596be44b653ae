import { join } from 'node:path';
import { reasons, type Reason } from '@ppe-pulse/protocol';
import { readText, writeWhole } from '../platform/files.ts';

/** What a test on demand came to. */
export interface DeviceTest {
  /** The PC's wall clock at its end. */
  readonly atMs: number;
  readonly reason: Reason;
  readonly tookMs?: number;
  /** Of a sound check: what the microphone heard, dB of full scale; `SILENCE_DECIBELS` for nothing. */
  readonly decibels?: number;
}

/** Things that are tested on demand. */
export type TestedThing = `scanner ${number}` | 'sound';

/** Silence has no level: the floor of 16-bit sound stands for it. */
export const SILENCE_DECIBELS = -96;

/** Reasons that tell of the test and not of the device: it was at work, or our own part failed. */
const notHeld: readonly Reason[] = [
  'scannerBusy',
  'notSupported',
  'probeFailed',
  'probeDeadline',
  'probeQuarantined',
];

/** False for a test that came to nothing: the last one that did take place says more. */
export function tookPlace(thing: TestedThing, { reason }: DeviceTest): boolean {
  // A sound server that does not answer is no microphone that was heard.
  if (thing === 'sound' && reason === 'noAnswer') return false;
  return !notHeld.includes(reason);
}

const FILE = 'device-tests.json';
/** Devices of one PC that are remembered. */
const MAX_TESTS = 200;

/**
 * Remembers tests on demand in a file: `ppe-agent test` writes it, the service reads it. A file that
 * is damaged counts as no test.
 */
export class DeviceTests {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, FILE);
  }

  last(thing: TestedThing): DeviceTest | undefined {
    return this.#read()[thing];
  }

  record(thing: TestedThing, test: DeviceTest): void {
    writeWhole(this.#path, JSON.stringify({ ...this.#read(), [thing]: test }));
  }

  #read(): Record<string, DeviceTest> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(readText(this.#path) ?? '{}');
    } catch {
      return {};
    }
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).slice(0, MAX_TESTS).filter(isTest));
  }
}

function isTest(entry: [string, unknown]): entry is [string, DeviceTest] {
  const [, value] = entry;
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, reason } = value as { atMs?: unknown; reason?: unknown };
  return typeof atMs === 'number' && reasons.some((each) => each === reason);
}
