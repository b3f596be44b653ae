import { statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Clock } from '../../platform/clock.ts';
import { cpuTimes, type CpuTimes } from '../../platform/cpu-times.ts';
import { memory } from '../../platform/memory.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { RollingMean } from '../rolling-mean.ts';

/** A spike of a second is not news, a minute of a full CPU is. */
const CPU_WINDOW_MS = 60_000;
/** Sampling of the loop's delay: at 50 ms its wake-ups were a third of an idle agent's CPU. */
const LOOP_RESOLUTION_MS = 500;

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
  readonly #loopDelay: IntervalHistogram;
  #cpu = cpuTimes();
  #own = process.cpuUsage();
  #ownAtMs: number;

  constructor(diskPath: string, clock: Clock) {
    this.#diskPath = diskPath;
    this.#clock = clock;
    this.#ownAtMs = clock.monotonicMs();
    this.#loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    this.#loopDelay.enable();
  }

  async measure(): Promise<ProbeOutcome> {
    const [disk, ram] = await Promise.all([statfs(this.#diskPath), memory()]);
    const totalBlocks = Math.max(1, disk.blocks);
    const metrics: Record<string, number> = {
      'pc.ram.usedRatio': 1 - ram.availableBytes / ram.totalBytes,
      'pc.ram.availableBytes': ram.availableBytes,
      'pc.disk.usedRatio': 1 - disk.bavail / totalBlocks,
      'pc.disk.freeBytes': disk.bavail * disk.bsize,
      'pc.uptime.seconds': uptime(),
      'agent.rss.bytes': process.memoryUsage.rss(),
      // The histogram counts from the timer's own period.
      'agent.loopDelay.ms': Math.max(0, this.#loopDelay.percentile(99) / 1e6 - LOOP_RESOLUTION_MS),
      ...this.#ownCpu(),
      ...this.#pcCpu(),
    };
    this.#loopDelay.reset();
    return { kind: 'measured', metrics };
  }

  stop(): void {
    this.#loopDelay.disable();
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
