import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import { abbreviationsOf } from '../../board/src/wall-side/abbreviations.ts';
import { municipalityLabels } from '../../board/src/wall-side/municipality-names.ts';
import { violationsOf } from '../support/axe.ts';
import { signedIn } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { badFrame } from '../support/hq-frames.ts';
import { hqPage } from '../support/hq-page.ts';
import { livedIn, openAll, pagesOf } from '../support/lived-in.ts';
import { englishIn, russianIn, textsOf } from '../support/spoken-language.ts';
import { squeezeFaultsOf } from '../support/squeezed.ts';
import { plainIncident } from '../support/plain-incident.ts';
import type { Scene } from '../support/theatre/scene.ts';
import { beforeDay, calm, flood, work } from '../support/theatre/scenes.ts';
import { seat } from '../support/theatre/seat.ts';
import { theatre } from '../support/theatre/theatre.ts';

/** Dark and Russian, light and English: every colour and every text once. */
const looks = [
  { theme: 'dark', lang: 'ru' },
  { theme: 'light', lang: 'en' },
] as const;
type Look = (typeof looks)[number];

const addressIn = (path: string, { theme, lang }: Look): string =>
  `${path}${path.includes('?') ? '&' : '?'}theme=${theme}&lang=${lang}`;

/** What is wrong with a page as it stands, each with where and how it was looked at. */
async function faultsOf(
  page: Page,
  look: Look,
  foreign: readonly string[],
  pass?: (ms: number) => Promise<void>,
): Promise<string[]> {
  const texts = await textsOf(page);
  const wrong = look.lang === 'en' ? russianIn(texts, foreign) : englishIn(texts, foreign);
  const seen = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    moving: document.getAnimations().length,
    excess: document.documentElement.scrollWidth - window.innerWidth,
  }));
  return [
    ...(await violationsOf(page, pass)),
    ...wrong.map((text) => `not in ${look.lang}: ${text}`),
    ...(seen.lang === look.lang ? [] : [`html lang is ${seen.lang}`]),
    ...(seen.moving === 0 ? [] : [`${seen.moving} animations`]),
    ...(seen.excess <= 0 ? [] : [`${seen.excess} px wider than the window`]),
  ];
}

/** Goes on as a link does: the page is not loaded anew. */
function go(page: Page, path: string): Promise<void> {
  return page.evaluate((to) => history.pushState(null, '', to), path);
}

/** Resolves when everything that the page asked for has come and been drawn. */
function requestsOf(page: Page): () => Promise<void> {
  const open = new Set<object>();
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  const drawn = (): Promise<void> =>
    page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
    );
  return async () => {
    await drawn();
    await expect.poll(() => open.size, { timeout: 15_000 }).toBe(0);
    await drawn();
  };
}

