import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { HQ_AT_MS, badFrame, calmFrame, hqFrame } from '../support/hq-frames.ts';
import { hqPage } from '../support/hq-page.ts';

const boardDir = join(import.meta.dirname, '..', '..', 'board', 'dist');
const artifacts = join(import.meta.dirname, '..', '.artifacts');
mkdirSync(artifacts, { recursive: true });

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
          const name = (what: string): string => join(artifacts, `hq-${what}-${width}-${theme}.png`);
          show(calmFrame);
          await page.getByText('Всё в порядке').waitFor();
          await page.screenshot({ path: name('calm') });
          show(badFrame);
          await page.getByText('Принтер: замятие бумаги').waitFor();
          await page.screenshot({ path: name('bad') });
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
});
