import { join } from 'node:path';
import { expect } from 'vitest';
import { deviceId, judgeAll, type CameraFacts, type CheckVerdict } from '@ppe-pulse/protocol';
import { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { withDeadline } from '../../agent/src/platform/deadline.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import type { CameraConfig } from '../../agent/src/probes/camera/camera-config.ts';
import { cameraProbes } from '../../agent/src/probes/camera/camera-probes.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import type { Scope } from './camera.ts';

/** The compiled child: it starts ffmpeg as the service's does. */
const childScript = join(
  import.meta.dirname,
  '..',
  '..',
  'agent',
  'dist',
  'child',
  'probe-child.js',
);
/** As the harness does, without its jitter. */
const PERIOD_MS = 1_000;

/** Probes of cameras that run until the test is over, and what the checks say of them. */
export interface CameraWatch {
  readonly readings: Readings;
  /** The newest verdict; undefined before the first. */
  verdict(id: string): CheckVerdict | undefined;
  facts(device: number): CameraFacts | undefined;
  metric(id: string): number | undefined;
  /** Waits until the check of camera 1, or of another, says so; how long that took. */
  sees(verdict: string, reason: string, options?: SeesOptions): Promise<number>;
}

export interface SeesOptions {
  readonly device?: number;
  readonly check?: string;
  readonly withinMs?: number;
  readonly also?: (facts: CameraFacts) => boolean;
}

/** Fills in what a configuration leaves out; everything is watched without a pause by default. */
export function cameraConfig(part: Partial<CameraConfig> & { readonly url: string }): CameraConfig {
  return { transport: 'tcp', watch: 'always', confirm: false, ...part };
}

/** Starts the probes of cameras, as the agent does. */
export function watchCameras(scope: Scope, cameras: readonly CameraConfig[]): CameraWatch {
  const clock = systemClock();
  const host = new ProbeHost({ clock, log: createLog('silent'), script: childScript });
  const probes = cameraProbes(cameras, { clock, host });
  const readings = new Readings();
  const over = new AbortController();
  scope.onTestFinished(() => {
    over.abort();
    for (const probe of probes) probe.stop();
    host.stop();
  });
  for (const probe of probes) {
    const go = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const outcome = await withDeadline(probe.name, probe.deadlineMs, (signal) =>
          probe.measure(signal),
        );
        readings.take(probe, outcome, clock.monotonicMs());
        await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
      }
    };
    void go();
  }
  const verdict = (id: string): CheckVerdict | undefined => {
    const input = { role: 'video', readings: new Map(), families: new Map() } as const;
    const observations = readings.observations();
    return judgeAll({ ...input, observations, nowMs: clock.monotonicMs() }).find(
      (each) => each.id === id,
    );
  };
  const facts = (device: number): CameraFacts | undefined => {
    const seen = readings.observations().find((each) => each.device === device)?.last?.facts;
    return seen?.subject === 'camera' ? seen.facts : undefined;
  };
  return {
    readings,
    verdict,
    facts,
    metric: (id) => readings.values.get(id)?.value,
    sees: async (wanted, reason, { device = 1, check = 'camera.stream', withinMs, also } = {}) => {
      const id = deviceId(check, device);
      const fromMs = performance.now();
      const endMs = fromMs + (withinMs ?? 15_000);
      let last = verdict(id);
      const isSeen = (): boolean => {
        last = verdict(id);
        const known = facts(device);
        return (
          last?.verdict === wanted &&
          last.reason === reason &&
          (!also || (known !== undefined && also(known)))
        );
      };
      while (!isSeen() && performance.now() < endMs)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const seen = { verdict: last?.verdict, reason: last?.reason, facts: facts(device) };
      expect(seen).toMatchObject({ verdict: wanted, reason });
      if (also) expect([seen.facts, seen.facts && also(seen.facts)]).toEqual([seen.facts, true]);
      return performance.now() - fromMs;
    },
  };
}
