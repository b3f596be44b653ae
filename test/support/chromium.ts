import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { hasPart } from './has-part.ts';

const BINARY = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** True when there is a browser; in CI its absence is a failure, not a skip. */
export function hasChromium(): boolean {
  return hasPart(existsSync(BINARY), 'chromium');
}

/** Debian's Chromium, headless, that asks nobody but the page's own host. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: BINARY,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => browser.close());
  return browser;
}
