import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { detailsOf } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { hasCamera, startCamera } from '../parts/camera.ts';
import { hasCups, startCups } from '../parts/cups.ts';
import { startIppPrinter } from '../parts/ipp-printer.ts';
import { hasSnmpSimulator, startSnmpPrinter, type SnmpState } from '../parts/snmp-printer.ts';
import { isShort, tellSpread } from './figures.ts';
import { shippedRuntime, startAgent } from './shipped-agent.ts';

/** How long a fault of a device takes to the collector's API. Agents and periods are as shipped. */
const runtime = shippedRuntime();
const PERIOD_MS = 5_000;
/** The API is asked this often. */
const ASK_MS = 50;
const GIVE_UP_MS = 120_000;
const ROUNDS = isShort ? 1 : 4;
const MORE_ROUNDS = isShort ? 1 : 8;
const STUCK_ROUNDS = 3;

/** A fault and how it goes away. */
interface Fault {
  /** Of the check, while it lasts. */
  readonly reason: string;
  make(): unknown;
  heal(): unknown;
}

/** One check of one workstation on the API. */
interface Watched {
  readonly collector: Collector;
  readonly id: string;
  readonly check: string;
}

const seconds = (ms: number): number => ms / 1_000;

describe('faults of devices on the API', () => {
  // An agent each: a heartbeat that one device's fault brings forward must not carry another's.
  it('printers and a camera', async () => {
    await Promise.all([
      ...(hasCups ? [queueFaults(), ippFaults(), ...(isShort ? [] : [stuckJobs()])] : []),
      ...(hasSnmpSimulator ? [snmpFaults()] : []),
      ...(hasCamera() ? [cameraStalls()] : []),
    ]);
  });
});

async function queueFaults(): Promise<void> {
  const cups = await startCups();
  cups.addQueue('usb1');
  const watched = await watch({ printers: [{ ipp: cups.uri('usb1') }] }, 'printer.state');
  cups.print('usb1');
  let pages = 0;
  // A page that comes out keeps the job from being called stuck.
  const goesOn = (): string => `PAGE: ${(pages += 1)} 1`;
  const keyword = (word: string, reason: string): Fault => ({
    reason,
    make: () => cups.say('usb1', `STATE: +${word}\n${goesOn()}`),
    heal: () => cups.say('usb1', `STATE: -${word}\n${goesOn()}`),
  });
  const samples = await latencies(watched, ROUNDS, [
    keyword('media-jam-error', 'jam'),
    ...(isShort
      ? []
      : [
          keyword('door-open-error', 'coverOpen'),
          keyword('media-empty-error', 'noPaper'),
          keyword('toner-empty-error', 'noToner'),
        ]),
  ]);
  tellFaults('queue: jam, cover, paper, toner → API', samples);
}

async function ippFaults(): Promise<void> {
  const device = await startIppPrinter();
  const watched = await watch({ printers: [{ ipp: device.uri }] }, 'printer.state');
  const low: Fault = {
    reason: 'lowToner',
    make: () => device.toner(5),
    heal: () => device.toner(80),
  };
  const off: Fault = {
    reason: 'offline',
    make: () => device.process.kill('SIGSTOP'),
    heal: () => device.process.kill('SIGCONT'),
  };
  tellFaults('IPP printer: toner → API', await latencies(watched, MORE_ROUNDS, [low]));
  if (!isShort)
    tellFaults('IPP printer: switched off → API', await latencies(watched, MORE_ROUNDS, [off]));
}

