import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { describe, it, onTestFinished } from 'vitest';
import { CHROMIUM } from '../support/chromium.ts';
import { freePort } from '../support/restartable.ts';
import { tempDir } from '../support/temp-dir.ts';
import { work } from '../support/theatre/scenes.ts';
import { theatre } from '../support/theatre/theatre.ts';
import { tell } from './figures.ts';

/** Lighthouse's own function, as far as we use it. */
type Lighthouse = (
  url: string,
  flags: { readonly port: number; readonly logLevel: 'error' },
  config: object,
) => Promise<
  | {
      readonly lhr: {
        readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
        readonly audits: Readonly<Record<string, LighthouseAudit>>;
      };
    }
  | undefined
>;

interface LighthouseAudit {
  readonly title: string;
  readonly score: number | null;
  /** Ms of times, a score of shifts. */
  readonly numericValue?: number;
}

/** What the score of performance is made of. */
const metrics = {
  'first-contentful-paint': 'first contentful paint',
  'largest-contentful-paint': 'largest contentful paint',
  'total-blocking-time': 'total blocking time',
  'speed-index': 'speed index',
} as const;

/** The program that npx brought, see `lighthouse.mjs`. */
const program = process.env.PPE_PULSE_LIGHTHOUSE ?? '';
const targets = { performance: 95, accessibility: 100, 'best-practices': 95 } as const;

describe.skipIf(program === '')('Lighthouse', () => {
  it.each(['dark', 'light'])('of the wall in the %s theme', async (theme) => {
    const folder = join(realpathSync(program), '..', '..');
    const { default: lighthouse } = (await import(
      pathToFileURL(join(folder, 'core', 'index.js')).href
    )) as { default: Lighthouse };
    const { default: config } = (await import(
      pathToFileURL(join(folder, 'core', 'config', 'desktop-config.js')).href
    )) as { default: object };
    const stage = await theatre(work());
    stage.clock.run();
    const port = await freePort();
    const context = await chromium.launchPersistentContext(tempDir(), {
      executablePath: CHROMIUM,
      args: [`--remote-debugging-port=${port}`, '--headless', '--no-sandbox', '--disable-gpu'],
    });
    onTestFinished(() => context.close());
    // Signed in, and with a theme: Lighthouse opens a tab of its own in the same profile.
    const page = await context.newPage();
    await page.goto(stage.url + stage.signInPath());
    await page.evaluate((chosen) => {
      localStorage.setItem('ppe-pulse.settings', JSON.stringify({ theme: chosen }));
    }, theme);
    await page.close();
    const settings = { onlyCategories: Object.keys(targets), disableStorageReset: true };
    const result = await lighthouse(
      stage.url,
      { port, logLevel: 'error' },
      { ...config, settings: { ...(config as { settings?: object }).settings, ...settings } },
    );
    for (const [category, atLeast] of Object.entries(targets)) {
      const score = result?.lhr.categories[category]?.score ?? Number.NaN;
      tell(`Lighthouse, ${theme}: ${category}`, Math.round(score * 100), 'of 100', { atLeast });
    }
    for (const [id, title] of Object.entries(metrics))
      tell(`Lighthouse, ${theme}: ${title}`, result?.lhr.audits[id]?.numericValue ?? NaN, 'ms');
    const failed = Object.entries(result?.lhr.audits ?? {}).filter(([, { score }]) => score === 0);
    for (const [id, { title }] of failed) console.log(`${theme}: ${id}: ${title}`);
  });
});
