import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Stage } from '../../support/theatre/theatre.ts';

declare global {
  interface Window {
    benchSeenMs: number[];
  }
}

/** Pauses between changes: none of them keeps step with the collector's tick. */
const PAUSES_MS = [310, 430, 370, 530, 290, 470] as const;

/**
 * Changes one workstation again and again, and answers how long each change took to be drawn, ms: from
 * the collector's own knowledge of it, its wait for the tick included, to the frame after the tile changed.
 */
export async function latencies(
  stage: Stage,
  page: Page,
  { siteCode, seconds }: { readonly siteCode: string; readonly seconds: number },
): Promise<number[]> {
  const id = stage.cast.ids.find((each) => stage.cast.get(each).placement.siteCode === siteCode);
  if (id === undefined) throw new Error(`nobody stands at ${siteCode}`);
  stage.cast.show(id, { verdict: 'ok' });
  await sleep(2_000);
  await page.evaluate((testId) => {
    window.benchSeenMs = [];
    const find = () => document.querySelector(`[data-testid="${testId}"]`);
    const look = () => find()?.className.includes('tile-fail') ?? false;
    let isBad = look();
    new MutationObserver(() => {
      if (look() === isBad) return;
      isBad = !isBad;
      // The frame that shows it, and the moment after it was drawn.
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.addEventListener('message', () => window.benchSeenMs.push(Date.now()));
        channel.port1.start();
        channel.port2.postMessage(null);
      });
    }).observe(document.body, { subtree: true, attributes: true, childList: true });
  }, `tile-${siteCode}`);
  const sentMs: number[] = [];
  const endMs = Date.now() + seconds * 1_000;
  for (let at = 0; Date.now() < endMs; at += 1) {
    sentMs.push(Date.now());
    stage.cast.show(id, { verdict: at % 2 === 0 ? 'fail' : 'ok' });
    await sleep(PAUSES_MS[at % PAUSES_MS.length]);
  }
  await sleep(1_000);
  const seenMs = await page.evaluate(() => window.benchSeenMs);
  // Each change is drawn once: with another number of them nobody knows which is which.
  if (seenMs.length !== sentMs.length) return [];
  return sentMs.map((ms, at) => (seenMs[at] ?? Number.NaN) - ms);
}