async function snmpFaults(): Promise<void> {
  const device = await startSnmpPrinter();
  const { port, community } = device;
  const snmp = { host: '127.0.0.1', port, community };
  const watched = await watch({ printers: [{ snmp }] }, 'printer.state');
  const says = (reason: string, state: Partial<SnmpState>): Fault => ({
    reason,
    make: () => device.be({ device: 5, printer: 1, ...state }),
    heal: () => device.be({}),
  });
  const samples = await latencies(watched, ROUNDS, [
    says('jam', { errorBits: '0400' }),
    ...(isShort
      ? []
      : [
          says('coverOpen', { errorBits: '0800', cover: 3 }),
          says('noPaper', { errorBits: '4004', tray: 0 }),
        ]),
  ]);
  tellFaults('SNMP printer: jam, cover, paper → API', samples);
}

/** A switched-off USB printer: CUPS says that it prints, gives no reasons, and nothing moves. */
async function stuckJobs(): Promise<void> {
  const cups = await startCups();
  cups.addQueue('usb1');
  const watched = await watch({ printers: [{ ipp: cups.uri('usb1') }] }, 'printer.state');
  const swallows: Fault = {
    reason: 'stuckQueue',
    make: () => {
      cups.say('usb1', '');
      cups.print('usb1');
    },
    heal: () => cups.say('usb1', 'exit 0'),
  };
  const samples = await latencies(watched, STUCK_ROUNDS, [swallows]);
  tellSpread('queue: job that does not move → API', samples.map(seconds), 's', {
    median: null,
    highest: 75,
  });
}

async function cameraStalls(): Promise<void> {
  const camera = await startCamera({ onTestFinished }, { lifeSeconds: 900 });
  const cameras = [{ url: camera.url, watch: 'always' }];
  const watched = await watch({ cameras }, 'camera.1.stream');
  await sees(watched, (reason) => reason === 'ok');
  const stall: Fault = {
    reason: 'stalled',
    make: () => camera.obey({ gate: true }),
    heal: () => camera.obey({ gate: false }),
  };
  const ages: number[] = [];
  const samples = await latencies(watched, MORE_ROUNDS, [stall], ({ lastFrameMs }) =>
    ages.push(Number(lastFrameMs)),
  );
  tellSpread('camera: last frame → API', samples.map(seconds), 's', { median: null, highest: 5 });
  // What the first verdict that the API shows says of its own frame.
  tellSpread('camera: last frame → verdict of the agent', ages.map(seconds), 's', {
    median: null,
    highest: 5,
  });
}

function tellFaults(name: string, samples: readonly number[]): void {
  tellSpread(name, samples.map(seconds), 's', { median: null, highest: seconds(2 * PERIOD_MS) });
}

async function watch(settings: object, check: string): Promise<Watched> {
  const collector = await testCollector();
  const { id } = await startAgent(collector, runtime, settings);
  const watched = { collector, id, check };
  await sees(watched, (reason) => reason !== undefined && reason !== 'notMeasured');
  return watched;
}

/** Makes each fault in turn at a moment that no period knows of, and times it. */
async function latencies(
  watched: Watched,
  rounds: number,
  faults: readonly Fault[],
  onSeen: (evidence: Record<string, unknown>) => void = () => undefined,
): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const fault of faults) {
      await pause(Math.random() * (isShort ? 1_000 : PERIOD_MS));
      const fromMs = performance.now();
      await fault.make();
      onSeen(await sees(watched, (reason) => reason === fault.reason));
      samples.push(performance.now() - fromMs);
      await fault.heal();
      await sees(watched, (reason) => reason !== fault.reason);
    }
  }
  return samples;
}

/** Waits until the API says so; answers the evidence. */
async function sees(
  { collector, id, check }: Watched,
  isIt: (reason: string | undefined) => boolean,
): Promise<Record<string, unknown>> {
  const untilMs = performance.now() + GIVE_UP_MS;
  let last: string | undefined;
  while (performance.now() < untilMs) {
    const { checks } = await detailsOf(collector, id);
    const found = checks.find((each) => each.id === check);
    last = found?.reason;
    if (isIt(last)) return found?.evidence ?? {};
    await pause(ASK_MS);
  }
  throw new Error(`${check} said ${last} for ${seconds(GIVE_UP_MS)} s`);
}
