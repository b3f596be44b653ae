import type { CDPSession, Page } from 'playwright-core';
import { heapKinds, type HeapKinds } from './heap-kinds.ts';

/** What a page cost over a while. */
export interface PageCost {
  /** CPU time of the main thread's tasks in a second, percent: other programs do not lengthen it. */
  readonly mainPercent: number;
  /** Between frames, ms. */
  readonly framesMs: readonly number[];
  /** Tasks of more than 50 ms, ms. */
  readonly longTasksMs: readonly number[];
  readonly seconds: number;
}

/** What the page holds after a collection of garbage. */
export interface PageSize {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** A page under the browser's own instruments. */
export interface WatchedPage {
  cost(seconds: number): Promise<PageCost>;
  /** Collects garbage first. */
  size(): Promise<PageSize>;
  /** The heap by whose it is. */
  kinds(): Promise<HeapKinds>;
  /** Makes the CPU so many times slower for the page. */
  throttle(times: number): Promise<void>;
}

interface Counters {
  framesMs: number[];
  longTasksMs: number[];
}

declare global {
  interface Window {
    benchCounters: Counters;
  }
}

/** Puts counters into a page that is loaded. What they cost themselves is measured on an empty page. */
export async function watchPage(page: Page): Promise<WatchedPage> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await cdp.send('HeapProfiler.enable');
  await page.evaluate(() => {
    window.benchCounters = { framesMs: [], longTasksMs: [] };
    let last = performance.now();
    const frame = (): void => {
      const now = performance.now();
      window.benchCounters.framesMs.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.benchCounters.longTasksMs.push(duration);
    }).observe({ type: 'longtask' });
  });
  return {
    cost: async (seconds) => {
      const before = await metrics(cdp);
      const startedMs = performance.now();
      await page.evaluate(() => {
        window.benchCounters.framesMs = [];
        window.benchCounters.longTasksMs = [];
      });
      await page.waitForTimeout(seconds * 1_000);
      const after = await metrics(cdp);
      const elapsed = (performance.now() - startedMs) / 1_000;
      const busy = (after.TaskDuration ?? 0) - (before.TaskDuration ?? 0);
      const counters = await page.evaluate(() => window.benchCounters);
      return { mainPercent: (100 * busy) / elapsed, seconds: elapsed, ...counters };
    },
    size: async () => {
      await page.evaluate(() => {
        window.benchCounters.framesMs = [];
        window.benchCounters.longTasksMs = [];
      });
      // Twice: the first frees what finalizers of the second hold.
      await cdp.send('HeapProfiler.collectGarbage');
      await cdp.send('HeapProfiler.collectGarbage');
      const found = await metrics(cdp);
      return {
        heapBytes: found.JSHeapUsedSize ?? Number.NaN,
        nodes: found.Nodes ?? Number.NaN,
        listeners: found.JSEventListeners ?? Number.NaN,
      };
    },
    kinds: () => heapKinds(cdp),
    throttle: async (rate) => {
      await cdp.send('Emulation.setCPUThrottlingRate', { rate });
    },
  };
}

async function metrics(cdp: CDPSession): Promise<Partial<Record<string, number>>> {
  const { metrics: found } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}
