import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessRefusals } from '../../board/src/access/access-refusals.ts';
import { accessRu as access } from '../../board/src/access/access-ru.ts';
import { accountRu as account } from '../../board/src/account/account-ru.ts';
import { enrolmentRu as enrolment } from '../../board/src/enrolment/enrolment-ru.ts';
import { signInRu as signIn } from '../../board/src/sign-in/sign-in-ru.ts';
import { ru } from '../../board/src/text/ru.ts';
import type { Collector } from '../../server/src/collector.ts';
import { violationsOf } from '../support/axe.ts';
import { boardDir, shoot, signedIn, watch } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { api, testCollector } from '../support/collector.ts';
import { ok } from '../support/rehearsal.ts';
import { squeezeFaultsOf } from '../support/squeezed.ts';

const ADMIN_PASSWORD = 'four words of the first day';
const OPERATOR_PASSWORD = 'a quiet morning at the desk';
const long = { timeout: 240_000 };

/** What a browser says of an answer that refuses is no fault of the page. */
const refusalNoise = /status of (?:401|409|429)|HTTP Authentication failed/;

async function withRegion(): Promise<Collector> {
  const collector = await testCollector({ boardDir });
  await api(collector, '/api/v1/registry/sample', { method: 'POST', body: { ppe: 3 } });
  return collector;
}

/** The code of a site of its registry. */
async function firstSite(collector: Collector): Promise<string> {
  const path = '/api/v1/sites';
  const { items } = await ok<{ items: readonly { readonly code: string }[] }>(collector, path);
  return items[0]?.code ?? '';
}

/** A browser of somebody who has not come in yet. */
async function stranger(collector: Collector): Promise<{ page: Page; faults: () => string[] }> {
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(30_000);
  return { page, faults: watch(page, collector.url) };
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function setPassword(page: Page, password: string): Promise<void> {
  const form = page.getByTestId('password-form');
  await form.getByLabel(signIn.next, { exact: true }).fill(password);
  await form.getByLabel(signIn.again).fill(password);
  await button(page, signIn.save).click();
}

/** By the clock that the collector judges ends by. */
const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();

/** Makes an account or a screen as a script does; answers the path of its link. */
async function made(collector: Collector, what: string, body: object): Promise<string> {
  const answer = await api(collector, `/api/v1/${what}`, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`${what}: ${JSON.stringify(answer.body)}`);
  return String(answer.body.path);
}

/** The link that is shown once; then it is put away. */
async function takeLink(page: Page): Promise<string> {
  const link = page.getByTestId('one-time-link');
  const address = await link.getByRole('textbox').inputValue();
  await button(page, access.link.done).click();
  await button(page, access.link.doneReally).click();
  await link.waitFor({ state: 'detached' });
  return address;
}

async function trySignIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel(signIn.account).fill(name);
  await page.getByLabel(signIn.password).fill(password);
  await button(page, signIn.signIn).click();
}

const refused = (token: string): RegExp =>
  new RegExp(accessRefusals.ru[token]?.slice(1) ?? 'missing', 'i');

