import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import { HQ_AT_MS, badFrame, calmFrame } from '../support/hq-frames.ts';
import { hqIncident, hqIncidents, providerCut } from '../support/hq-incidents.ts';
import { hqPage } from '../support/hq-page.ts';
import { boardDir } from '../support/board-browser.ts';

const artifacts = join(import.meta.dirname, '..', '.artifacts');
mkdirSync(artifacts, { recursive: true });

/** The bad morning with what the situation centre knew of it before the line was cut. */
const knownFrame = {
  ...badFrame,
  incidents: hqIncidents(
    [
      providerCut(17, {
        openedAtMs: HQ_AT_MS - 75 * 60_000,
        acknowledgedAtMs: HQ_AT_MS - 68 * 60_000,
      }),
      hqIncident(21, { isUnstable: true, openedAtMs: HQ_AT_MS - 64 * 60_000 }),
      hqIncident(22, {
        kind: 'camera.stream',
        reason: 'unreachable',
        level: 'room',
        roomCode: '0003',
        isDrill: true,
        openedAtMs: HQ_AT_MS - 70 * 60_000,
        acknowledgedAtMs: HQ_AT_MS - 65 * 60_000,
        assignee: 'videoControl',
      }),
    ],
    { atMs: HQ_AT_MS - 61 * 60_000, isCurrent: false },
  ),
};

/** What a page must not do: complain, or ask anybody but this PC. */
function watch(page: Page, origin: string): () => string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`asked ${request.url()}`);
  });
  return () => faults;
}

const widths = (page: Page): Promise<[number, number]> =>
  page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);

describe.skipIf(!hasChromium())('the page of the Штаб in Chromium', () => {
  it(
    'fits both screens in both themes without scrolling sideways, and asks nobody else',
    { timeout: 90_000 },
    async () => {
      const { url, show } = await hqPage(calmFrame);
      const browser = await openBrowser();
      const page = await browser.newPage();
      const faults = watch(page, url);
      for (const [width, height] of [
        [1366, 768],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height });
        for (const theme of ['dark', 'light']) {
          await page.goto(url);
          await page.evaluate(
            (chosen) =>
              localStorage.setItem('ppe-pulse.settings', JSON.stringify({ theme: chosen })),
            theme,
          );
          await page.reload();
          const name = (what: string): string =>
            join(artifacts, `hq-${what}-${width}-${theme}.png`);
          show(calmFrame);
          await page.getByText('Всё в порядке').waitFor();
          await page.screenshot({ path: name('calm') });
          show(badFrame);
          await page.getByText('Принтер: замятие бумаги').waitFor();
          await page.screenshot({ path: name('bad') });
          show(knownFrame);
          await page.getByTestId('incident-i-17').waitFor();
          await page.screenshot({ path: name('known') });
          await page.getByRole('button', { name: 'ауд. 0002', exact: true }).last().click();
          await page.getByTestId('pc-w-000000000000000b').waitFor();
          await page.screenshot({ path: name('room'), fullPage: true });
          const [scrolled, shown] = await widths(page);
          expect(scrolled).toBeLessThanOrEqual(shown);
        }
      }
      expect(faults()).toEqual([]);
    },
  );

  it(
    'is worked by keyboard alone: a fault opens its room, Escape shuts it',
    { timeout: 60_000 },
    async () => {
      const { url } = await hqPage(badFrame);
      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      const faults = watch(page, url);
      await page.goto(url);
      await page.getByTestId('cause-jam').waitFor();
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
      for (let steps = 0; steps < 40 && !(await focused()).startsWith('ауд. 0001 ·'); steps += 1)
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const pc = page.getByTestId('pc-w-000000000000000a');
      await pc.getByText('источник: принтер по SNMP').waitFor();
      expect(await pc.isVisible()).toBe(true);
      expect(await focused()).toBe('ауд. 0001');
      const box = await pc.boundingBox();
      expect(box && box.y + 40 < 768).toBe(true);
      await page.keyboard.press('Escape');
      await pc.waitFor({ state: 'detached' });
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.getByTestId('pc-w-000000000000000b').waitFor();
      expect(faults()).toEqual([]);
    },
  );

  it(
    'says that the relay is gone, keeps its last picture as such, and is back with the relay',
    { timeout: 60_000 },
    async () => {
      const { url, server } = await hqPage(badFrame);
      const port = server.port ?? 0;
      const browser = await openBrowser();
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(url);
      await page.getByTestId('cause-jam').waitFor();
      await server.stop();
      const alert = page.getByRole('alert');
      await alert.getByText('СЛУЖБА НА ЭТОМ ПК НЕ ОТВЕЧАЕТ').waitFor();
      await alert.getByText(/картине на экране \d+ с/).waitFor();
      expect(await page.getByTestId('cause-jam').isVisible()).toBe(true);
      await page.screenshot({ path: join(artifacts, 'hq-lost.png') });
      await hqPage(calmFrame, port);
      await page.getByText('Всё в порядке').waitFor();
      await alert.waitFor({ state: 'detached' });
    },
  );
});

describe('the page of the Штаб as it is built', () => {
  const read = (name: string): string => readFileSync(join(boardDir, name), 'utf8');
  const assets = readdirSync(join(boardDir, 'assets'));

  it('is one script, one style and two fonts, all of this PC, with no charts and no compiler', () => {
    const html = read('hq.html');
    const named = assets.filter((name) => html.includes(name));
    expect(named.map((name) => name.replace(/^(hq)-.+\.(\w+)$/, '$1.$2')).sort()).toEqual([
      'hq.css',
      'hq.js',
    ]);
    expect(html).not.toMatch(/https?:/);
    const script = named.find((name) => name.endsWith('.js')) ?? '';
    const text = read(`assets/${script}`);
    expect(gzipSync(text).length / 1_000).toBeLessThanOrEqual(115);
    for (const word of ['recharts', 'new Function', 'react-dom.development'])
      expect(text).not.toContain(word);
    // The collector's board loads none of it.
    expect(named.some((name) => read('index.html').includes(name))).toBe(false);
  });

  it('is not served by the collector', async () => {
    const collector = await testCollector({ boardDir });
    const answers = await Promise.all(['/', '/hq.html'].map((path) => fetch(collector.url + path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
  });
});
