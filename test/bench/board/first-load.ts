import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openBrowser } from '../../support/chromium.ts';
import type { Stage } from '../../support/theatre/theatre.ts';

declare global {
  interface Window {
    benchTileMs: number | undefined;
  }
}

/** Compressed kilobytes that the first page needs, by kind; fonts as they are. */
export function firstLoadKB(boardDir: string): Readonly<Record<'js' | 'css' | 'fonts', number>> {
  const html = readFileSync(join(boardDir, 'index.html'), 'utf8');
  const files = readdirSync(join(boardDir, 'assets')).filter((name) => !/\.(?:br|gz)$/.test(name));
  const sum = (names: readonly string[], weigh: (bytes: Buffer) => number): number =>
    names.reduce((all, name) => all + weigh(readFileSync(join(boardDir, 'assets', name))), 0) /
    1_000;
  const first = files.filter((name) => html.includes(name));
  const gzipped = (bytes: Buffer): number => gzipSync(bytes).length;
  return {
    js: sum(
      first.filter((name) => name.endsWith('.js')),
      gzipped,
    ),
    css: sum(
      first.filter((name) => name.endsWith('.css')),
      gzipped,
    ),
    fonts: sum(
      files.filter((name) => name.endsWith('.woff2')),
      (bytes) => bytes.length,
    ),
  };
}

/** Milliseconds from the navigation to the first tile on the screen, in a browser that knows nothing yet. */
export async function firstTileMs(stage: Stage): Promise<number> {
  const browser = await openBrowser();
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  await context.request.get(stage.url + stage.signInPath(), { maxRedirects: 0 });
  const page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('.grid [data-testid^="tile-"]')) return;
      observer.disconnect();
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          window.benchTileMs = performance.now();
        }),
      );
    }).observe(document, { subtree: true, childList: true });
  });
  await page.goto(stage.url);
  const shown = await page.waitForFunction(() => window.benchTileMs);
  const ms = await shown.jsonValue();
  await browser.close();
  return ms ?? Number.NaN;
}