describe.skipIf(!hasChromium())('people at the board, in Chromium', () => {
  it(
    'come in by a link, set a password, add others, and see what their role may',
    long,
    async () => {
      const collector = await withRegion();
      const admin = await signedIn(collector, { width: 1280, height: 800 });
      await admin.page.goto(`${collector.url}/account`);
      await admin.page.getByText(account.noPassword).waitFor();
      await setPassword(admin.page, ADMIN_PASSWORD);
      await admin.page.getByText(account.passwordSaved).waitFor();
      await shoot(admin.page, 'account');

      await admin.page.goto(`${collector.url}/access`);
      await button(admin.page, access.add).click();
      await admin.page.getByLabel(access.account, { exact: true }).fill('operator2');
      await button(admin.page, access.create).dblclick();
      await admin.page.getByTestId('account-operator2').waitFor();
      await shoot(admin.page, 'access-link');
      const link = await takeLink(admin.page);
      expect(link.startsWith(`${collector.url}/sign-in/`)).toBe(true);

      const operator = await stranger(collector);
      await operator.page.goto(link);
      await operator.page.getByText(signIn.setPasswordWhy('operator2')).waitFor();
      await shoot(operator.page, 'sign-in-first');
      await setPassword(operator.page, OPERATOR_PASSWORD);
      await operator.page
        .getByRole('group')
        .or(operator.page.locator('details.menu'))
        .first()
        .waitFor();
      expect(operator.page.url()).toBe(`${collector.url}/`);

      await operator.page.goto(`${collector.url}/account`);
      await button(operator.page, account.signOut).click();
      await operator.page.waitForURL(`${collector.url}/sign-in`);
      await trySignIn(operator.page, 'operator2', 'not this one at all');
      await operator.page.getByRole('alert').getByText(refused('wrongCredentials')).waitFor();
      await shoot(operator.page, 'sign-in-wrong');
      await trySignIn(operator.page, 'operator2', OPERATOR_PASSWORD);
      await operator.page.waitForURL(`${collector.url}/`);

      await operator.page.goto(`${collector.url}/enrolment`);
      const menu = operator.page.getByRole('navigation', { name: 'Страницы' });
      await menu.getByRole('link', { name: 'Инциденты' }).waitFor();
      expect(await menu.getByRole('link', { name: access.title }).count()).toBe(0);
      await operator.page.goto(`${collector.url}/access`);
      await operator.page.getByText(access.notYours).waitFor();
      for (const { faults } of [admin, operator])
        expect(faults().filter((each) => !refusalNoise.test(each))).toEqual([]);
    },
  );

  it('see their own place alone, and say so above every page', long, async () => {
    const collector = await withRegion();
    const code = await firstSite(collector);
    const link = await made(collector, 'accounts', {
      account: `ppe${code}`,
      role: 'ppe',
      siteCode: code,
    });
    const { page, faults } = await stranger(collector);
    await page.goto(collector.url + link);
    await setPassword(page, OPERATOR_PASSWORD);
    await page.waitForURL(`${collector.url}/ppe/${code}`);
    await page.getByTestId('scope').getByText(`Только ППЭ ${code}`).waitFor();
    await shoot(page, 'scope-ppe');
    await page.getByRole('link', { name: 'Табло', exact: true }).click();
    await page.getByTestId(`tile-${code}`).waitFor();
    expect(await page.locator('[data-testid^="tile-"]').count()).toBe(1);
    await page.getByTestId('scope').waitFor();
    await shoot(page, 'scope-wall', false);
    await page.goto(`${collector.url}/incidents`);
    await page.getByTestId('scope').waitFor();
    expect(faults().filter((each) => !refusalNoise.test(each))).toEqual([]);
  });
});

describe.skipIf(!hasChromium())('every page of a role, in Chromium', () => {
  it.each([
    { role: 'operator' },
    { role: 'municipal', municipality: 'kemerovo' },
    { role: 'ppe' },
    { role: 'wall' },
  ])('asks for nothing that a $role may not have', long, async (place) => {
    const collector = await withRegion();
    const { role } = place;
    const path =
      role === 'wall'
        ? await made(collector, 'displays', { name: 'Зал', expiresAt: tomorrow() })
        : await made(collector, 'accounts', {
            account: 'somebody',
            ...place,
            ...(role === 'ppe' && { siteCode: await firstSite(collector) }),
          });
    const { page, faults } = await stranger(collector);
    await page.goto(collector.url + path);
    if (role !== 'wall') await setPassword(page, OPERATOR_PASSWORD);
    await page.waitForURL((url) => !/sign-in|wall-link/.test(url.pathname));
    await page.goto(`${collector.url}/account`);
    await page.getByTestId('who').waitFor();
    const links = await page.getByRole('navigation', { name: 'Страницы' }).getByRole('link').all();
    const hrefs = await Promise.all(links.map((link) => link.getAttribute('href')));
    expect(hrefs.length).toBeGreaterThan(4);
    for (const href of hrefs) {
      await page.goto(collector.url + href);
      await page.locator('main').first().waitFor();
      await page.waitForLoadState('networkidle');
    }
    // Who sees the region asks for its plan, and there is none yet; others ask only for what is theirs.
    const seesRegion = role === 'operator' || role === 'wall';
    const isNoise = (each: string): boolean =>
      refusalNoise.test(each) || (seesRegion && each.includes('404'));
    expect(faults().filter((each) => !isNoise(each))).toEqual([]);
  });
});

