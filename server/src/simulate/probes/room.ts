import { deviceId, type CameraFacts, type Metrics } from '@ppe-pulse/protocol';
import { scanningOf } from '../day.ts';
import { between, walkBetween } from '../random.ts';
import { momentOf } from '../simulated-time.ts';
import { struckBy, struckForMs, type SimulatedProbe, type View } from './probe.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const scannerProbe: SimulatedProbe = {
  name: 'scanner',
  periodMs: 15_000,
  device: 1,
  isOn: ({ hasScanner }) => hasScanner,
  look: (view) => {
    const { workstation, local, atMs } = view;
    const seed = workstation.salt;
    if (struckBy(view, 'scannerAbsent'))
      return {
        facts: { subject: 'scanner', facts: { source: 'usb', isPresent: false, state: 'down' } },
        metrics: {},
      };
    const scanning = scanningOf(workstation, local.day);
    const images = Math.min(
      scanning.images,
      Math.max(0, (local.minute - scanning.fromMinute) * scanning.imagesPerMinute),
    );
    const isBusy = local.minute >= scanning.fromMinute && images < scanning.images;
    const isJammed = struckBy(view, 'adfJam') !== undefined;
    // The morning's test scan; before it, yesterday's still speaks.
    const testedMs = momentOf({ day: local.day, minute: 8 * 60 + 30 }, view.utcOffsetMinutes);
    const testAgeMs = (atMs - testedMs + 24 * HOUR) % (24 * HOUR);
    return {
      facts: {
        subject: 'scanner',
        facts: {
          source: 'escl',
          isPresent: true,
          state: isBusy && !isJammed ? 'processing' : 'idle',
          feeder: isJammed ? 'jam' : 'loaded',
          test: { ageMs: testAgeMs, reason: 'ok' },
        },
      },
      metrics: {
        'scanner.reply.ms': walkBetween(
          { seed, name: 'scanner', periodMs: MINUTE },
          atMs,
          [20, 160],
        ),
        'scanner.images.count':
          Math.round(between(seed, 'images before', [100, 9_000])) + Math.floor(images),
        'scanner.proof.seconds': testAgeMs / 1_000,
      },
    };
  },
};

/** Sound that the organizer plays, or the headset of a speaking station. */
export const soundProbe: SimulatedProbe = {
  name: 'sound',
  periodMs: 30_000,
  device: 1,
  isOn: ({ placement }) => placement.role === 'organizer' || placement.role === 'speaking',
  look: (view) => {
    const isPlugged = struckBy(view, 'headsetUnplugged') === undefined;
    const isHeadset = view.workstation.placement.role === 'speaking';
    const decibels = walkBetween(
      { seed: view.workstation.salt, name: 'level', periodMs: MINUTE },
      view.atMs,
      [-34, -18],
    );
    const inputs = isHeadset && isPlugged ? 1 : 0;
    const hears = inputs > 0;
    return {
      facts: {
        subject: 'audio',
        facts: {
          outputs: 1,
          inputs,
          isOutputMuted: false,
          ...(hears
            ? { isInputMuted: false, level: { decibels: Math.round(decibels), ageMs: 0 } }
            : {}),
        },
      },
      metrics: {
        'audio.outputs.count': 1,
        'audio.inputs.count': inputs,
        ...(hears ? { 'audio.level.decibels': decibels } : {}),
      },
    };
  },
};

/** One camera of a room, or of the Штаб. */
export function cameraProbe(device: number): SimulatedProbe {
  return {
    name: `camera ${device}`,
    periodMs: 15_000,
    device,
    isOn: ({ cameras }) => device <= cameras,
    look: (view) => {
      const facts = cameraFacts(view, device);
      return {
        facts: { subject: 'camera', facts },
        metrics: cameraMetrics(view, device, facts),
      };
    },
  };
}

function cameraFacts(view: View, device: number): CameraFacts {
  const { workstation, atMs } = view;
  const isOff = struckBy(view, 'cameraOff', device) !== undefined;
  const isOtherOff = struckBy(view, 'cameraOff', 3 - device) !== undefined;
  const isLow = struckBy(view, 'cameraLowFps', device) !== undefined;
  const walked = { seed: workstation.salt, name: `fps ${device}`, periodMs: MINUTE };
  const isLossy = struckBy(view, 'lossyLine') !== undefined;
  const common = {
    transport: 'tcp',
    lossRatio: isLossy ? 0.06 : 0,
    outageMs: outageMs(view),
    isOtherStreaming: !isOtherOff,
  } as const;
  if (isOff)
    return { ...common, lossRatio: 0, state: 'none', failure: 'noAnswer', picture: 'moving' };
  return {
    ...common,
    state: 'streaming',
    fps: isLow ? walkBetween(walked, atMs, [6, 9]) : walkBetween(walked, atMs, [24.6, 25.1]),
    width: 1_280,
    height: 720,
    codec: 'h264',
    hasAudio: true,
    lastFrameAgeMs: isLow ? 120 : 40,
    picture: pictureOf(view, device),
  };
}

function pictureOf(view: View, device: number): CameraFacts['picture'] {
  if (struckBy(view, 'cameraBlack', device)) return 'black';
  return struckBy(view, 'cameraFrozen', device) ? 'frozen' : 'moving';
}

/** A room has no video only while neither of its cameras sends. */
function outageMs(view: View): number {
  const only = (device: number): View => ({
    ...view,
    occurrences: view.occurrences.filter(
      (each) => each.fault === 'cameraOff' && (each.device ?? device) === device,
    ),
  });
  if (!view.occurrences.some(({ fault }) => fault === 'cameraOff')) return 0;
  const off = [1, 2].map((device) => struckForMs(only(device), ['cameraOff'], view.bootedAtMs));
  return Math.min(...off);
}

function cameraMetrics(view: View, device: number, facts: CameraFacts): Metrics {
  const id = (name: string): string => deviceId(name, device);
  const outage = { [id('camera.outage.seconds')]: facts.outageMs / 1_000 };
  if (facts.state !== 'streaming')
    return { ...outage, [id('camera.fps')]: 0, [id('camera.bytesPerSecond')]: 0 };
  const seed = view.workstation.salt;
  const rate = walkBetween(
    { seed, name: `rate ${device}`, periodMs: MINUTE },
    view.atMs,
    [85e3, 165e3],
  );
  const isStill = facts.picture === 'frozen' || facts.picture === 'black';
  return {
    ...outage,
    [id('camera.fps')]: facts.fps ?? 0,
    // A still picture compresses to nearly nothing.
    [id('camera.bytesPerSecond')]: isStill ? rate / 12 : rate,
    [id('camera.loss.ratio')]: facts.lossRatio,
    [id('camera.jitter.ms')]: walkBetween(
      { seed, name: `jitter ${device}`, periodMs: MINUTE },
      view.atMs,
      [1, 9],
    ),
    [id('camera.keyFrame.ms')]: 2_000,
    [id('camera.lastFrame.ms')]: facts.lastFrameAgeMs ?? 0,
    [id('camera.width.pixels')]: 1_280,
    [id('camera.height.pixels')]: 720,
  };
}
