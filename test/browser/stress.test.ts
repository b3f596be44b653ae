import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { limits } from '@ppe-pulse/protocol';
import { enrolPeers, startPeers } from '../support/beating-peers.ts';
import { boardDir, watch } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { commands, listening, start } from '../support/processes.ts';
import { freePort } from '../support/restartable.ts';
import { tempDir } from '../support/temp-dir.ts';
import { sized } from '../support/theatre/scenes.ts';
import { seat } from '../support/theatre/seat.ts';
import { shownTiles, truth } from '../support/theatre/shown-tiles.ts';
import { theatre, type Stage } from '../support/theatre/theatre.ts';

/** Five minutes with `npm test -- --full`. */
const isFull = process.env.PPE_PULSE_TEST_FULL === '1';
const STRESS_MS = isFull ? 300_000 : 30_000;
/** Longer than tiles keep their order. */
const WARM_UP_MS = 35_000;
/** The picture is right within this on a machine that has other things to do. */
const RIGHT_WITHIN_MS = 60_000;

/** Waits until every tile shows what the collector knows. */
async function isRight(page: Page, stage: Stage): Promise<void> {
  await expect.poll(() => shownTiles(page), { timeout: RIGHT_WITHIN_MS }).toEqual(truth(stage));
}

async function allWell(page: Page, stage: Stage): Promise<void> {
  for (const id of stage.cast.ids) stage.cast.show(id, { verdict: 'ok' });
  await isRight(page, stage);
}

/** Elements of the grid, and listeners after a collection of garbage. */
async function sizeOf(page: Page): Promise<{ elements: number; listeners: number }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const listeners = metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? Number.NaN;
  const elements = await page.evaluate(() => document.querySelectorAll('.grid *').length);
  await cdp.detach();
  return { elements, listeners };
}

