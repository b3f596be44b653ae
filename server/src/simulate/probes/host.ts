import type { Metrics } from '@ppe-pulse/protocol';
import { activityAt, modeAt } from '../day.ts';
import { presenceAt } from '../presence.ts';
import { between, walk, walkBetween } from '../random.ts';
import type { SimulatedWorkstation } from '../region.ts';
import { struckBy, type SimulatedProbe, type View } from './probe.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GIGABYTE = 1_000_000_000;

/** CPU, memory and the agent itself. */
export const hostProbe: SimulatedProbe = {
  name: 'host',
  periodMs: 5_000,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const { workstation, atMs } = view;
    const seed = workstation.salt;
    const ramBytes = ramBytesOf(workstation);
    const used = walkBetween({ seed, name: 'ram', periodMs: 20 * MINUTE }, atMs, [0.38, 0.72]);
    return {
      metrics: {
        'pc.cpu.ratio': cpuRatio(view),
        'pc.ram.usedRatio': used,
        'pc.ram.availableBytes': ramBytes * (1 - used),
        'pc.uptime.seconds': (atMs - view.bootedAtMs) / 1_000,
        'agent.cpu.ratio': walkBetween(
          { seed, name: 'agent', periodMs: MINUTE },
          atMs,
          [0.001, 0.006],
        ),
        'agent.rss.bytes': walkBetween({ seed, name: 'rss', periodMs: HOUR }, atMs, [52e6, 74e6]),
        'agent.loopDelay.ms': walkBetween({ seed, name: 'loop', periodMs: MINUTE }, atMs, [0.2, 4]),
      },
    };
  },
};

/** The watched disk fills slowly and is cleared now and then. */
export const diskProbe: SimulatedProbe = {
  name: 'disk',
  periodMs: 60_000,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const seed = view.workstation.salt;
    const size = between(seed, 'disk', [240, 500]) * GIGABYTE;
    const free =
      walkBetween({ seed, name: 'free', periodMs: 6 * HOUR }, view.atMs, [0.25, 0.7]) * size;
    const freeBytes = struckBy(view, 'diskFull') ? 0.4 * GIGABYTE : free;
    return {
      metrics: { 'pc.disk.freeBytes': freeBytes, 'pc.disk.usedRatio': 1 - freeBytes / size },
    };
  },
};

/** The PC's clock against the collector's. */
export const clockProbe: SimulatedProbe = {
  name: 'clock',
  periodMs: 60_000,
  device: 1,
  isOn: () => true,
  look: ({ workstation, atMs, occurrences }) => {
    const seed = workstation.salt;
    const drift = walkBetween({ seed, name: 'skew', periodMs: 2 * HOUR }, atMs, [-1_500, 1_500]);
    const { wallOffsetMs } = presenceAt(workstation, occurrences, atMs);
    return {
      metrics: {
        'clock.skew.ms': drift + wallOffsetMs,
        'clock.bound.ms': workstation.site.distanceMs / 2,
      },
    };
  },
};

/** The exam program's process. */
export const appProbe: SimulatedProbe = {
  name: 'app',
  periodMs: 10_000,
  device: 1,
  isOn: ({ placement }) => placement.role !== 'video',
  look: ({ workstation, atMs }) => {
    const seed = workstation.salt;
    return {
      metrics: {
        'app.running.count': 1,
        'app.cpu.ratio': walkBetween({ seed, name: 'app', periodMs: MINUTE }, atMs, [0.002, 0.08]),
        'app.rss.bytes': walkBetween(
          { seed, name: 'app rss', periodMs: HOUR },
          atMs,
          [180e6, 320e6],
        ),
      },
    };
  },
};

/** Bytes of memory: 8 GB mostly. */
export function ramBytesOf({ salt }: SimulatedWorkstation): number {
  return between(salt, 'ram size', [0, 1]) < 0.7 ? 8_589_934_592 : 17_179_869_184;
}

/** Printing and scanning take some CPU, a quiet exam takes little. */
function cpuRatio(view: View): Metrics[string] {
  const { workstation, atMs, local } = view;
  const base = walk({ seed: workstation.salt, name: 'cpu', periodMs: 2 * MINUTE }, atMs);
  if (modeAt(workstation, local) === 'quiet') return 0.02 + 0.06 * base;
  const activity = activityAt(workstation.timetable, local);
  const isBusy = activity === 'printing' || activity === 'scanning';
  return isBusy ? 0.2 + 0.45 * base : 0.03 + 0.22 * base;
}
