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
import { misplacedOn, wellPlaced } from '../support/placement.ts';
import { decodePng, encodePalette } from '../support/png.ts';
import { commands, listening, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const root = join(import.meta.dirname, '..', '..');
const artifacts = join(root, 'test', '.artifacts', 'screens');
const docs = join(root, 'docs', 'screens');
const plan = readFileSync(join(root, 'server', 'plans', '2024-05-15.yaml'), 'utf8');
/** ППЭ of the sample region; a РЦОИ and three commissions come with them. */
const PPE = 85;
const SITES = PPE + 4;
const DAY = '2024-05-15';
/** Twenty minutes of the morning in four: every PC is heard before its room is isolated. */
const SPEED = 6;
const HEARTBEAT_MS = 2_000;
const PATIENCE_MS = 90_000;
/** README's pictures are looked at, not measured. */
const COLOURS = 128;
const COLOURS_OF_4K = 24;
const MOST_BYTES = 350_000;

/** Rooms are isolated since 09:30: what goes wrong then is seen in Штабы. A provider goes last. */
const faults = `
- { at: '09:39', fault: lineCut, where: { kind: ppe, count: 1 } }
- { at: '09:39:30', fault: portalUnreachable, where: { kind: ppe, count: 1 } }
- { at: '09:40', fault: reserveDead, where: { kind: ppe, count: 3 } }
- { at: '09:40:20', fault: slowLine, where: { kind: ppe, count: 2 } }
- { at: '09:40:40', fault: diskFull, where: { role: hq, count: 1 } }
- { at: '09:41', fault: lossyLine, where: { kind: ppe, count: 1 } }
- { at: '09:44:30', fault: providerCut, where: { kind: ppe, count: 28 } }
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
async function playing(startAt: string, yaml: string): Promise<Day> {
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
  const script = parseFaultScript(yaml);
  if (!script.ok) throw new Error(script.problems.join('; '));
  const to = collector.url.replace(/^http/, 'ws');
  const simulation = { to, token: collector.adminToken, seed: 668, sites: 1, rooms: 1 };
  const rehearsal = await startRehearsal({ simulation, day, faults: script.entries });
  onTestFinished(async () => {
    await rehearsal.stop();
  });
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
  await until(() => rehearsal.nowMs() >= atOf(time), `it is ${time}`, 300_000);
}

function atOf(time: string): number {
  return Date.parse(`${DAY}T${time}+07:00`);
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

/** Counts come with a beat and tiles with a tick: within a moment they say the same. */
async function agrees(page: Page): Promise<void> {
  const differences = async (): Promise<string[]> =>
    page.evaluate(() =>
      ['fail', 'unknown', 'warn'].flatMap((verdict) => {
        const count = document.querySelector(`[data-testid=count-${verdict}]`)?.textContent;
        const tiles = document.querySelectorAll(`.tile-${verdict}`).length;
        return `${tiles}` === count ? [] : [`${verdict}: ${count} counted, ${tiles} tiles`];
      }),
    );
  await expect.poll(differences, { timeout: 15_000 }).toEqual([]);
}

/** Minutes of a whole region's morning: taken when asked for. */
const isAsked = process.env.UPDATE_SCREENS === 'true';

describe.skipIf(!isAsked || !hasChromium())('the screens of the documents', () => {
  it(
    'show a simulated day: calm, work at 09:42, that at 4K, a flood, the replay, stale and lost',
    { timeout: 600_000 },
    async () => {
      const day = await playing(`${DAY}T09:24:00+07:00`, faults);
      const page = await wallOf(day.collector);
      const side = page.locator('.wall-side');
      expect(await textOf(page, '.day-state')).toContain('ИМИТАЦИЯ');
      // Before the first fault nothing is wrong.
      await dayTime(day, '09:33');
      await expect
        .poll(() => textOf(page, '.problem-panel'), { timeout: 40_000 })
        .toContain('Отклонений нет');
      await shot(page, 'calm');
      await dayTime(day, '09:42:01');
      await page
        .locator('.clock-time')
        .getByText(/^09:42/)
        .waitFor();
      const workMs = Date.now();
      await shot(page, 'work');
      await agrees(page);
      expect(await page.locator('.tile').count()).toBe(SITES);
      expect(await side.getByRole('listitem').count()).toBeGreaterThan(3);
      await page.setViewportSize({ width: 3840, height: 2160 });
      await shot(page, '4k', COLOURS_OF_4K);
      expect(await textOf(page, '.clock-time')).toMatch(/^09:4[23]/);
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      await page.setViewportSize({ width: 1920, height: 1080 });

      await side.getByText('Массовая потеря связи').waitFor();
      await dayTime(day, '09:46:30');
      await shot(page, 'flood');
      await agrees(page);

      await page.goto(`${day.collector.url}/replay?at=${new Date(workMs).toISOString()}`);
      await page.locator('.replay .tile').first().waitFor();
      await side.waitFor();
      await shot(page, 'replay');
      expect(await textOf(page, '[data-testid=replay-time]')).toContain('09:42');
      expect(await page.locator('.tile').count()).toBe(SITES);

      await page.goto(day.collector.url);
      await page.locator('.tile').first().waitFor();
      await side.getByText('Массовая потеря связи').waitFor();
      // It neither speaks nor closes: the picture grows old.
      day.child.kill('SIGSTOP');
      await page.getByRole('alert').getByText('ДАННЫЕ УСТАРЕЛИ').waitFor();
      await shot(page, 'stale');
      day.child.kill('SIGKILL');
      await page.getByRole('alert').getByText('НЕТ СВЯЗИ С КОЛЛЕКТОРОМ').waitFor();
      expect(await textOf(page, '.watermark')).toContain('НЕ АКТУАЛЬНО');
      await shot(page, 'lost');
      keep();
    },
  );
});

/** With `UPDATE_SCREENS=true` what was taken is what the documents show. */
function keep(): void {
  if (process.env.UPDATE_SCREENS !== 'true') return;
  for (const name of ['calm', 'work', 'flood', 'stale', 'lost', '4k', 'replay'])
    copyFileSync(join(artifacts, `${name}.png`), join(docs, `${name}.png`));
}
