import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Request } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { watch } from '../board-browser.ts';
import { openBrowser } from '../chromium.ts';
import type { Stage } from './theatre.ts';

/** How somebody looks at the stage. */
export interface SeatChoice {
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  /** What the board keeps in `ppe-pulse.settings`: theme, language, density… */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Hears every frame that arrives on the page. */
  readonly onFrame?: (text: string) => void;
  /** True: the page's clock runs as the machine's does; nothing of it can be compared by pixels. */
  readonly isLive?: boolean;
  /** One that several tests share; without it the seat has its own. */
  readonly browser?: Browser;
}

/** A browser before the stage. */
export interface Seat {
  readonly page: Page;
  /** What the page has done that it must not do. */
  readonly faults: () => string[];
  /** So much time goes by on the page, timers and animation frames with it. */
  readonly pass: (ms: number) => Promise<void>;
  /** Every part is there and drawn, always after so much of the page's time: ages are in pictures, too. */
  readonly settle: (ms?: number) => Promise<void>;
}

/** So long the page has to draw its parts once they are there. */
const SETTLE_MS = 600;
/** Looked at so often, and so often without anything to come. */
const LOOK_EVERY_MS = 60;
const QUIET_LOOKS = 5;
/** Of the page's time between two looks. */
const STEP_MS = 10;

/**
 * Opens the board in a browser whose clock stands still at the stage's moment: pictures of it are the
 * same to the pixel. Time goes on by `pass` alone. Motion is reduced, the zone is Kuzbass'.
 */
export async function seat(stage: Stage, choice: SeatChoice = {}): Promise<Seat> {
  const {
    path = '/',
    width = 1920,
    height = 1080,
    settings = {},
    isLive = false,
    onFrame,
  } = choice;
  const browser = choice.browser ?? (await openBrowser());
  const context = await browser.newContext({
    viewport: { width, height },
    timezoneId: 'Asia/Novokuznetsk',
    locale: 'ru-RU',
    reducedMotion: isLive ? 'no-preference' : 'reduce',
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  await page.addInitScript((kept) => {
    // The first document has no storage of its own.
    if (window.location.protocol === 'http:')
      localStorage.setItem('ppe-pulse.settings', JSON.stringify(kept));
  }, settings);
  if (!isLive) {
    await page.clock.install({ time: stage.clock.wallMs() - 1_000 });
    await page.clock.pauseAt(stage.clock.wallMs());
  }
  if (onFrame)
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => onFrame(payload.toString())),
    );
  const faults = watch(page, stage.url);
  const isLoading = watchLoading(page);
  // The context keeps the cookie: the page need not come by way of the wall.
  await context.request.get(stage.url + stage.signInPath(), { maxRedirects: 0 });
  await page.goto(stage.url + path);
  // The picture is there: its age counts from now.
  await page.locator('.shell-live').waitFor();
  const pass = (ms: number): Promise<void> =>
    isLive ? page.waitForTimeout(ms) : page.clock.runFor(ms);
  const settle = settling(page, pass, isLoading);
  await (isLive ? page.evaluate(() => document.fonts.ready) : settle());
  return { page, faults, pass, settle };
}

/** True while anything that was asked for is on its way. */
function watchLoading(page: Page): () => boolean {
  const open = new Set<Request>();
  page.on('request', (request) => void open.add(request));
  page.on('requestfinished', (request) => void open.delete(request));
  page.on('requestfailed', (request) => void open.delete(request));
  return () => open.size > 0;
}

/** What is loaded takes the machine's time and none of the page's; what is drawn takes a little of both. */
function settling(
  page: Page,
  pass: (ms: number) => Promise<void>,
  isLoading: () => boolean,
): (ms?: number) => Promise<void> {
  return async (ms = SETTLE_MS) => {
    let leftMs = ms;
    for (let quiet = 0; quiet < QUIET_LOOKS && leftMs >= STEP_MS;) {
      await sleep(LOOK_EVERY_MS);
      if (isLoading()) {
        quiet = 0;
        continue;
      }
      await pass(STEP_MS);
      leftMs -= STEP_MS;
      quiet = (await page.locator('[aria-busy=true]').count()) === 0 ? quiet + 1 : 0;
    }
    await page.evaluate(() => document.fonts.ready);
    await pass(leftMs);
  };
}
