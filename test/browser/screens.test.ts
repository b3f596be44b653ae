import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseFaultScript } from '../../server/src/simulate/fault-script.ts';
import { askPlayedDay } from '../../server/src/simulate/rehearsal/played-day.ts';
import { startRehearsal, type Rehearsal } from '../../server/src/simulate/rehearsal/rehearsal.ts';
import type { CollectorAddress } from '../support/beating-peers.ts';
import { boardDir, watch } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { decodePng, encodePalette } from '../support/png.ts';
import { commands, listening, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const artifacts = join(root, 'test', '.artifacts', 'screens');
const docs = join(root, 'docs', 'screens');
const plan = readFileSync(join(root, 'server', 'plans', '2024-05-15.yaml'), 'utf8');
/** 728 PCs of 85 ППЭ. */
const PPE = 85;
const DAY = '2024-05-15';
/** Ten minutes of the morning in little more than one. */
const SPEED = 6;
const HEARTBEAT_MS = 2_000;
const PATIENCE_MS = 60_000;
/** README's pictures are looked at, not measured. */
const COLOURS = 128;
const COLOURS_OF_4K = 24;
const MOST_BYTES = 250_000;

/** Nothing before 09:39; then what a morning brings; then a provider goes. */
const faults = `
- { at: '09:39:30', for: 60m, fault: printerJam, where: { role: organizer, count: 2 } }
- { at: '09:40', for: 60m, fault: outOfPaper, where: { role: organizer, count: 1 } }
- { at: '09:40:20', for: 60m, fault: cameraFrozen, where: { kind: ppe, role: organizer, count: 1, device: 1 } }
- { at: '09:40:40', for: 60m, fault: diskFull, where: { role: organizer, count: 1 } }
- { at: '09:40:10', for: 60m, fault: reserveDead, where: { kind: ppe, count: 2 } }
- { at: '09:39:40', for: 60m, fault: lineCut, where: { kind: ppe, count: 1 } }
- { at: '09:43:10', for: 60m, fault: providerCut, where: { kind: ppe, count: 28 } }
`;

interface Day {
  readonly child: Child;
  readonly collector: CollectorAddress;
  readonly rehearsal: Rehearsal;
}

async function ask<T>(
  { url, adminToken }: CollectorAddress,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: init.method ?? 'GET',
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** The collector's own process with a sample region, and the simulator that plays its day. */
async function playing(startAt: string): Promise<Day> {
  const dataDir = tempDir();
  const play = ['--rehearsal-start', startAt, '--rehearsal-speed', `${SPEED}`];
  const flags = ['serve', '--port', '0', '--data', dataDir, '--board', boardDir, ...play];
  const env = { PPE_PULSE_AGENTS_INTERVAL_MS: `${HEARTBEAT_MS}` };
  const child = start(commands.collector, flags, env);
  const collector = await listening(dataDir, child);
  await ask(collector, 'registry/sample', { method: 'POST', body: { ppe: PPE, seed: 668 } });
  await ask(collector, 'plan', { method: 'PUT', body: { text: plan, baseVersion: 0 } });
  const day = await askPlayedDay({ address: collector.url, token: collector.adminToken });
  if (!day) throw new Error('the collector plays no day');
  const script = parseFaultScript(faults);
  if (!script.ok) throw new Error(script.problems.join('; '));
  const to = collector.url.replace(/^http/, 'ws');
  const simulation = { to, token: collector.adminToken, seed: 668, sites: 1, rooms: 1 };
  const rehearsal = await startRehearsal({ simulation, day, faults: script.entries });
  onTestFinished(async () => {
    await rehearsal.stop();
  });
  await rehearsal.simulation.connected(PATIENCE_MS);
  return { child, collector, rehearsal };
}

async function wallOf(collector: CollectorAddress): Promise<Page> {
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const faultsOf = watch(page, collector.url);
  const { path } = await ask<{ path: string }>(collector, 'sign-in-links', { method: 'POST' });
  await page.goto(collector.url + path);
  await page.locator('.tile').first().waitFor();
  await page.locator('.wall-side').waitFor();
  expect(faultsOf()).toEqual([]);
  return page;
}

/** Until it is that time of the played day. */
async function dayTime({ rehearsal }: Day, time: string): Promise<void> {
  const atMs = Date.parse(`${DAY}T${time}+07:00`);
  await until(() => rehearsal.nowMs() >= atMs, `it is ${time}`, 120_000);
}

async function shot(page: Page, name: string, colours = COLOURS): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  const pixels = decodePng(await page.screenshot());
  const file = join(artifacts, `${name}.png`);
  const small = encodePalette(pixels, colours);
  expect(small.length, `${name}.png is for a README`).toBeLessThan(MOST_BYTES);
  writeFileSync(file, small);
}

async function textOf(page: Page, where: string): Promise<string> {
  const text = (await page.locator(where).allInnerTexts()).join('\n');
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}

/** The numbers of the counts and those of the tiles, read at one moment, are the same. */
async function agrees(page: Page): Promise<void> {
  const told = await page.evaluate(() =>
    ['fail', 'unknown', 'warn'].map((verdict) => ({
      verdict,
      count: Number(document.querySelector(`[data-testid=count-${verdict}]`)?.textContent),
      tiles: document.querySelectorAll(`.tile-${verdict}`).length,
    })),
  );
  for (const { verdict, count, tiles } of told) expect(tiles, verdict).toBe(count);
}

describe.skipIf(!hasChromium())('the screens of the documents', () => {
  it(
    'show a simulated day: calm, work at 09:42, that at 4K, a flood, the replay, stale and lost',
    { timeout: 400_000 },
    async () => {
      const day = await playing(`${DAY}T09:36:30+07:00`);
      const page = await wallOf(day.collector);
      const side = page.locator('.wall-side');
      console.log('connected', new Date(day.rehearsal.nowMs()).toISOString());
      await side.getByText('Отклонений нет').waitFor().catch(async () => {
        console.log(await textOf(page, '.wall-side'));
      });
      await shot(page, 'calm');

      await dayTime(day, '09:42:02');
      await page.locator('.clock-time').getByText(/^09:42/).waitFor();
      const workMs = Date.now();
      await shot(page, 'work');
      console.log('work', await textOf(page, '.header'), await textOf(page, '.wall-side'));
      await agrees(page).catch(console.log);
      await page.setViewportSize({ width: 3840, height: 2160 });
      await shot(page, '4k', COLOURS_OF_4K);
      console.log('4k', await textOf(page, '.clock'));
      await page.setViewportSize({ width: 1920, height: 1080 });

      await dayTime(day, '09:43:10');
      await side.getByText('Массовая потеря связи').waitFor();
      await dayTime(day, '09:45:40');
      await shot(page, 'flood');
      console.log('flood', await textOf(page, '.wall-side'));

      const at = new Date(workMs).toISOString();
      await page.goto(`${day.collector.url}/replay?at=${at}`);
      await page.locator('.replay .tile').first().waitFor();
      await page.locator('.wall-side').waitFor();
      await shot(page, 'replay');
      console.log('replay', await textOf(page, '[data-testid=replay-time]'));

      await page.goto(day.collector.url);
      await page.locator('.tile').first().waitFor();
      await page.locator('.wall-side').waitFor();
      day.child.kill('SIGSTOP');
      await page.locator('.shell-stale').waitFor();
      await shot(page, 'stale');
      day.child.kill('SIGKILL');
      await page.locator('.shell-lost').waitFor();
      await shot(page, 'lost');
      void copyFileSync;
      void docs;
    },
  );
});
