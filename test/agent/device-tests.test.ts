import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Reason } from '@ppe-pulse/protocol';
import { ChildGoneError, ProbeHost } from '../../agent/src/child/probe-host.ts';
import { loadConfig, type AgentConfig } from '../../agent/src/config.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { tookPlace, type DeviceTest } from '../../agent/src/probes/device-tests.ts';
import { runDeviceTests, type TestableThing } from '../../agent/src/probes/run-device-tests.ts';
import { ScannerProbe } from '../../agent/src/probes/scanner/scanner-probe.ts';
import { tempDir } from '../support/temp-dir.ts';

/** A probe child that answers as told. */
class FakeHost extends ProbeHost {
  readonly #answer: () => Promise<unknown>;

  constructor(answer: () => Promise<unknown>) {
    super({ clock: systemClock(), log: createLog('silent') });
    this.#answer = answer;
  }

  override run(): Promise<never> {
    return this.#answer() as Promise<never>;
  }
}

function settings(): AgentConfig {
  const path = join(tempDir(), 'agent.yaml');
  const sound = { server: 'unix:/nowhere' };
  const scanners = [{ sane: 'test:0' }];
  writeFileSync(path, JSON.stringify({ sound, scanners, tests: { allow: ['scan', 'sound'] } }));
  return loadConfig(path, {});
}

const tested = (thing: TestableThing, answer: () => Promise<unknown>) =>
  runDeviceTests(thing, settings(), { clock: systemClock(), host: new FakeHost(answer) });

describe('a test on demand', () => {
  it('hears silence as a level that the check calls too quiet', async () => {
    const [sound] = await tested('sound', async () => ({ kind: 'silent', samples: 24_000 }));
    expect(sound).toEqual([
      'sound',
      expect.objectContaining({ reason: 'tooQuiet', decibels: -96 }),
    ]);
    expect(sound && tookPlace(...sound)).toBe(true);
  });

  it.each([
    ['sound', 'has no server', async () => ({ kind: 'failed', reason: 'noServer' }), false],
    ['sound', 'has no microphone', async () => ({ kind: 'noDevice' }), true],
    ['scan', 'meets a busy one', async () => ({ kind: 'failed', reason: 'scannerBusy' }), false],
    ['scan', 'meets a jam', async () => ({ kind: 'failed', reason: 'scannerJam' }), true],
    ['scan', 'has no child', () => Promise.reject(new ChildGoneError('testScan')), false],
  ] as const)('of %s that %s is remembered or not', async (thing, _, answer, isHeld) => {
    const [found] = await tested(thing, answer);
    expect(found && tookPlace(...found)).toBe(isHeld);
  });

  it('of our own child that is ill is no test of the device', () => {
    const ours: Reason[] = ['probeFailed', 'probeDeadline', 'probeQuarantined', 'scannerBusy'];
    for (const reason of ours) expect(tookPlace('scanner 1', { atMs: 0, reason })).toBe(false);
    expect(tookPlace('scanner 1', { atMs: 0, reason: 'noAnswer' })).toBe(true);
  });
});

// SANE is of Linux only.
describe.skipIf(process.platform !== 'linux')('a scanner that only SANE knows', () => {
  const measured = (lastTest?: DeviceTest) => {
    const parts = { clock: systemClock(), host: new FakeHost(() => new Promise(() => undefined)) };
    const probe = new ScannerProbe(1, { sane: 'test:0' }, { ...parts, lastTest: () => lastTest });
    return probe.measure(new AbortController().signal);
  };

  it('is not called absent for want of a device of the class of pictures', async () => {
    expect(await measured()).toEqual({ kind: 'failed', reason: 'notSupported' });
    expect(await measured({ atMs: Date.now(), reason: 'ok', tookMs: 900 })).toMatchObject({
      kind: 'measured',
      facts: { facts: { isPresent: true, test: { reason: 'ok' } } },
    });
  });
});
