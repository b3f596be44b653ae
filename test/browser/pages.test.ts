import { describe, expect, it } from 'vitest';
import { agentIdOf } from '../../server/src/access/keys.ts';
import { hasChromium } from '../support/chromium.ts';
import { boardDir, shoot, signedIn } from '../support/board-browser.ts';
import { api } from '../support/collector.ts';
import { beating, enrolAt, ppeOf, prepared } from '../support/rehearsal.ts';

describe.skipIf(!hasChromium())('the pages around the wall in Chromium', () => {
  it(
    'lead from the menu to a ППЭ, its municipality, its agents and back, by keyboard and in both themes',
    { timeout: 180_000 },
    async () => {
      const { collector, sites } = await prepared({ ppe: 12, boardDir });
      const site = ppeOf(sites);
      const hq = await enrolAt(collector, site, { role: 'hq' });
      const organizer = await enrolAt(collector, site, { role: 'organizer' });
      await beating(collector, hq);
      await beating(collector, organizer);
      const claim = { siteCode: site.code, track: 'written', stage: 'stationsUp' };
      await api(collector, '/api/v1/claims', { method: 'POST', body: claim });
      const { page, faults } = await signedIn(collector);

      await page.goto(`${collector.url}/agents`);
      await page.getByTestId('agents').getByText(site.code).first().waitFor();
      const menu = page.getByRole('navigation', { name: 'Страницы' });
      expect(await menu.locator('[aria-current=page]').textContent()).toBe('Агенты');
      await page.getByRole('searchbox').fill(`${site.code}-7777`);
      await page.getByTestId('agents-found').getByText('найдено 1').waitFor();

      await page
        .getByTestId('agents')
        .getByRole('link', { name: `ППЭ ${site.code}` })
        .click();
      await page
        .getByTestId('timeline')
        .getByText(/Заявлено: Станции запущены/)
        .waitFor();
      await page.getByTestId('stage-strip').getByText('Станции запущены').first().waitFor();
      const rows = page.locator('[data-testid^="room-"]');
      const rooms = site.rooms.filter(({ code }) => code !== '7777');
      expect(await rows.count()).toBe(rooms.length);
      await page.reload();
      await page.getByTestId('timeline').getByRole('listitem').first().waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('К содержанию');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
      await shoot(page, 'pages-ppe');
      await page.getByRole('button', { name: 'Светлая тема' }).click();
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByText('What happened here').waitFor();
      await shoot(page, 'pages-ppe-light-en');

      await page.locator('.municipality-link').first().click();
      await page.getByTestId('municipality-sites').getByText(site.code).waitFor();
      await shoot(page, 'pages-municipality-light-en');

      await page.goto(`${collector.url}/workstations/${agentIdOf(organizer.publicKey)}`);
      await page.getByTestId('standing').waitFor();
      await page.getByTestId('room-readiness').waitFor();
      await page.locator('.page-head .back').click();
      await page.getByTestId('hq-block').waitFor();

      await page.goto(`${collector.url}/ppe/9998`);
      await page.getByText(/Site 9998 is neither/).waitFor();
      await page.goto(`${collector.url}/municipalities/nowhere`);
      await page.getByText(/no municipality/).waitFor();
      // The browser itself complains of the answer 404 that was asked for.
      expect(faults().filter((each) => !each.includes('404'))).toEqual([]);
    },
  );
});
