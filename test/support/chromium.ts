import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { hasPart } from './has-part.ts';

/** The shell is the same browser without its own windows: it starts in half the time. */
const binaries = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
/** Where the browser of the tests is; empty for none. */
export const CHROMIUM =
  process.env.CHROMIUM_PATH ?? binaries.find((path) => existsSync(path)) ?? '';

/** True when there is a browser; in CI its absence is a failure, not a skip. */
export function hasChromium(): boolean {
  return hasPart(existsSync(CHROMIUM), 'chromium');
}

/** Debian's Chromium, headless, that asks nobody but the page's own host; gone with the test. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  return browser;
}

/**
 * What is drawn in two pieces has other edges than what is drawn at once: where pixels are compared they
 * must not depend on it. Elsewhere it only costs.
 */
export const EXACT_PIXELS = ['--disable-partial-raster'];

/** The same for tests that share one: whoever starts it closes it. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-skia-runtime-opts',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  });
}
