import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { planPageRu as plan } from '../../board/src/plan/plan-page-ru.ts';
import { registryRu as registry } from '../../board/src/registry/registry-ru.ts';
import type { Collector } from '../../server/src/collector.ts';
import type { ImportFile } from '../../server/src/region/raw-table.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { boardDir, shoot, signedIn, type SignedIn } from '../support/board-browser.ts';
import { hasChromium } from '../support/chromium.ts';
import { api, testCollector } from '../support/collector.ts';
import { csvFile, csvFiles, workbook } from '../support/region-files.ts';
import { tempDir } from '../support/temp-dir.ts';

const shipped = readFileSync(
  join(import.meta.dirname, '..', '..', 'server', 'plans', '2024-05-15.yaml'),
  'utf8',
);
const region = sampleRegion({ ppe: 12, seed: 5 });
const refusalNoise = /status of (?:404|409|422)/;

/** Files as a person has them on a disk. */
function onDisk(files: readonly ImportFile[]): string[] {
  const folder = tempDir();
  mkdirSync(folder, { recursive: true });
  return files.map(({ name, bytes }) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
}

/** What a browser says of an answer that refuses is no fault of the page. */
const realFaults = (faults: () => string[]): string[] =>
  faults().filter((fault) => !refusalNoise.test(fault));

/** Somebody at the board; several browsers on a busy machine take their time. */
async function atBoard(collector: Collector): Promise<SignedIn> {
  const someone = await signedIn(collector);
  someone.page.setDefaultTimeout(40_000);
  return someone;
}

async function choose(page: Page, files: readonly ImportFile[]): Promise<void> {
  await page.locator('.file-input').setInputFiles(onDisk(files));
  await page.getByRole('button', { name: registry.check }).click();
}

const versionOf = async (collector: Collector, path: string): Promise<unknown> =>
  (await api(collector, path)).body.version;

const editor = (page: Page) => page.getByRole('textbox', { name: plan.text });

/** Replaces one piece of the text as typing does. */
async function retype(page: Page, from: string, to: string): Promise<void> {
  const text = await editor(page).inputValue();
  expect(text).toContain(from);
  await editor(page).fill(text.replace(from, to));
}

/** A collector with the region in its registry. */
async function withRegion(): Promise<Collector> {
  const collector = await testCollector({ boardDir });
  await api(collector, '/api/v1/registry/sample', { method: 'POST', body: { ppe: 3 } });
  return collector;
}

/** Waits until the page tells the version that holds. */
const versionNow = (page: Page, text: RegExp): Promise<void> =>
  page.getByTestId('plan-version-now').filter({ hasText: text }).waitFor();

describe.skipIf(!hasChromium())('the registry in Chromium', () => {
  it(
    'is imported with a difference, confirmed, and edited site by site',
    { timeout: 240_000 },
    async () => {
      const collector = await testCollector({ boardDir });
      const { page, faults } = await atBoard(collector);
      await page.goto(`${collector.url}/registry`);
      await page.getByRole('heading', { name: registry.empty }).waitFor();

      const bad = csvFile(
        'Код ППЭ;Период;Наименование;Муниципалитет\nA1;main;<b>Ш</b>;Атлантида\n',
      );
      await choose(page, [bad]);
      const problems = page.getByTestId('import-problems');
      await problems.getByText('A2').waitFor();
      await problems.getByText(/«A1» — не код/).waitFor();
      await shoot(page, 'registry-refused');
      await page.getByRole('button', { name: registry.removeFile('region.csv') }).click();

      await choose(page, [workbook(region)]);
      await page.getByTestId('diff-counts').getByText('16', { exact: true }).first().waitFor();
      await shoot(page, 'registry-diff');
      await page.getByRole('button', { name: registry.apply }).dblclick();
      await page.getByText(registry.applied(1)).waitFor();
      expect(await versionOf(collector, '/api/v1/registry')).toBe(1);

      await page.getByRole('button', { name: registry.startOver }).click();
      await choose(page, csvFiles({ sites: region.sites.slice(3) }));
      await page.getByTestId('import-checked').waitFor();
      const apply = page.getByRole('button', { name: registry.apply });
      expect(await apply.isDisabled()).toBe(true);
      await page.getByLabel(registry.confirmRemoval('3 площадки')).check();
      expect(await apply.isEnabled()).toBe(true);
      await page.getByRole('button', { name: registry.startOver }).click();

      const site = region.sites.find(({ kind }) => kind === 'ppe');
      const code = site?.code ?? '';
      await page.getByLabel(registry.search).fill(code);
      await page.getByRole('button', { name: registry.openSite(code) }).click();
      await shoot(page, 'registry-site');
      await page.getByTestId('site-details').getByRole('button', { name: registry.edit }).click();
      const form = page.getByTestId('site-form');
      await form.getByLabel(registry.fields.dutyPhone).fill('звоните');
      await form.getByRole('button', { name: registry.save }).click();
      await form.getByTestId('site-mistakes').waitFor();
      await shoot(page, 'registry-site-mistake');
      await form.getByLabel(registry.fields.dutyPhone).fill('+7 384 555-77-77');
      await form.getByLabel(registry.fields.siteName).fill('Школа <b>новая</b>');
      await form.getByRole('button', { name: registry.save }).click();
      await page.getByText(registry.saved(2)).waitFor();
      await page.getByText('+7 384 555-77-77').first().waitFor();
      await page.getByText('Школа <b>новая</b>').first().waitFor();
      expect(realFaults(faults)).toEqual([]);
    },
  );
});

describe.skipIf(!hasChromium())('the plan in Chromium', () => {
  it(
    'is begun with a template, edited with a mistake and then right, and seen live in another browser',
    { timeout: 240_000 },
    async () => {
      const collector = await withRegion();
      const { page, faults } = await atBoard(collector);
      await page.goto(`${collector.url}/plan`);
      await page.getByTestId('no-plan').waitFor();
      await shoot(page, 'plan-none');
      await page.getByRole('button', { name: plan.template('2024-05-15') }).click();
      await page.getByRole('button', { name: plan.apply }).click();
      await page.getByText(plan.applied(1)).waitFor();

      const other = await atBoard(collector);
      await other.page.goto(`${collector.url}/plan`);
      await versionNow(other.page, /^1 · /);
      await shoot(other.page, 'plan-read');

      await retype(page, "printing: { due: '10:15'", "printing: { due: '1015'");
      const problems = page.getByTestId('plan-problems');
      await problems.getByText(/1015/).waitFor();
      await problems.getByRole('button').first().click();
      const at = await editor(page).evaluate((field: HTMLTextAreaElement) =>
        field.value.slice(0, field.selectionStart).split('\n').at(-1),
      );
      expect(at).toBe('  printing: { due: ');
      await shoot(page, 'plan-mistake');
      await retype(page, "'1015'", "'10:15'");
      await page.getByText(plan.unchanged).waitFor();
      const shift = page.getByTestId('shift-form');
      await shift.getByRole('spinbutton').fill('10');
      await shift.getByRole('button', { name: plan.shiftDo }).click();
      await page.getByTestId('plan-changes').getByText('10:25').waitFor();
      await page.getByLabel(plan.note).fill('ждём область');
      await shoot(page, 'plan-changes');
      await page.getByRole('button', { name: plan.apply }).dblclick();
      await page.getByText(plan.applied(2)).waitFor();
      expect(await versionOf(collector, '/api/v1/plan')).toBe(2);
      await versionNow(other.page, /^2 · .*ждём область/);
      await other.page
        .getByTestId('plan-track-written')
        .getByRole('row', { name: /^Печать ЭМ 10:25 10:30 10:40/ })
        .waitFor();

      await page.goto(`${collector.url}/plan?view=versions`);
      await page.getByRole('button', { name: plan.backTo(1) }).click();
      await page.getByTestId('plan-return').getByText('10:25').first().waitFor();
      await shoot(page, 'plan-versions');
      await page
        .getByTestId('plan-return')
        .getByRole('button', { name: plan.backTo(1) })
        .click();
      await versionNow(other.page, /^3 · /);
      expect([...realFaults(faults), ...realFaults(other.faults)]).toEqual([]);
    },
  );

  it(
    'edited by two at once loses neither edit, and Ctrl+Z takes a shift back',
    { timeout: 240_000 },
    async () => {
      const collector = await withRegion();
      const put = await api(collector, '/api/v1/plan', {
        method: 'PUT',
        body: { text: shipped, baseVersion: 0 },
      });
      expect(put.status).toBe(200);
      const [first, second] = [await atBoard(collector), await atBoard(collector)];
      for (const { page } of [first, second]) {
        await page.goto(`${collector.url}/plan?view=edit`);
        await editor(page).waitFor();
      }
      const shift = first.page.getByTestId('shift-form');
      await shift.getByRole('button', { name: plan.shiftDo }).click();
      await first.page.getByTestId('plan-changes').waitFor();
      await editor(first.page).focus();
      await first.page.keyboard.press('Control+z');
      await first.page.getByText(plan.unchanged).waitFor();

      await retype(first.page, 'setsPerRoom: 15', 'setsPerRoom: 14');
      await retype(second.page, "due: '10:15', amber", "due: '10:17', amber");
      await second.page.getByTestId('plan-changes').waitFor();
      await first.page.getByTestId('plan-changes').waitFor();
      await first.page.getByRole('button', { name: plan.apply }).click();
      await first.page.getByText(plan.applied(2)).waitFor();
      const conflict = second.page.getByTestId('plan-conflict');
      await conflict.getByText(/setsPerRoom: 14/).waitFor();
      await shoot(second.page, 'plan-conflict');
      await conflict.getByRole('button', { name: plan.merge }).click();
      await second.page.getByTestId('plan-changes').getByText('10:17').waitFor();
      await second.page.getByRole('button', { name: plan.apply }).click();
      await second.page.getByText(plan.applied(3)).waitFor();
      const { body } = await api(collector, '/api/v1/plan');
      expect(String(body.text)).toBe(
        shipped
          .replace('setsPerRoom: 15', 'setsPerRoom: 14')
          .replace("due: '10:15', amber", "due: '10:17', amber"),
      );
      expect([...realFaults(first.faults), ...realFaults(second.faults)]).toEqual([]);
    },
  );
});
