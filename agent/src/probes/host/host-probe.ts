import { statfsSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Clock } from '../../platform/clock.ts';
import { cpuTimes, type CpuTimes } from '../../platform/cpu-times.ts';
import { memory } from '../../platform/memory.ts';
import type { LateTimers } from '../../platform/timers.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { RollingMean } from '../rolling-mean.ts';

/** A spike of a second is not news, a minute of a full CPU is. */
const CPU_WINDOW_MS = 60_000;

/** Share of CPU time that was used between two readings; undefined when no time passed. */
export function cpuRatio(before: CpuTimes, after: CpuTimes): number | undefined {
  const total = after.total - before.total;
  if (total <= 0) return undefined;
  return Math.min(1, Math.max(0, (after.busy - before.busy) / total));
}

/** CPU, memory, disk, uptime of the PC and the agent's own use, straight from the system. */
export class HostProbe implements Probe {
  readonly name = 'host';
  readonly family = 'host';
  readonly periodMs = 5_000;
  readonly deadlineMs = 3_000;
  readonly #clock: Clock;
  readonly #diskPath: string;
  readonly #cpuMean = new RollingMean(CPU_WINDOW_MS);
  readonly #timers: Pick<LateTimers, 'takeLatenessMs'>;
  #cpu = cpuTimes();
  #own = process.cpuUsage();
  #ownAtMs: number;

  constructor(diskPath: string, clock: Clock, timers: Pick<LateTimers, 'takeLatenessMs'>) {
    this.#diskPath = diskPath;
    this.#clock = clock;
    this.#ownAtMs = clock.monotonicMs();
    this.#timers = timers;
  }

  // The disk is the journal's own, which is written in place as well.
  measure(): Promise<ProbeOutcome> {
    const disk = statfsSync(this.#diskPath);
    const ram = memory();
    const totalBlocks = Math.max(1, disk.blocks);
    const metrics: Record<string, number> = {
      'pc.ram.usedRatio': 1 - ram.availableBytes / ram.totalBytes,
      'pc.ram.availableBytes': ram.availableBytes,
      'pc.disk.usedRatio': 1 - disk.bavail / totalBlocks,
      'pc.disk.freeBytes': disk.bavail * disk.bsize,
      'pc.uptime.seconds': uptime(),
      'agent.rss.bytes': process.memoryUsage.rss(),
      'agent.loopDelay.ms': this.#timers.takeLatenessMs(),
      ...this.#ownCpu(),
      ...this.#pcCpu(),
    };
    return Promise.resolve({ kind: 'measured', metrics });
  }

  #pcCpu(): Record<string, number> {
    const now = cpuTimes();
    const ratio = cpuRatio(this.#cpu, now);
    this.#cpu = now;
    if (ratio === undefined) return {};
    return { 'pc.cpu.ratio': this.#cpuMean.add(ratio, this.#clock.monotonicMs()) };
  }

  #ownCpu(): Record<string, number> {
    const nowMs = this.#clock.monotonicMs();
    const used = process.cpuUsage(this.#own);
    const passedMs = nowMs - this.#ownAtMs;
    this.#own = process.cpuUsage();
    this.#ownAtMs = nowMs;
    if (passedMs <= 0) return {};
    return { 'agent.cpu.ratio': (used.user + used.system) / 1_000 / passedMs };
  }
}
