import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeAll, type CheckVerdict, type Observation } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import type { PrinterConfig } from '../../agent/src/probes/printer/printer-config.ts';
import { printerProbes } from '../../agent/src/probes/printer/printer-probes.ts';
import { cupsQueues } from '../../agent/src/probes/printer/find-queues.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { withDeadline } from '../../agent/src/platform/deadline.ts';
import { freePort } from '../support/influxd.ts';
import { until } from '../support/processes.ts';
import { hasCups, startCups } from './cups.ts';
import { startIppPrinter } from './ipp-printer.ts';
import { hasSnmpSimulator, startSnmpPrinter } from './snmp-printer.ts';

/** A printer probe and what the checks say after each look. Minutes pass by an offset of its clock. */
async function watch(config: PrinterConfig) {
  const real = systemClock();
  let passedMs = 0;
  const clock = {
    wallMs: () => real.wallMs() + passedMs,
    monotonicMs: () => real.monotonicMs() + passedMs,
  };
  const host = new ProbeHost({ clock, log: createLog('silent') });
  const [probe] = await printerProbes([config], { clock, host });
  if (!probe) throw new Error('no probe');
  onTestFinished(() => probe.stop());
  const readings = new Readings();
  const look = async (): Promise<CheckVerdict> => {
    const outcome = await withDeadline('printer', probe.deadlineMs, (signal) =>
      probe.measure(signal),
    );
    readings.take(probe, outcome, clock.monotonicMs());
    return stateOf(readings.observations(), clock.monotonicMs());
  };
  return {
    readings,
    look,
    pass: (ms: number) => (passedMs += ms),
    /** Looks until the check says so, as the harness would. */
    sees: async (verdict: string, reason: string) => {
      let last: CheckVerdict | undefined;
      await until(
        async () => {
          last = await look();
          return last.verdict === verdict && last.reason === reason;
        },
        `${verdict} ${reason}`,
        8_000,
      ).catch(() => undefined);
      expect([last?.verdict, last?.reason]).toEqual([verdict, reason]);
      return last;
    },
  };
}

function stateOf(observations: readonly Observation[], nowMs: number): CheckVerdict {
  const verdicts = judgeAll({
    role: 'organizer',
    readings: new Map(),
    families: new Map(),
    observations,
    nowMs,
  });
  const found = verdicts.find(({ id }) => id === 'printer.state');
  if (!found) throw new Error('not judged');
  return found;
}

