import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Collector } from '../../server/src/collector.ts';
import { openBrowser } from './chromium.ts';

const root = join(import.meta.dirname, '..', '..');
const artifacts = join(root, 'test', '.artifacts');

/** The built board; `PPE_BOARD_DIR` names another build of it. */
export const boardDir = process.env.PPE_BOARD_DIR ?? join(root, 'board', 'dist');

/** A page of somebody who has signed in, and what it has done that it must not do. */
export interface SignedIn {
  readonly page: Page;
  readonly faults: () => string[];
}

/** Opens the board in a browser of its own by a one-time link. */
export async function signedIn(
  collector: Pick<Collector, 'url' | 'signInPath'>,
  viewport = { width: 1920, height: 1080 },
): Promise<SignedIn> {
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport });
  // Nobody times a page here: a busy machine may take its time.
  page.setDefaultTimeout(30_000);
  const faults = watch(page, collector.url);
  await page.goto(collector.url + collector.signInPath());
  return { page, faults };
}

/** What a page must not do: complain, fail to load, or ask anybody else. */
export function watch(page: Page, origin: string): () => string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      faults.push(`asked ${request.url()}`);
  });
  return () => faults;
}

/** Keeps a picture of the page for a person to look at. */
export async function shoot(page: Page, name: string, isFullPage = true): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: isFullPage });
}
