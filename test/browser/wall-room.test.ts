import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXACT_PIXELS, hasChromium, launchBrowser } from '../support/chromium.ts';
import { misplacedOn, wellPlaced } from '../support/placement.ts';
import type { Trouble } from '../support/theatre/scene.ts';
import { country, drill, floodOfCauses, planEditing, sized } from '../support/theatre/scenes.ts';
import { tilesIn } from '../support/theatre/shown-cells.ts';
import { seat } from '../support/theatre/seat.ts';
import { theatre } from '../support/theatre/theatre.ts';

describe.skipIf(!hasChromium())('the room on the wall', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(EXACT_PIXELS);
  });
  afterAll(() => browser.close());

  it.each([
    [1366, 768, '/'],
    [1280, 720, '/'],
    [1920, 1080, '/?density=hall'],
    [3840, 2160, '/?density=desk'],
  ])(
    'shows causes whole below a mass loss at %i×%i%s, whatever has no room',
    { timeout: 120_000 },
    async (width, height, path) => {
      const { page } = await seat(await theatre(floodOfCauses()), { width, height, path, browser });
      const list = await page.locator('.problem-list').boundingBox();
      const rows = await page.locator('.problem-list > li').all();
      expect(rows.length).toBeGreaterThanOrEqual(2);
      const panel = await page.locator('.problem-panel').boundingBox();
      const more = await page.getByTestId('more').boundingBox();
      for (const row of rows) {
        const box = await row.boundingBox();
        expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(
          (list?.y ?? 0) + (list?.height ?? 0) + 1,
        );
      }
      expect((more?.y ?? 0) + (more?.height ?? 0)).toBeLessThanOrEqual(
        (panel?.y ?? 0) + (panel?.height ?? 0) + 1,
      );
    },
  );

  it.each([
    [1920, 1080],
    [3840, 2160],
  ])(
    'has room for 100 ППЭ of 20 rooms at %i×%i without scrolling or cutting',
    { timeout: 240_000 },
    async (width, height) => {
      const here = await seat(await theatre(sized(100, 20)), { width, height, browser });
      const tiles = await tilesIn(here.page.locator('.tile'));
      expect(tiles.map(({ looks }) => looks.length)).toEqual(tiles.map(() => 20));
      expect(tiles.length).toBe(100);
      expect(await misplacedOn(here.page)).toEqual(wellPlaced);
    },
  );

  it(
    'tells a country of 6,000 ППЭ in counts and in a table, everything in its place',
    { timeout: 300_000 },
    async () => {
      const scene = country(6_000);
      const troubles = (['fail', 'fail', 'unknown'] as const).map((verdict, at): Trouble => ({
        siteCode: scene.sites[at]?.code ?? '',
        rooms: null,
        verdict,
        ...(verdict === 'fail'
          ? { check: 'printer.state', reason: 'offline' }
          : { check: 'heartbeat', reason: 'silent' }),
        forMs: 134_000,
        incident: null,
      }));
      const stage = await theatre({ ...scene, troubles });
      const { page, faults } = await seat(stage, { path: '/?view=country', browser });
      const told = async (where: string): Promise<string> =>
        (await page.locator(where).innerText()).replaceAll(/[\u00a0\u202f]/g, ' ');
      for (const [verdict, count] of Object.entries({ fail: '2', unknown: '1', ok: '5 997' }))
        expect([verdict, await told(`[data-testid=count-${verdict}]`)]).toEqual([verdict, count]);
      expect(await told('.country-head')).toContain('6 000 площадок');
      const rows = (await page.locator('.country-table tbody tr').allInnerTexts()).map((row) =>
        row.split(/\s*\t\s*/),
      );
      expect(rows.length).toBe(16);
      expect(rows[0]).toEqual(['Регион 1', '2', '1', '0', '64', '67']);
      expect(rows.slice(1).map(([, fail, unknown]) => `${fail} ${unknown}`)).toEqual(
        Array(15).fill('0 0'),
      );
      expect(await told('.country-pages')).toContain('страница 1 из 6');
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      expect(faults()).toEqual([]);
    },
  );

  it(
    'cuts a title only where there is no room, and says every state of the day',
    { timeout: 240_000 },
    async () => {
      const stage = await theatre({
        ...drill(),
        title: 'Федеральная апробация 15.05.2024, Кузбасс',
        overview: { ...planEditing().overview, warnings: ['diskNearlyFull'] },
      });
      const { page } = await seat(stage, { browser });
      await page.getByTestId('milestone').waitFor();
      const isCut = (): Promise<boolean> =>
        page
          .getByRole('heading', { name: 'Федеральная апробация' })
          .evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      expect(await isCut()).toBe(false);
      expect(await page.locator('.day-chip').allInnerTexts()).toEqual(['коллектор предупреждает']);
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      await page.setViewportSize({ width: 1200, height: 700 });
      expect(await isCut()).toBe(true);
    },
  );
});