describe.runIf(hasCups)('a queue of a real CUPS server', () => {
  it.each([
    ['STATE: +media-jam-error', 'fail', 'jam'],
    ['STATE: +door-open-error', 'fail', 'coverOpen'],
    ['STATE: +media-empty-error', 'fail', 'noPaper'],
    ['STATE: +toner-empty-error', 'fail', 'noToner'],
    ['STATE: +toner-low-warning', 'warn', 'lowToner'],
    ['STATE: +media-low-report', 'warn', 'lowPaper'],
    ['STATE: +output-area-full-error', 'fail', 'outputFull'],
    ['exit 4', 'fail', 'paused'],
  ])('says %s, and the check %s %s', async (order, verdict, reason) => {
    const cups = await startCups();
    cups.addQueue('usb1');
    const printer = await watch({ ipp: cups.uri('usb1') });
    await printer.sees('unknown', 'idleUnproven');
    cups.say('usb1', order);
    cups.print('usb1');
    await printer.sees(verdict, reason);
  });

  it('is not called ready before a page came out, and is after', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    const printer = await watch({ ipp: cups.uri('usb1') });
    const blind = await printer.sees('unknown', 'idleUnproven');
    expect(blind?.evidence).toMatchObject({ source: 'queue', state: 'idle' });
    cups.say('usb1', 'PAGE: 1 1\nPAGE: 2 1\nPAGE: 3 1\nexit 0');
    cups.print('usb1');
    const pages = () => printer.readings.values.get('printer.pages.count')?.value;
    await until(async () => (await printer.look(), pages() === 3), 'three pages', 5_000);
    const proven = await printer.sees('ok', 'ok');
    expect(proven?.evidence).toMatchObject({ state: 'idle', proofAgeMs: expect.any(Number) });
    expect(proven?.evidence.proofAgeMs).toBeLessThan(10_000);
  });

  it('that swallows a job, as of a switched-off USB printer, is stuck within 75 s', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    const printer = await watch({ ipp: cups.uri('usb1') });
    cups.print('usb1');
    await printer.sees('ok', 'ok');
    expect(printer.readings.values.get('printer.queue.jobs')?.value).toBe(1);
    printer.pass(55_000);
    expect((await printer.look()).verdict).toBe('ok');
    printer.pass(6_000);
    const stuck = await printer.look();
    expect([stuck.verdict, stuck.reason, stuck.evidence.state]).toEqual([
      'fail',
      'stuckQueue',
      'printing',
    ]);
    // A page that comes out sets the clock back.
    cups.say('usb1', 'PAGE: 1 1');
    await printer.sees('ok', 'ok');
  });

  it('tells a job that the printer aborted, and forgets it after a good one', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    cups.command('lpadmin', '-p', 'usb1', '-o', 'printer-error-policy=abort-job');
    const printer = await watch({ ipp: cups.uri('usb1') });
    await printer.look();
    cups.say('usb1', 'exit 1');
    cups.print('usb1');
    await printer.sees('warn', 'jobsAborted');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    cups.say('usb1', 'PAGE: 1 1\nexit 0');
    cups.print('usb1');
    await printer.sees('ok', 'ok');
  });

  it('that is stopped or rejects is told from the operator’s command', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    const printer = await watch({ ipp: cups.uri('usb1') });
    cups.command('cupsdisable', 'usb1');
    await printer.sees('fail', 'paused');
    cups.command('cupsenable', 'usb1');
    cups.command('cupsreject', 'usb1');
    await printer.sees('fail', 'notAccepting');
  });

  it('of a server that hangs is no good news: the failure shows, and heals', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    const printer = await watch({ ipp: cups.uri('usb1') });
    cups.say('usb1', 'PAGE: 1 1\nexit 0');
    cups.print('usb1');
    await printer.sees('ok', 'ok');
    cups.process.kill('SIGSTOP');
    await printer.look();
    const hung = await printer.look();
    expect([hung.verdict, hung.reason]).toEqual(['fail', 'spoolerDown']);
    cups.process.kill('SIGCONT');
    await printer.sees('ok', 'ok');
    cups.process.kill('SIGKILL');
    await printer.look();
    await printer.sees('fail', 'spoolerDown');
  });

  it('to a network printer that is off fails by its port, before anything is printed', async () => {
    const cups = await startCups();
    const port = await freePort();
    cups.addQueue('net1', `socket://127.0.0.1:${port}`);
    const printer = await watch({ ipp: cups.uri('net1') });
    expect((await printer.look()).verdict).not.toBe('fail');
    // Told again within 5 s it is the same look.
    expect((await printer.look()).verdict).not.toBe('fail');
    printer.pass(5_000);
    await printer.sees('fail', 'offline');
  });

  it('is found by itself, and a wrong name is told', async () => {
    const cups = await startCups();
    cups.addQueue('usb1');
    cups.addQueue('usb2');
    const found = await cupsQueues(`ipp://127.0.0.1:${cups.port}/`);
    expect(found.map(({ ipp }) => ipp?.split('/').at(-1))).toEqual(['usb1', 'usb2']);
    const printer = await watch({ ipp: cups.uri('nobody') });
    await printer.sees('unknown', 'notFound');
  });
});

