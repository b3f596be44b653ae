import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { boardDir, shoot, signedIn, watch, type SignedIn } from '../support/board-browser.ts';
import { hasChromium, openBrowser } from '../support/chromium.ts';
import { testCollector } from '../support/collector.ts';
import { boardCopy, deploy, withdrawShell } from '../support/deploys.ts';
import { watchScreen } from '../support/screencast.ts';
import { tempDir } from '../support/temp-dir.ts';

const long = { timeout: 240_000 };
const LOST = 'НЕТ СВЯЗИ С КОЛЛЕКТОРОМ';

interface Wall extends SignedIn {
  readonly collector: Collector;
  readonly directory: string;
  readonly dataDir: string;
}

/** A wall that shows one workstation, on a copy of the board that may be deployed over. */
async function wall(): Promise<Wall> {
  const [directory, dataDir] = [boardCopy(boardDir), tempDir()];
  const collector = await testCollector({ boardDir: directory, dataDir });
  const identity = newIdentity();
  await enrol(collector, identity);
  const peer = await AgentPeer.join(collector.url, identity);
  peer.send(peer.heartbeat(1));
  const signed = await signedIn(collector);
  signed.page.setDefaultTimeout(60_000);
  await signed.page.getByTestId('tile-0042').waitFor();
  return { ...signed, collector, directory, dataDir };
}

/** The collector starts again where it was: same address, same data. */
async function startAgain({ collector, directory, dataDir }: Wall): Promise<Collector> {
  await collector.stop();
  const port = Number(new URL(collector.url).port);
  return testCollector({ boardDir: directory, dataDir, port });
}

/** Waits for something that a page only tells by a promise. */
async function until(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(async () => page.evaluate(isSo), { timeout: 90_000, interval: 500 }).toBe(true);
}

/** The browser keeps a last picture. Runs in the page. */
async function isPictureKept(): Promise<boolean> {
  // Whoever opens a base that is not there makes an empty one, and the page finds no place in it.
  const bases = await indexedDB.databases();
  if (!bases.some(({ name }) => name === 'ppe-pulse')) return false;
  return new Promise((resolve) => {
    const request = indexedDB.open('ppe-pulse');
    request.addEventListener('error', () => resolve(false));
    request.addEventListener('success', () => {
      const database = request.result;
      if (!database.objectStoreNames.contains('picture')) {
        database.close();
        return resolve(false);
      }
      const got = database.transaction('picture').objectStore('picture').get('last');
      got.addEventListener('success', () => {
        database.close();
        resolve(got.result !== undefined);
      });
    });
  });
}

/** The service worker has kept the shell. Runs in the page. */
async function isShellKept(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration();
  return registration?.active?.state === 'activated' && (await caches.match('/')) !== undefined;
}

/** Nothing of the shell is left. Runs in the page. */
async function isShellGone(): Promise<boolean> {
  const registrations = await navigator.serviceWorker.getRegistrations();
  return registrations.length === 0 && (await caches.keys()).length === 0;
}