describe.skipIf(!hasChromium())('the wall under stress', () => {
  it(
    `shows 3,000 workstations that change 600 times a second, and is right in the end (${STRESS_MS / 1_000} s)`,
    { timeout: STRESS_MS + 300_000 },
    async () => {
      const stage = await theatre(sized(150, 20));
      stage.clock.run();
      let deltas: { readonly seq: number; readonly atMs: number }[] = [];
      const { page, faults } = await seat(stage, {
        isLive: true,
        onFrame: (text) => {
          if (!text.startsWith('{"type":"delta"')) return;
          const { seq, serverTimeMs } = JSON.parse(text) as { seq: number; serverTimeMs: number };
          deltas.push({ seq, atMs: serverTimeMs });
        },
      });
      // Parts that come with the first trouble, or with the first new order of tiles, stay: they are
      // no growth.
      const stopWarmUp = stage.churn(600, 'flips');
      await sleep(WARM_UP_MS);
      stopWarmUp();
      await allWell(page, stage);
      const before = await sizeOf(page);
      deltas = [];
      const madeBefore = stage.wire.made.delta;
      const stop = stage.churn(600, 'flips');
      await sleep(STRESS_MS);
      stop();
      await isRight(page, stage);

      // One frame a tick, none skipped, none twice.
      expect(deltas).toHaveLength(stage.wire.made.delta - madeBefore);
      expect(stage.wire.resyncs).toBe(0);
      for (const [at, { seq, atMs }] of deltas.entries()) {
        const previous = deltas[at - 1];
        if (!previous) continue;
        expect(seq).toBe(previous.seq + 1);
        // A timer may be late, and the next one early by as much: two of them are never.
        const earlier = deltas[at - 2];
        if (earlier) expect(atMs - earlier.atMs).toBeGreaterThanOrEqual(limits.boardTickMs);
      }

      // All are well again: the page holds what it held before.
      await allWell(page, stage);
      expect(await sizeOf(page)).toEqual(before);
      expect(faults()).toEqual([]);
    },
  );

  it(
    'is right again after a delta that is lost, one that is early and one that comes twice',
    { timeout: 240_000 },
    async () => {
      const stage = await theatre(sized(20, 10));
      stage.clock.run();
      const { page, faults } = await seat(stage, { isLive: true });
      await isRight(page, stage);
      const [first = '', second = '', third = ''] = stage.cast.ids;

      stage.wire.duplicate();
      stage.cast.show(first, { verdict: 'fail' });
      await isRight(page, stage);
      expect(stage.wire.resyncs).toBe(0);

      stage.wire.lose();
      stage.cast.show(second, { verdict: 'warn' });
      await isRight(page, stage);
      expect(stage.wire.resyncs).toBe(1);

      // A board asks once in two seconds.
      await sleep(2_500);
      stage.wire.swap();
      stage.cast.show(first, { verdict: 'ok' });
      const madeBefore = stage.wire.made.delta;
      await expect.poll(() => stage.wire.made.delta).toBeGreaterThan(madeBefore);
      stage.cast.show(third, { verdict: 'unknown' });
      await isRight(page, stage);
      expect(stage.wire.resyncs).toBe(2);
      expect(faults()).toEqual([]);
    },
  );

  it('takes no notice of frames of a newer collector', { timeout: 180_000 }, async () => {
    const stage = await theatre(sized(10, 5));
    stage.clock.run();
    const { page, faults } = await seat(stage, { isLive: true });
    await isRight(page, stage);
    stage.wire.say({ type: 'wonder', seq: 1, of: ['something', { new: true }] });
    stage.wire.say({ type: 'beat' });
    stage.wire.say([]);
    const [id = ''] = stage.cast.ids;
    stage.cast.show(id, { verdict: 'fail', check: 'quantum.flux', reason: 'entangled' });
    await isRight(page, stage);
    expect(faults()).toEqual([]);
  });

  it(
    'loses a collector that is killed, and is live and right again without a reload when it is back',
    { timeout: 240_000 },
    async () => {
      const [dataDir, port] = [tempDir(), await freePort()];
      const serve = ['serve', '--port', `${port}`, '--data', dataDir, '--board', boardDir];
      const env = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
      const first = start(commands.collector, serve, env);
      const collector = await listening(dataDir, first);
      startPeers(await enrolPeers(collector, { seed: 719, count: 6, intervalMs: 1_000 }));
      const { page, faults } = await signedInPage(collector);
      await page.locator('.shell-live').waitFor();
      await page.locator('.grid [data-testid^="tile-"]').nth(1).waitFor();
      // A part that is not loaded yet cannot be had from a dead collector.
      await page.waitForLoadState('networkidle');
      await page.evaluate(() => document.documentElement.setAttribute('data-seen', 'yes'));
      // All peers are heard.
      await expect.poll(() => shownTiles(page), { timeout: 60_000 }).toSatisfy(areHeard);
      const before = await shownTiles(page);

      first.kill('SIGKILL');
      await page.locator('.shell-lost').waitFor({ timeout: 60_000 });
      expect(await shownTiles(page)).toEqual(before);

      await listening(dataDir, start(commands.collector, serve, env));
      await page.locator('.shell-live').waitFor({ timeout: 90_000 });
      await expect.poll(() => shownTiles(page), { timeout: 90_000 }).toEqual(before);
      expect(await page.locator('html[data-seen="yes"]').count()).toBe(1);
      const own = faults().filter(
        (fault) => !/WebSocket|ERR_CONNECTION|Failed to load/.test(fault),
      );
      expect(own).toEqual([]);
    },
  );
});

function areHeard(tiles: unknown): boolean {
  const text = JSON.stringify(tiles);
  return text.includes('fail') && !text.includes('unknown');
}

/** A page of somebody who asked a real collector for a link. */
async function signedInPage(collector: { readonly url: string; readonly adminToken: string }) {
  const answer = await fetch(`${collector.url}/api/v1/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${collector.adminToken}` },
  });
  const { path } = (await answer.json()) as { path: string };
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(60_000);
  const faults = watch(page, collector.url);
  await page.goto(collector.url + path);
  return { page, faults };
}