describe.skipIf(!hasChromium())('a screen by its link, in Chromium', () => {
  it(
    'shows the board in one browser alone, changes nothing, and goes when it is revoked',
    long,
    async () => {
      const collector = await withRegion();
      const { page } = await signedIn(collector, { width: 1280, height: 800 });
      await page.goto(`${collector.url}/access`);
      await button(page, access.addDisplay).click();
      await page.getByLabel(access.name, { exact: true }).fill('Зал, левый');
      await button(page, access.create).click();
      const link = await takeLink(page);

      const wall = await stranger(collector);
      await wall.page.goto(link);
      await wall.page.locator('[data-testid^="tile-"]').first().waitFor();
      expect(wall.page.url()).toBe(`${collector.url}/`);
      const other = await stranger(collector);
      await other.page.goto(link);
      // In words, where a person can go on; the code is gone from the address.
      expect(other.page.url()).toBe(`${collector.url}/sign-in?refused=link`);
      await other.page.getByRole('alert').waitFor();
      // Neither is a link that was copied without its end.
      await other.page.goto(link.slice(0, -4));
      await other.page.getByRole('alert').waitFor();

      await page.getByText(access.displayStates.bound).waitFor();
      await shoot(page, 'access-displays');
      await page.getByRole('button', { name: `${access.revoke} Зал, левый` }).click();
      await page.getByRole('button', { name: `${access.revokeReally} Зал, левый` }).click();
      await wall.page.getByRole('alert').getByText(ru.signedOut).waitFor();
      expect(await wall.page.getByRole('link', { name: ru.signIn }).isVisible()).toBe(true);
      // Nothing turns to a form by itself in the middle of an exam.
      expect(wall.page.url()).toBe(`${collector.url}/`);
      await shoot(wall.page, 'wall-revoked', false);
    },
  );
});

describe.skipIf(!hasChromium())('enrolment on the board, in Chromium', () => {
  it(
    'makes the file of a ППЭ, lists its places, and gives one of them a new code',
    long,
    async () => {
      const collector = await withRegion();
      const code = await firstSite(collector);
      const { page, faults } = await signedIn(collector, { width: 1280, height: 800 });
      await page.goto(`${collector.url}/enrolment`);
      await page.getByText(enrolment.nothing).waitFor();
      await page.getByLabel(enrolment.create.site, { exact: true }).fill(code);
      await page.getByLabel(enrolment.create.from, { exact: true }).fill('2096-05-10');
      await page.getByLabel(enrolment.create.to, { exact: true }).fill('2096-05-15');
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        button(page, enrolment.create.make).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`ppe-${code}.enrolment.json`);
      const document = JSON.parse(readFileSync(await file.path(), 'utf8')) as { format: string };
      expect(document.format).toBe('ppe-pulse.enrolment.v1');
      const places = page.getByTestId('enrolment-places');
      await places.getByText(enrolment.states.unused).first().waitFor();
      await shoot(page, 'enrolment');
      expect(faults()).toEqual([]);
    },
  );
});

describe.skipIf(!hasChromium())('pages of access, for everybody, in Chromium', () => {
  it('have no violation that axe knows, in both looks, and fit a narrow window', long, async () => {
    const collector = await withRegion();
    await api(collector, '/api/v1/accounts', {
      method: 'POST',
      body: { account: 'operator2', role: 'operator' },
    });
    const { page } = await signedIn(collector, { width: 1920, height: 1080 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const [path, sign] of [
      ['/sign-in', '[data-testid="sign-in-form"]'],
      ['/account', '[data-testid="who"]'],
      ['/access', '[data-testid="account-operator2"]'],
      ['/enrolment', '[data-testid="enrolment-form"]'],
    ] as const) {
      for (const look of ['theme=dark&lang=ru', 'theme=light&lang=en']) {
        await page.goto(`${collector.url}${path}?${look}`);
        await page.locator(sign).waitFor();
        if (path === '/account')
          await button(page, look.includes('ru') ? signIn.totpBegin : 'Get a key').click();
        if (path === '/account') await page.locator('.qr path').waitFor();
        if (path === '/access') await page.locator('.fields > button').first().click();
        found.push(...(await violationsOf(page)).map((each) => `${path} ${look}: ${each}`));
        await shoot(
          page,
          `access${path.replace('/', '-')}-${look.includes('dark') ? 'dark' : 'light'}`,
        );
      }
      found.push(...(await squeezeFaultsOf(page)).map((each) => `${path}: ${each}`));
    }
    expect(found).toEqual([]);
  });
});