describe.skipIf(!hasChromium())('for everybody, in Chromium', () => {
  it(
    'every page has no violation that axe knows, speaks one language, moves nothing and fits the window',
    { timeout: 300_000 },
    async () => {
      const world = await livedIn();
      const { page, faults } = await signedIn(world.collector);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const found: string[] = [];
      const isQuiet = requestsOf(page);
      for (const { path, sign, act } of pagesOf(world)) {
        const note = (wrong: readonly string[], lang: string): void => {
          found.push(...wrong.map((each) => `${path} ${lang}: ${each}`));
        };
        for (const look of looks) {
          await go(page, addressIn(path, look));
          await page.locator(sign).first().waitFor();
          await isQuiet();
          await act?.(page);
          await isQuiet();
          note(await faultsOf(page, look, world.foreign), look.lang);
        }
        note(await squeezeFaultsOf(page), 'en');
      }
      expect(found).toEqual([]);
      expect(faults().filter((each) => !each.includes('404'))).toEqual([]);
    },
  );

  it('and neither has the wall in any state, nor any density', { timeout: 300_000 }, async () => {
    const found: string[] = [];
    for (const scene of [work({ rooms: 1 }), flood({ rooms: 1 }), beforeDay({ rooms: 1 })]) {
      const stage = await theatre(scene);
      const { page, pass } = await seat(stage);
      const look = async (name: string, query: string, as: Look): Promise<void> => {
        await go(page, addressIn(query, as));
        await pass(600);
        const wrong = await faultsOf(page, as, namesOf(scene), pass);
        found.push(...wrong.map((each) => `${scene.name} ${name} ${as.lang}: ${each}`));
      };
      const [night, day] = looks;
      await look('wall', '/', scene.name === 'flood' ? night : day);
      if (scene.name === 'work') {
        await look('hall', '/?density=hall', night);
        await pass(16_000);
        await page.locator('.shell-stale').waitFor();
        await look('stale', '/', night);
        await stage.wire.drop();
        await pass(3_000);
        await page.locator('.shell-lost').waitFor();
        await look('lost', '/', day);
      }
      await page.context().browser()?.close();
    }
    expect(found).toEqual([]);
  });

  it(
    'a screen reader hears of the wall once in half a minute, and of a new critical at once',
    { timeout: 120_000 },
    async () => {
      const stage = await theatre(calm({ rooms: 1 }));
      const { page, pass } = await seat(stage);
      const polite = page.getByTestId('spoken');
      const urgent = page.getByTestId('spoken-now');
      expect(await polite.getAttribute('aria-live')).toBe('polite');
      expect(await urgent.getAttribute('aria-live')).toBe('assertive');
      const opened = (number: number, severity: Incident['severity']): void =>
        stage.changeIncident(plainIncident(number, stage.scene.atMs, { severity }));
      const hears = async (what: Locator, text: RegExp): Promise<void> => {
        await expect
          .poll(async () => {
            await pass(100);
            return what.textContent();
          })
          .toMatch(text);
      };
      opened(1, 'warning');
      await hears(polite, /Открыто инцидентов: 1,/);
      expect(await urgent.textContent()).toBe('');
      opened(2, 'critical');
      await hears(urgent, /Новый критичный инцидент/);
      expect(await polite.textContent()).toMatch(/Открыто инцидентов: 1,/);
      await pass(20_000);
      expect(await polite.textContent()).toMatch(/Открыто инцидентов: 1,/);
      await pass(12_000);
      expect(await polite.textContent()).toMatch(/Открыто инцидентов: 2, критичных: 1,/);
    },
  );

  it('nor the page of a stranger, nor the page of a Штаб', { timeout: 120_000 }, async () => {
    const found: string[] = [];
    const hq = await hqPage(badFrame);
    const stage = await theatre(calm({ rooms: 1 }));
    const browser = await openBrowser();
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const as of looks) {
      await page.goto(addressIn(`${stage.url}/`, as));
      await page.locator('main.notice').waitFor();
      const ofStranger = await faultsOf(page, as, ['npm run up']);
      await page.goto(hq.url);
      await go(page, addressIn('/', as));
      await page
        .getByTestId(/^cause-/)
        .first()
        .waitFor();
      await openAll(page);
      const ofHq = await faultsOf(page, as, []);
      found.push(
        ...ofStranger.map((each) => `stranger ${as.lang}: ${each}`),
        ...ofHq.map((each) => `hq ${as.lang}: ${each}`),
        ...(await squeezeFaultsOf(page)).map((each) => `hq ${as.lang}: ${each}`),
      );
    }
    expect(found).toEqual([]);
  });
});

/** What the scene's region is called. */
function namesOf({ municipalities, sites }: Scene): string[] {
  const names = [
    ...abbreviationsOf(municipalities).values(),
    ...municipalityLabels(municipalities).values(),
    ...municipalities.flatMap(({ name, kind }) => [`${name} ${kind}`, name]),
    ...sites.map(({ name }) => name),
    'Связь-2',
    'Апробация ЕГЭ · Кузбасс',
  ];
  return [...new Set(names)].toSorted((a, b) => b.length - a.length);
}
