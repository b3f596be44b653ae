import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ReplaySpans, Site } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { beating, leak, prepared } from '../support/opening-collector.ts';
import { api } from '../support/collector.ts';
import { misplacedOn, wellPlaced } from '../support/placement.ts';
import { tilesIn } from '../support/theatre/shown-cells.ts';

/** So long nothing but the clocks may move before a picture is taken. */
const REST_MS = 1_500;
const PATIENCE_MS = 60_000;

/** What a person reads on the wall; ages and clocks move by themselves. */
interface Reading {
  readonly atMs: number;
  readonly tiles: readonly string[];
  readonly counts: readonly string[];
  readonly incidents: readonly string[];
}

describe.skipIf(!hasChromium())('replay in Chromium', () => {
  it(
    'shows at several moments what the live board showed then, silent and without a way to act',
    { timeout: 600_000 },
    async () => {
      const { collector, site } = await prepared();
      const say = await beating(collector, site);
      const { page, faults } = await signedIn(collector);
      // Many pages one after the other: a busy machine takes its time for each.
      page.setDefaultTimeout(PATIENCE_MS);
      await page.getByTestId(`tile-${site.code}`).waitFor();
      await until(async () => (await spansOf(collector)).isRecording, 'the record begins');
      const calm = await read(page);

      say([leak]);
      const lines = page.getByTestId('incidents').getByRole('listitem');
      await lines.first().waitFor();
      const trouble = await read(page);
      await lines.first().getByRole('button').click();
      await page.getByTestId('incidents').getByText(/взял/).first().waitFor();
      const taken = await read(page);
      expect(trouble.incidents).not.toEqual(calm.incidents);
      expect(taken.incidents).not.toEqual(trouble.incidents);
      say([]);
      await rest(page, 3_000);

      for (const [name, moment] of Object.entries({ calm, trouble, taken })) {
        await openAt(page, collector, moment.atMs);
        // The film stands still: what comes later are parts of the page, each with the same moment.
        await expect
          .poll(async () => [name, await readNow(page)], { timeout: 30_000 })
          .toEqual([name, { ...moment, incidents: withoutButtons(moment.incidents) }]);
      }
      await page.getByTestId('replay-time').getByText('ПОВТОР').waitFor();
      await page.getByText('среда, 15 мая 2024 г.').first().waitFor();
      expect(await page.getByTestId('sound').count()).toBe(0);
      expect(await page.getByRole('button', { name: /^Взял/ }).count()).toBe(0);
      // With the list of events open the board is narrow: the letters of its map are whole all the same.
      await page.locator('.map-tile .glyph').first().waitFor();
      expect(await misplacedOn(page)).toEqual(wellPlaced);
      await shoot(page, 'replay');

      await marksLead(page, trouble, taken);
      await linksStay(page, collector, site, taken);
      await playsFast(page, collector);
      expect(faults()).toEqual([]);
    },
  );
});

/** What somebody did is a mark; a press shows the board as it was then. */
async function marksLead(page: Page, trouble: Reading, taken: Reading): Promise<void> {
  const marks = page.getByTestId('replay-marks');
  await marks.getByText('только действия людей').click();
  const mark = marks.getByRole('button').filter({ hasText: 'принят в работу' });
  await mark.getByText('admin').waitFor();
  await mark.click();
  await page.getByTestId('incidents').getByText(/взял/).first().waitFor();
  const shownMs = momentOf(page);
  expect(shownMs).toBeGreaterThan(trouble.atMs);
  expect(shownMs).toBeLessThanOrEqual(taken.atMs);
}

/** Pages inside stay at the moment; an address that is sent to somebody shows it again. */
async function linksStay(
  page: Page,
  collector: Collector,
  site: Site,
  { atMs }: Reading,
): Promise<void> {
  await openAt(page, collector, atMs);
  const before = momentOf(page);
  await page.getByTestId(`tile-${site.code}`).getByRole('link').first().click();
  await page.getByRole('heading', { name: new RegExp(site.code) }).waitFor();
  await page.waitForURL(/\/replay\/ppe\/.*at=/);
  expect(momentOf(page)).toBe(before);
  await page.getByText(/нынешние/).waitFor();
  const other = await signedIn(collector);
  other.page.setDefaultTimeout(PATIENCE_MS);
  await other.page.goto(page.url());
  await other.page.getByRole('heading', { name: new RegExp(site.code) }).waitFor();
  expect(momentOf(other.page)).toBe(before);
  expect(await other.page.getByTestId('replay-time').innerText()).toBe(
    await page.getByTestId('replay-time').innerText(),
  );
  await page.goto(`${collector.url}/replay/alerts?at=${new Date(atMs).toISOString()}`);
  await page.getByText('Эта страница показывает только настоящее').waitFor();
}

