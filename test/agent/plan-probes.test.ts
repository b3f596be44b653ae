import { describe, expect, it } from 'vitest';
import type { Mode } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { hostOf, needsResolver } from '../../agent/src/platform/resolve-localhost.ts';
import { ProbeHarness } from '../../agent/src/probes/harness.ts';
import { IsolationProbe } from '../../agent/src/probes/internet/isolation-probe.ts';
import { printerProbes } from '../../agent/src/probes/printer/printer-probes.ts';
import type { Probe, ProbeOutcome } from '../../agent/src/probes/probe.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { ScannerProbe } from '../../agent/src/probes/scanner/scanner-probe.ts';
import { SoundProbe } from '../../agent/src/probes/sound/sound-probe.ts';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const rtt = (value: number): ProbeOutcome => ({
  kind: 'measured',
  metrics: { 'net.rtt.ms': value },
});
const clock = { wallMs: () => 0, monotonicMs: () => 0 };

function setUp() {
  const timers = new VirtualTimers();
  const readings = new Readings();
  let mode: Mode = 'prep';
  const harness = new ProbeHarness({
    readings,
    timers,
    clock: { wallMs: () => timers.nowMs, monotonicMs: () => timers.nowMs },
    log: createLog('silent'),
    random: () => 0.5,
    mode: () => mode,
  });
  const goes = (to: Mode): void => {
    mode = to;
    harness.modeChanged();
  };
  return { timers, readings, harness, goes };
}
function active(measure: Probe['measure'], part: Partial<Probe> = {}): Probe {
  const base = { name: 'active', family: 'net', periodMs: 60_000, deadlineMs: 50_000 } as const;
  return { ...base, quietPeriodMs: 'never', measure, ...part };
}

describe('a change of the mode', () => {
  it('breaks off what it forbids, and takes nothing of a look that was broken off', async () => {
    const { harness, readings, goes, timers } = setUp();
    let [isAborted, rests] = [false, 0];
    const probe = active(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isAborted = true;
            resolve(rtt(1));
          });
        }),
      { rest: () => (rests += 1) },
    );
    harness.start(probe);
    await timers.advance(1_000);
    goes('quiet');
    await timers.advance(1_000);
    expect([isAborted, rests]).toEqual([true, 1]);
    expect(readings.values.size).toBe(0);
    goes('quiet');
    goes('off');
    expect(rests).toBe(1);
    harness.stop();
  });

  it('leaves passive probes alone, but for mode off', async () => {
    const { harness, goes, timers } = setUp();
    let count = 0;
    const passive = active(async () => rtt((count += 1)), {
      quietPeriodMs: 10_000,
      periodMs: 10_000,
    });
    harness.start(passive);
    goes('quiet');
    await timers.advance(20_000);
    expect(count).toBe(3);
    goes('off');
    await timers.advance(60_000);
    expect(count).toBe(3);
    harness.stop();
  });

  it('begins what it allows again within 2 s, and not all at one moment', async () => {
    const { harness, goes, timers } = setUp();
    goes('quiet');
    const starts: string[] = [];
    const looks = (name: string) => async () => {
      starts.push(`${name} ${timers.nowMs}`);
      return rtt(1);
    };
    harness.start(active(looks('one'), { name: 'one' }));
    harness.start(active(looks('late'), { name: 'late', startAfterMs: 500 }));
    await timers.advance(100_000);
    expect(starts).toEqual([]);
    goes('prep');
    await timers.advance(3_000);
    expect(starts).toEqual(['one 101000', 'late 101500']);
    harness.stop();
  });
});

describe('probes of a quiet room', () => {
  const host = new ProbeHost({ clock, log: createLog('silent') });

  it('look at a printer and a scanner by address, and ask nobody for a name', async () => {
    const printers = await printerProbes(
      [
        {
          ipp: 'ipp://192.0.2.7/ipp/print',
          snmp: { host: '192.0.2.7', port: 161, community: 'c' },
        },
        { ipp: 'ipp://localhost:631/printers/one' },
        { ipp: 'ipp://printer.local/ipp/print' },
        { ipp: 'ipp://192.0.2.7/', snmp: { host: 'printer', port: 161, community: 'c' } },
        { usb: '04f9:0042' },
      ],
      { clock, host },
    );
    expect(printers.map(({ quietPeriodMs }) => quietPeriodMs === 'never')).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    const parts = { clock, host, lastTest: () => undefined };
    const scanner = (escl: string) => new ScannerProbe(1, { escl }, parts).quietPeriodMs;
    expect(scanner('http://192.0.2.8/eSCL')).not.toBe('never');
    expect(scanner('http://[fd00::8]:8080/eSCL')).not.toBe('never');
    expect(scanner('https://scanner.local/eSCL')).toBe('never');
  });

  it('knock at an address of the Internet and at no name, and at no sound server elsewhere', () => {
    const knock = (name: string) =>
      new IsolationProbe({ host: name, port: 443 }, clock, () => 0).quietPeriodMs;
    expect([knock('192.0.2.1'), knock('example.test')]).toEqual([300_000, 'never']);
    const sound = (server: string) =>
      new SoundProbe({ server }, { clock, host, lastTest: () => undefined }).quietPeriodMs;
    expect(sound('unix:/run/user/1000/pulse/native')).toBe(60_000);
    expect(sound('tcp:127.0.0.1:4713')).toBe(60_000);
    expect(sound('tcp:[::1]:4713')).toBe(60_000);
    expect(sound('tcp:192.0.2.9:4713')).toBe('never');
    expect(sound('tcp:127.evil.test')).toBe('never');
  });

  it('know a name from an address', () => {
    const hosts = [
      'ipps://[fd00::1]:631/x',
      'ipp://LOCALHOST/',
      'http://a.test',
      'ipp://',
      undefined,
    ];
    expect(hosts.map((each) => needsResolver(hostOf(each)))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});