describe.runIf(hasCups)('a real IPP Everywhere printer', () => {
  it('is heard itself: ready, cover, paper, toner, and off', { timeout: 40_000 }, async () => {
    const device = await startIppPrinter();
    const printer = await watch({ ipp: device.uri });
    const ready = await printer.sees('ok', 'ok');
    expect(ready?.evidence).toMatchObject({ source: 'ipp', state: 'idle' });
    expect(printer.readings.values.get('printer.toner.ratio')?.value).toBeGreaterThan(0);
    await device.toner(5);
    await printer.sees('warn', 'lowToner');
    await device.toner(80);
    await printer.sees('ok', 'ok');
    await device.paper(0);
    // Nothing in any tray: no job need wait for one.
    await printer.sees('fail', 'noPaper');
    await device.paper(250);
    await printer.sees('ok', 'ok');
    device.process.kill('SIGSTOP');
    expect((await printer.look()).verdict).toBe('ok');
    await printer.sees('fail', 'offline');
    device.process.kill('SIGCONT');
    await printer.sees('ok', 'ok');
    device.process.kill('SIGKILL');
    await printer.look();
    await printer.sees('fail', 'offline');
  });
});

describe.runIf(hasCups)('a long job', () => {
  it('on a printer that is heard is shown after a minute, and does not alarm', async () => {
    const cups = await startCups();
    const device = await startIppPrinter();
    device.next({ seconds: 60 });
    cups.addQueue('net1', device.uri);
    const printer = await watch({ ipp: device.uri });
    await printer.sees('ok', 'ok');
    cups.print('net1');
    const state = async () => (await printer.look()).evidence.state;
    await until(async () => (await state()) === 'printing', 'the device prints', 8_000);
    printer.pass(59_000);
    expect((await printer.look()).verdict).toBe('ok');
    printer.pass(2_000);
    const slow = await printer.look();
    expect([slow.verdict, slow.reason]).toEqual(['warn', 'stuckQueue']);
    printer.pass(240_000);
    await printer.sees('fail', 'stuckQueue');
  });
});

describe.runIf(hasSnmpSimulator)('a printer with the Printer-MIB', () => {
  it('tells its faults, and pages by its counter', { timeout: 60_000 }, async () => {
    const device = await startSnmpPrinter();
    const snmp = { host: '127.0.0.1', port: device.port, community: device.community };
    const printer = await watch({ snmp });
    await printer.sees('ok', 'ok');
    expect(printer.readings.values.get('printer.pages.count')?.value).toBe(15_321);
    expect(printer.readings.values.get('printer.toner.ratio')?.value).toBe(0.62);
    expect(printer.readings.values.get('printer.paper.sheets')?.value).toBe(250);
    for (const [state, verdict, reason] of [
      [{ errorBits: '4004', device: 5, printer: 1, tray: 0 }, 'fail', 'noPaper'],
      [{ errorBits: '0400', device: 5, printer: 1 }, 'fail', 'jam'],
      [{ errorBits: '0800', device: 5, printer: 1, cover: 3 }, 'fail', 'coverOpen'],
      [{ errorBits: '2000', device: 3, tonerPercent: 3 }, 'warn', 'lowToner'],
      [{ errorBits: '0200', device: 5, printer: 1 }, 'fail', 'offline'],
      [{}, 'ok', 'ok'],
    ] as const) {
      device.be(state);
      printer.pass(15_000);
      await printer.look();
      printer.pass(15_000);
      await printer.sees(verdict, reason);
    }
    for (const pages of [2, 5, 8]) {
      device.be({ printer: 4, lifeCount: 15_321 + pages });
      printer.pass(12_500);
      await printer.look();
    }
    expect(printer.readings.values.get('printer.pages.count')?.value).toBe(15_329);
    const speed = printer.readings.values.get('printer.speed.pagesPerMinute')?.value ?? 0;
    expect(speed).toBeGreaterThan(12);
    expect(speed).toBeLessThan(16);
    device.kill();
    printer.pass(15_000);
    await printer.look();
    printer.pass(15_000);
    await printer.sees('fail', 'offline');
  });

  it('with a wrong community is unknown, and never called switched off', async () => {
    const device = await startSnmpPrinter();
    const snmp = { host: '127.0.0.1', port: device.port, community: 'wrong' };
    const printer = await watch({ snmp });
    await printer.look();
    await printer.sees('unknown', 'notMeasured');
  });
});
