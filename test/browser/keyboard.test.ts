import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countryRu as country } from '../../board/src/country/country-ru.ts';
import { incidentPageRu as incident } from '../../board/src/incidents/incident-page-ru.ts';
import { planPageRu as plan } from '../../board/src/plan/plan-page-ru.ts';
import { replayRu as replay } from '../../board/src/replay/replay-ru.ts';
import { ru } from '../../board/src/text/ru.ts';
import { shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { api } from '../support/collector.ts';
import { keysOf, type Keys } from '../support/keys.ts';
import { livedIn, pagesOf, type LivedIn } from '../support/lived-in.ts';

/** Somebody at the board who has no mouse. */
interface Hands {
  readonly page: Page;
  readonly keys: Keys;
  readonly world: LivedIn;
}

describe.skipIf(!hasChromium())('with a keyboard alone, in Chromium', () => {
  it(
    'a duty officer goes from a cold wall through a whole incident, the plan, the replay and the map',
    { timeout: 300_000 },
    async () => {
      const world = await livedIn();
      const { page, faults } = await signedIn(world.collector);
      const hands = { page, keys: keysOf(page), world };
      await fromTheWall(hands);
      await throughAnIncident(hands);
      await switches(hands);
      await throughThePlan(hands);
      await throughTheDay(hands);
      await overTheCountry(hands);
      expect(hands.keys.faults()).toEqual([]);
      expect(faults()).toEqual([]);
    },
  );

  it(
    'every page is gone through by Tab from its beginning to its end, and every stop is seen',
    { timeout: 300_000 },
    async () => {
      const world = await livedIn();
      const { page } = await signedIn(world.collector);
      const keys = keysOf(page);
      for (const { path, sign, act } of pagesOf(world)) {
        await page.goto(world.collector.url + path);
        await page.locator(sign).first().waitFor();
        await act?.(page);
        const stops = await keys.walk();
        expect([path, stops[0]]).toEqual([path, ru.toContent]);
      }
      expect(keys.faults()).toEqual([]);
    },
  );
});

/** The skip link, the tile that is worst, its ППЭ, the PC, and back. */
async function fromTheWall({ page, keys, world }: Hands): Promise<void> {
  const tile = page.getByTestId(`tile-${world.site.code}`).getByRole('link');
  await tile.waitFor();
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: ru.toContent });
  expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
  expect((await skip.boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  // Worst first: of all tiles this is the one that Tab comes to.
  await keys.reach(page.locator('[data-testid^="tile-"] a').first());
  expect(await tile.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/ppe/${world.site.code}`);
  await page.getByTestId('readiness').waitFor();
  await keys.press(page.locator(`main a[href="/workstations/${world.workstationId}"]`).first());
  await page.getByTestId('standing').waitFor();
  await keys.press(page.locator('.page-head .back'));
  await page.getByTestId('readiness').waitFor();
}

/** Taken, assigned, talked about, silenced and closed. */
async function throughAnIncident({ page, keys, world }: Hands): Promise<void> {
  const menu = page.getByRole('navigation', { name: 'Страницы' });
  await keys.press(menu.getByRole('link', { name: incident.title }));
  const title = page.getByTestId(`incident-${world.incidentId}`).locator('.incident-title');
  await title.waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page
    .getByTestId(`incident-${world.incidentId}`)
    .getByText(/^взял: /)
    .waitFor();
  await keys.press(title);
  const log = page.getByTestId('log');
  await log.getByText('принят в работу').waitFor();
  await keys.reach(page.getByLabel(incident.assign));
  await page.keyboard.press('ArrowDown');
  await log
    .getByText(/^назначен: /)
    .first()
    .waitFor();
  const comment = page.getByTestId('comment-form');
  await keys.reach(comment.getByRole('textbox'));
  await page.keyboard.type('Кабель вынимают');
  await keys.press(comment.getByRole('button'));
  await log.getByText('Кабель вынимают').waitFor();
  await keys.press(page.getByText(incident.silence, { exact: true }));
  const silence = page.getByTestId('silence-form');
  await keys.reach(silence.getByLabel(incident.silenceComment));
  await page.keyboard.type('меняют роутер');
  await page.keyboard.press('Enter');
  await silence.getByRole('status').waitFor();
  await keys.press(page.getByText(incident.resolve, { exact: true }));
  await keys.press(page.getByTestId('resolve-form').getByRole('button'));
  await log
    .getByText(/^закрыт вручную/)
    .first()
    .waitFor();
}

/** What the footer of the wall switches. */
async function switches({ page, keys, world }: Hands): Promise<void> {
  await page.goto(world.collector.url);
  const only = page.getByLabel(ru.onlyProblems);
  await keys.press(only, 'Space');
  expect(await only.isChecked()).toBe(true);
  await keys.press(only, 'Space');
  const sound = page.getByTestId('sound');
  const before = await sound.innerText();
  await keys.press(sound, 'Space');
  await expect.poll(() => sound.innerText()).not.toBe(before);
  await keys.press(page.locator('details.menu summary'), 'Enter');
  await keys.press(page.getByRole('button', { name: ru.theme.light }));
  expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
  await shoot(page, 'keyboard-wall-light');
}

/** Edited, left by Esc and Tab, and applied. */
async function throughThePlan({ page, keys, world }: Hands): Promise<void> {
  await page.goto(`${world.collector.url}/plan`);
  await keys.press(page.getByRole('link', { name: plan.views.edit }));
  const editor = page.getByRole('textbox', { name: plan.text });
  await keys.reach(editor);
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# by keys\n');
  await page.keyboard.press('Tab');
  expect(await editor.inputValue()).toMatch(/^# by keys\n {2}/);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await editor.evaluate((element) => element === document.activeElement)).toBe(false);
  await keys.press(page.getByRole('button', { name: plan.apply }));
  await page.getByText(plan.applied(2)).waitFor();
  const { body } = await api(world.collector, '/api/v1/plan');
  expect(String(body.text)).toMatch(/^# by keys\n/);
}

/** Played, stopped and moved. */
async function throughTheDay({ page, keys, world }: Hands): Promise<void> {
  await page.goto(`${world.collector.url}/replay`);
  await page.getByTestId('replay-screen').waitFor();
  const slider = page.getByRole('slider', { name: replay.slider });
  const moment = (): Promise<string | null> => slider.getAttribute('aria-valuetext');
  const beginning = await moment();
  await keys.press(page.getByRole('button', { name: replay.play, exact: true }), 'Space');
  await expect.poll(moment, { timeout: 20_000 }).not.toBe(beginning);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: replay.play, exact: true }).waitFor();
  await keys.press(slider, 'End');
  const played = await moment();
  await page.keyboard.press('Home');
  await expect.poll(moment, { timeout: 20_000 }).not.toBe(played);
}

/** A cursor of its own, and into a ППЭ. */
async function overTheCountry({ page, keys, world }: Hands): Promise<void> {
  await page.goto(`${world.collector.url}/?view=country`);
  await keys.reach(page.getByRole('application', { name: country.canvas }));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.locator('.country-cursor').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/ppe/*');
}