/** ×60 by the keyboard, to the end of the record. */
async function playsFast(page: Page, collector: Collector): Promise<void> {
  const { items } = await spansOf(collector);
  await openAt(page, collector, (items[0]?.fromMs ?? 0) + 1_000);
  const before = await page.getByTestId('replay-time').innerText();
  await page.getByRole('button', { name: '×60' }).click();
  await page.getByTestId('replay-time').click();
  await page.keyboard.press(' ');
  await page.waitForURL(/speed=60&play=1/);
  await page.getByText('Дальше записи нет').waitFor();
  await page.waitForURL((url) => !url.search.includes('play=1'));
  expect(await page.getByTestId('replay-time').innerText()).not.toBe(before);
  const endMs = momentOf(page);
  await page.keyboard.press('Shift+ArrowLeft');
  // The film of a quick machine is shorter than a minute.
  const backMs = Math.max(endMs - 30_000, (items[0]?.fromMs ?? 0) + 2_000);
  await until(async () => momentOf(page) <= backMs, 'a minute back, or to the beginning');
}

async function openAt(page: Page, collector: Collector, atMs: number): Promise<void> {
  await page.goto(`${collector.url}/replay?at=${new Date(atMs).toISOString()}`);
  await page.getByTestId('replay-screen').waitFor();
  await page.waitForURL(/speed=1/);
  await page.getByTestId('grid').waitFor();
}

function momentOf(page: Page): number {
  return Date.parse(new URL(page.url()).searchParams.get('at') ?? '');
}

/** A reading that held for a while: the collector's frames and this page agree on it. */
async function read(page: Page): Promise<Reading> {
  for (let tries = 0; tries < 40; tries += 1) {
    const before = await readNow(page);
    const atMs = Date.now();
    await rest(page, REST_MS);
    const after = await readNow(page);
    if (JSON.stringify(before) === JSON.stringify(after))
      return { ...after, atMs: atMs + REST_MS / 2 };
  }
  throw new Error('the wall does not come to rest');
}

async function readNow(page: Page): Promise<Reading> {
  const texts = async (selector: string): Promise<string[]> =>
    (await page.locator(selector).allInnerTexts()).map(withoutTimes);
  return {
    atMs: expect.any(Number) as unknown as number,
    tiles: (await tilesOf(page)).toSorted(),
    counts: await texts('[data-testid^="count-"]'),
    incidents: await texts('[data-testid="incidents"] > li'),
  };
}

/**
 * What a tile says to a reader, and its cells. Not its place and width: a wall that has been looked at
 * moves a tile every half a minute at most, one that is opened puts it where it belongs.
 */
async function tilesOf(page: Page): Promise<string[]> {
  const tiles = await tilesIn(page.locator('li[data-testid^="tile-"]'));
  return tiles.map(({ spoken, looks }) => withoutTimes([spoken, ...looks].join(' | ')));
}

/** `0:37`, `09:31`, «4 мин»: they go on by themselves. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d+:\d{2}(:\d{2})?/g, '#')
    .replaceAll(/\d+ (?:с|мин)\b/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function withoutButtons(incidents: readonly string[]): string[] {
  return incidents.map((text) => text.replace(/ ?Взял\S*$/, '').trim());
}

async function rest(page: Page, ms: number): Promise<void> {
  await page.waitForTimeout(ms);
}

async function until(isIt: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isIt())) {
    if (performance.now() > deadline) throw new Error(`not in 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function spansOf(collector: Collector): Promise<ReplaySpans> {
  return (await api(collector, '/api/v1/replay/spans')).body as unknown as ReplaySpans;
}