describe.skipIf(!hasChromium())('a wall that hangs for a week', () => {
  it(
    'loads itself anew after a deploy: nothing white, nothing blank for more than a frame',
    long,
    async () => {
      const here = await wall();
      const { page } = here;
      // Every wall waits a time of its own; this one hardly does.
      await page.addInitScript(() => {
        Math.random = () => 0.001;
      });
      await page.reload();
      await page.getByTestId('tile-0042').waitFor();
      await until(page, isPictureKept);
      await page.evaluate(() => Object.assign(window, { isOld: true }));
      const screen = await watchScreen(page);
      deploy(here.directory, 'feedbeef0001');
      await startAgain(here);
      await page.waitForFunction(() => !('isOld' in window) && document.querySelector('.wall'));
      await page.getByText('Прямой эфир').waitFor();
      const frames = await screen.stop();
      expect(frames.length).toBeGreaterThan(3);
      expect(frames.filter(({ brightness }) => brightness > 128)).toEqual([]);
      const blank = frames.map(({ contrast }) => contrast < 8);
      expect(blank.some((isBlank, at) => isBlank && blank[at + 1] === true)).toBe(false);
      const build = await page.locator('meta[name=ppe-pulse-build]').getAttribute('content');
      expect(build).toBe('feedbeef0001');
    },
  );

  it('does not load anew under the hands of somebody who writes', long, async () => {
    const here = await wall();
    const { page, collector } = here;
    await page.addInitScript(() => {
      Math.random = () => 0.001;
    });
    await page.goto(`${collector.url}/`);
    await page.getByTestId('tile-0042').waitFor();
    await page.evaluate(() => {
      Object.assign(window, { isOld: true });
      document.body.insertAdjacentHTML('beforeend', '<form><textarea id="note"></textarea></form>');
    });
    await page.locator('#note').fill('меняют роутер');
    deploy(here.directory, 'feedbeef0002');
    const asked = page.waitForResponse((response) => response.url().endsWith('/version.json'));
    await startAgain(here);
    await asked;
    // It looks again every five seconds: two looks later the text is still there.
    await page.waitForResponse((response) => response.url().endsWith('/version.json'));
    expect(await page.locator('#note').inputValue()).toBe('меняют роутер');
    await page.evaluate(() => document.querySelector('#note')?.remove());
    await page.waitForFunction(() => !('isOld' in window));
  });

  it('opens without its collector: shell, last picture, and what is wrong', long, async () => {
    const { page, collector } = await wall();
    await until(page, isPictureKept);
    await until(page, isShellKept);
    await collector.stop();
    for (const address of ['/', '/incidents']) {
      await page.goto(collector.url + address);
      await page.getByRole('alert').getByText(LOST).waitFor();
      await page.getByText('НЕ АКТУАЛЬНО').waitFor();
    }
    await page.goto(collector.url);
    await page.getByTestId('tile-0042').waitFor();
    expect(await page.locator('.watermark').textContent()).toMatch(/состояние на \d\d:\d\d/);
    await shoot(page, 'life-restored', false);
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(
        names.map(async (name) => (await caches.open(name)).keys()),
      );
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).toContain('/');
    expect(kept.filter((path) => /^\/(?:api|live|sign-in|version)/.test(path))).toEqual([]);
  });

  it('forgets its copy of the shell when the collector says so', long, async () => {
    const here = await wall();
    await until(here.page, isShellKept);
    withdrawShell(here.directory);
    await here.page.reload();
    await until(here.page, isShellGone);
  });

  it('keeps its picture when its session is ended, and says what to do', long, async () => {
    const { page } = await wall();
    await page.evaluate(async () => fetch('/api/v1/session', { method: 'DELETE' }));
    await page.getByRole('alert').getByText('Вход не выполнен').waitFor();
    expect(await page.getByTestId('tile-0042').isVisible()).toBe(true);
    expect(await page.locator('.watermark').textContent()).toContain('НЕ АКТУАЛЬНО');
    await shoot(page, 'life-refused', false);
  });

  it(
    'is a kiosk for its tab: no switches, no cursor, over a reload, until Escape twice',
    long,
    async () => {
      const { page, collector, faults } = await wall();
      const switches = page.locator('.footer button:not(.sound):visible, .footer label:visible');
      expect(await switches.count()).toBeGreaterThan(0);
      await page.goto(`${collector.url}/?kiosk=1`);
      await page.getByTestId('tile-0042').waitFor();
      expect(await switches.count()).toBe(0);
      await page.goto(`${collector.url}/ppe/0042`);
      await page.reload();
      await page.locator('.footer').waitFor();
      expect(await switches.count()).toBe(0);
      await page.waitForFunction(() => document.documentElement.dataset.idle === '');
      expect(await page.evaluate(() => getComputedStyle(document.body).cursor)).toBe('none');
      // The first move of a test's mouse has no distance.
      await page.mouse.move(300, 300);
      await page.mouse.move(400, 400);
      await page.waitForFunction(() => document.documentElement.dataset.idle === undefined);
      await page.evaluate(() => {
        // Both within a second and a half, however busy the machine is.
        for (const key of ['Escape', 'Escape'])
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
      await page.waitForFunction(() => document.documentElement.dataset.kiosk === undefined);
      await page.reload();
      await page.locator('.footer').waitFor();
      expect(await page.evaluate(() => document.documentElement.dataset.kiosk)).toBeUndefined();
      expect(faults()).toEqual([]);
    },
  );

  it(
    'turns its views without loading a page, and stands still when it is touched',
    long,
    async () => {
      const { page, collector, faults } = await wall();
      await page.goto(`${collector.url}/?rotate=incidents,rehearsal&every=5`);
      await page.locator('.life-rotation progress').waitFor();
      await page.evaluate(() => Object.assign(window, { isSame: true }));
      await page.waitForURL('**/rehearsal');
      await page.waitForURL('**/incidents');
      expect(await page.evaluate(() => 'isSame' in window)).toBe(true);
      await page.mouse.move(100, 100);
      await page.mouse.move(200, 200);
      await page.getByText('Смена видов на паузе').waitFor();
      expect(faults()).toEqual([]);
    },
  );
});

describe.skipIf(!hasChromium())('a wall on a slow line with nothing in its cache', () => {
  it('says at once that it loads, and comes whole in 200 kB without an error', long, async () => {
    const collector = await testCollector({ boardDir });
    const identity = newIdentity();
    await enrol(collector, identity);
    const peer = await AgentPeer.join(collector.url, identity);
    peer.send(peer.heartbeat(1));
    const browser = await openBrowser();
    // A copy that an earlier page kept would make the line fast.
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    // Signed in, and nothing of the board loaded yet.
    await page.request.get(collector.url + collector.signInPath());
    const faults = watch(page, collector.url);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.clearBrowserCache');
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 300,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.goto(collector.url, { waitUntil: 'commit' });
    await page.getByText('ППЭ·Пульс: загружаю табло…').waitFor();
    await page.getByTestId('tile-0042').waitFor();
    await page.getByText('Прямой эфир').waitFor();
    // Painted before the scripts of the board had come.
    const said = await page.evaluate(() => {
      const [painted] = performance.getEntriesByName('first-contentful-paint');
      const scripts = performance
        .getEntriesByType('resource')
        .filter(({ name }) => /\/react-[^/]*\.js$/.test(name));
      return {
        paintedMs: painted?.startTime,
        endedMs: (scripts[0] as PerformanceResourceTiming).responseEnd,
      };
    });
    expect(said.paintedMs).toBeLessThan(said.endedMs);
    expect(bytes / 1_000).toBeLessThanOrEqual(200);
    expect(faults()).toEqual([]);
  });
});
