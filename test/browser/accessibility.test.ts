import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violationsOf } from '../support/axe.ts';
import { signedIn } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { api } from '../support/collector.ts';
import { badFrame } from '../support/hq-frames.ts';
import { hqPage } from '../support/hq-page.ts';
import { livedIn, type LivedIn } from '../support/lived-in.ts';
import { englishIn, russianIn, textsOf } from '../support/spoken-language.ts';
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

interface Place {
  readonly path: string;
  /** There once the page has what it shows. */
  readonly sign: string;
  readonly act?: (page: Page) => Promise<void>;
}

function placesOf({ site, workstationId, incidentId }: LivedIn): Place[] {
  return [
    { path: '/', sign: '[data-testid^="tile-"]' },
    { path: '/?view=country', sign: 'canvas' },
    { path: `/ppe/${site.code}`, sign: '[data-testid="readiness"]' },
    { path: '/ppe/9998', sign: 'main.message' },
    { path: `/workstations/${workstationId}`, sign: '[data-testid="standing"]' },
    { path: `/municipalities/${site.municipality}`, sign: '[data-testid="municipality-sites"]' },
    { path: '/incidents', sign: '[data-testid="incidents"] li' },
    { path: `/incidents/${incidentId}`, sign: '[data-testid="log"] li', act: openAll },
    { path: '/alerts', sign: '[data-testid="deliveries"]', act: openAll },
    { path: '/rehearsal', sign: 'main.site-rehearsal', act: openAll },
    { path: '/plan', sign: '[data-testid="plan-version-now"]' },
    { path: '/plan?view=edit', sign: 'textarea' },
    { path: '/plan?view=versions', sign: 'main table, main li' },
    { path: '/registry', sign: 'main table', act: openAll },
    { path: '/agents', sign: '[data-testid="agents"]' },
    { path: '/display', sign: 'main.display-page' },
    { path: '/replay', sign: '[data-testid="replay-screen"]' },
    { path: '/nowhere', sign: 'main.notice' },
  ];
}

/** Unfolds what a page has folded. */
async function openAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('main details')) each.setAttribute('open', '');
  });
}

describe.skipIf(!hasChromium())('for everybody, in Chromium', () => {
  it(
    'every page has no violation that axe knows, speaks one language, moves nothing and fits the window',
    { timeout: 240_000 },
    async () => {
      const world = await livedIn();
      const { page, faults } = await signedIn(world.collector);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const found: string[] = [];
      const isQuiet = requestsOf(page);
      const { appendFileSync } = await import('node:fs');
      for (const { path, sign, act } of placesOf(world)) {
        for (const look of looks) {
          const t0 = performance.now();
          await go(page, addressIn(path, look));
          await page.locator(sign).first().waitFor({ timeout: 8000 }).catch(() => found.push(`${path} NO SIGN`));
          await isQuiet();
          await act?.(page);
          await isQuiet();
          const t1 = performance.now();
          const wrong = await faultsOf(page, look, world.foreign);
          found.push(...wrong.map((each) => `${path} ${look.lang}: ${each}`));
          appendFileSync('/tmp/a11y/found.txt', `#${path} ${look.lang} ${Math.round(t1 - t0)} + ${Math.round(performance.now() - t1)}\n${wrong.join('\n')}\n`);
        }
      }
      expect(found).toEqual([]);
      expect(faults().filter((each) => !each.includes('404'))).toEqual([]);
    },
  );
});
