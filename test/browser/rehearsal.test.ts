import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Site } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import type { AgentPeer } from '../support/agent-peer.ts';
import { enrolled, isHeard } from '../support/agent-process.ts';
import { boardDir, shoot, signedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { commands, start, until } from '../support/processes.ts';
import { beating, enrolAt, MARCH, ppeOf, prepared } from '../support/rehearsal.ts';

/** The line belongs to the exam from 09:15 to 10:30; the test runs at any time of the day. */
const openZone = [8, 9, 10].includes((new Date().getUTCHours() + 7) % 24)
  ? 'Europe/Moscow'
  : 'Asia/Novokuznetsk';
/** Before the key: everybody may speak. */
const MORNING = { startAt: '2024-05-15T08:20+07:00', speed: 1 };
const served = {
  boardDir,
  env: { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_TIME_ZONE: openZone },
};

describe.skipIf(!hasChromium())('a rehearsal in Chromium', () => {
  it(
    'shows who is missing, takes claims and strangers by clicking, and runs a download to its end',
    { timeout: 120_000 },
    async () => {
      const { collector, sites } = await prepared({ ppe: 3, rehearsal: MORNING, ...served });
      const site = ppeOf(sites);
      const stranger = await enrolStranger(collector, site);
      const { config, id } = await enrolled(
        collector,
        {
          line: {
            emDownload: { url: 'http://127.0.0.1:9/', closedFrom: '00:00', closedTo: '00:00' },
          },
        },
        { siteCode: site.code, role: 'hq', roomCode: '7777' },
      );
      start(commands.agent, ['run', '--config', config]);
      const { page, faults } = await signedIn(collector);

      const strip = page.getByTestId('rehearsal');
      await strip.getByText('Ещё не слышно').waitFor();
      await shoot(page, 'rehearsal-wall');

      await page.goto(`${collector.url}/ppe/${site.code}`);
      await page.getByText('Все этапы таблицей').click();
      const claimed = page
        .getByTestId('stages')
        .getByRole('row', { name: /^Ключ доступа получен Письменный/ });
      await claimed.getByText('0/1').waitFor();
      await page
        .getByTestId('readiness')
        .getByText(/выполнено условий \d+ из \d+/)
        .waitFor();
      const isSamePage = await page.evaluateHandle(() => {
        document.title = 'not loaded again';
        return document;
      });
      const form = page.locator('.claim-form');
      await form.getByRole('combobox').selectOption({ value: 'written keyDownload' });
      await form.getByRole('button', { name: 'Заявить' }).click();
      await claimed.getByText('1/1').waitFor();
      await page.getByTestId('claims').getByText('Ключ доступа получен').waitFor();
      expect(await isSamePage.evaluate((then) => then === document)).toBe(true);
      await page.getByTestId('site-forecasts').getByText('Получение ЭМ').first().waitFor();
      await shoot(page, 'rehearsal-site');

      await page.goto(`${collector.url}/rehearsal`);
      const unplanned = page.getByTestId('unplanned');
      await unplanned.getByText('0999').waitFor();
      await unplanned.getByRole('button', { name: 'Принять в реестр' }).click();
      await unplanned.getByText('0999').waitFor({ state: 'detached' });
      // The peer says nothing of a plan: it missed it.
      await page.getByTestId('plan-behind').getByText('0999').waitFor();

      await until(() => isHeard(collector, id), 'the agent is heard');
      await order(page, site.code);
      const standing = page.getByTestId('em-standing');
      await standing.getByText('завершена: получили 1 из 1').waitFor();
      const row = page.getByTestId('em-sites').getByRole('row', { name: site.code });
      await row.getByText('2,0 МБ').waitFor();
      await row.getByText('получил', { exact: true }).waitFor();
      const region = page.getByTestId('em-results').getByRole('row', { name: 'Регион' });
      await region.getByText('1/1').waitFor();
      await page.getByTestId('what-if').getByRole('button', { name: 'Посчитать' }).click();
      await page
        .getByTestId('what-if-answer')
        .getByText(/1 пункт: половина получит за/)
        .waitFor();
      await shoot(page, 'rehearsal-page');

      await page.goto(`${collector.url}/workstations/${id}`);
      await page.getByTestId('plan-version').getByText('1', { exact: true }).waitFor();
      await page.getByTestId('mode').getByText('подготовка').waitFor();
      expect(faults()).toEqual([]);
      expect(stranger.closeCode).toBeUndefined();
    },
  );

  it('marks the ППЭ that a plan leaves out', { timeout: 60_000 }, async () => {
    const { collector, sites } = await prepared({ ppe: 40, plan: MARCH, isReal: true, ...served });
    const { page, faults } = await signedIn(collector);
    await page.getByTestId('rehearsal').getByText('не участвует').waitFor();
    const out = sites.find(({ kind, period }) => kind === 'ppe' && period !== 'early');
    const tile = page.getByTestId(`tile-${out?.code}`);
    await tile.waitFor();
    expect(await tile.getAttribute('class')).toContain('notInvolved');
    await shoot(page, 'rehearsal-march');
    expect(faults()).toEqual([]);
  });
});

/** A download of 2 MB by the one site, at once. */
async function order(page: Page, siteCode: string): Promise<void> {
  const form = page.getByTestId('em-form');
  await form.getByLabel('Размер, МБ').fill('2');
  await form.getByLabel('Кто').selectOption('codes');
  await form.getByLabel('Коды пунктов').fill(siteCode);
  await form.getByLabel('Когда').selectOption('together');
  await form.getByRole('button', { name: 'Начать' }).click();
}

/** A workstation in a room that the registry does not know, heard once. */
async function enrolStranger(collector: Collector, site: Site): Promise<AgentPeer> {
  return beating(collector, await enrolAt(collector, site, { role: 'print', roomCode: '0999' }));
}
