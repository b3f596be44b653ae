import {
  judgeAll,
  type CameraFacts,
  type Facts,
  type Heartbeat,
  type Metrics,
  type Observation,
} from '@ppe-pulse/protocol';
import { camera, factsCases } from '../protocol/facts-cases.ts';

export const BOOT = '00000000000000b1';

/** A heartbeat that says little. `verdict` changes make events of it. */
export function heartbeat(seq: number, more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    type: 'heartbeat',
    bootId: BOOT,
    seq,
    delivery: 'live',
    wallMs: 1_715_740_919_760 + seq * 5_000,
    monotonicMs: seq * 5_000,
    mode: 'prep',
    journalLag: 0,
    metrics: { 'net.rtt.ms': seq },
    verdicts: [],
    ...more,
  };
}

/** With a verdict and something that does not pack: `bytes` of chance. */
export function padded(
  seq: number,
  bytes: number,
  verdict: 'ok' | 'warn' | 'fail' = 'ok',
): Heartbeat {
  const evidence = { padding: noise(seq, bytes) };
  return heartbeat(seq, {
    verdicts: [
      { id: 'net.rtt', verdict, reason: verdict === 'ok' ? 'ok' : 'slowReply', evidence, ageMs: 0 },
    ],
  });
}

/** A small generator: the same numbers in every run. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** Text of chance, two hex digits a byte: it packs to a half at best. */
export function noise(seed: number, bytes: number): string {
  const random = generator(seed);
  const part = (): string => Math.trunc(random() * 2 ** 24).toString(16);
  let text = '';
  while (text.length < bytes) text += part();
  return text.slice(0, bytes);
}

/**
 * A heartbeat of a PC with one of everything, and `cameras`: judged by the real checks, with numbers
 * that change from one to the next as measured ones do.
 */
export function fullHeartbeat(seq: number, cameras = 1): Heartbeat {
  const random = generator(seq);
  const nowMs = seq * 5_000;
  const subjects = new Map(factsCases.map(({ facts }) => [facts.subject, facts]));
  const devices = [...subjects.values()].map((facts): Observation =>
    observed(facts, 1, nowMs - random() * 5_000),
  );
  const watched = Array.from({ length: cameras }, (_, at): Observation => {
    const facts: CameraFacts = {
      ...camera,
      fps: 24 + random(),
      lossRatio: random() / 100,
      lastFrameAgeMs: Math.round(random() * 40),
    };
    return observed({ subject: 'camera', facts }, at + 1, nowMs - random() * 5_000);
  });
  const verdicts = judgeAll({
    role: 'hq',
    readings: new Map(
      Object.entries(metricsOf(random)).map(([id, value]) => [id, { value, atMs: nowMs - 900 }]),
    ),
    families: new Map(),
    observations: [...devices.filter(({ subject }) => subject !== 'camera'), ...watched],
    nowMs,
  });
  return heartbeat(seq, {
    metrics: { ...metricsOf(random), ...cameraMetrics(cameras, random) },
    verdicts: verdicts.map((each) => ({ ...each, ageMs: Math.round(each.ageMs) })),
  });
}

function observed(facts: Facts, device: number, atMs: number): Observation {
  return { subject: facts.subject, device, last: { facts, atMs } };
}

function metricsOf(random: () => number): Metrics {
  return {
    'pc.cpu.ratio': round(random(), 4),
    'pc.ram.usedRatio': round(random(), 4),
    'pc.ram.availableBytes': Math.trunc(4e9 * random()),
    'pc.disk.usedRatio': round(random(), 4),
    'pc.disk.freeBytes': Math.trunc(8e10 * random()),
    'pc.uptime.seconds': Math.trunc(1e5 * random()),
    'clock.skew.ms': round(20 * random(), 1),
    'clock.bound.ms': round(20 * random(), 1),
    'agent.cpu.ratio': round(random() / 100, 4),
    'agent.rss.bytes': Math.trunc(8e7 * random()),
    'agent.loopDelay.ms': round(random(), 1),
    'net.rx.bytesPerSecond': Math.trunc(1e6 * random()),
    'net.tx.bytesPerSecond': Math.trunc(1e5 * random()),
    'net.errors.perSecond': 0,
    'net.rtt.ms': round(200 * random(), 1),
    'net.loss.ratio': round(random() / 50, 4),
    'printer.1.pages': Math.trunc(1e5 * random()),
    'printer.1.queue.jobs': Math.trunc(9 * random()),
    'power.chargeRatio': round(random(), 2),
  };
}

function cameraMetrics(cameras: number, random: () => number): Metrics {
  return Object.fromEntries(
    Array.from({ length: cameras }, (_, at) => [
      [`camera.${at + 1}.fps`, round(24 + random(), 1)],
      [`camera.${at + 1}.bytesPerSecond`, Math.trunc(250_000 * random())],
      [`camera.${at + 1}.loss.ratio`, round(random() / 100, 4)],
    ]).flat(),
  );
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
