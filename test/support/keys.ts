import type { Locator, Page } from 'playwright-core';

/** A stop of the Tab key. */
interface Stop {
  readonly name: string;
  readonly isPage: boolean;
  readonly isText: boolean;
  readonly faults: readonly string[];
}

/** Somebody who has only a keyboard; what is wrong with the places that Tab stops at is kept. */
export interface Keys {
  readonly faults: () => readonly string[];
  /** Tab until this has the focus. */
  readonly reach: (target: Locator) => Promise<void>;
  /** Tab until this has the focus, then a key. */
  readonly press: (target: Locator, key?: string) => Promise<void>;
  /** Tab through the whole page, from its beginning to its end; the names of the stops. */
  readonly walk: () => Promise<string[]>;
}

/** More stops than any page has. */
const MAX_STOPS = 600;

export function keysOf(page: Page): Keys {
  const faults = new Set<string>();
  const tab = async (isFirst = false): Promise<Stop> => {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtFocus, isFirst);
    for (const fault of stop.faults)
      faults.add(`${new URL(page.url()).pathname} «${stop.name}»: ${fault}`);
    // A field for indented text keeps Tab until Esc.
    if (stop.isText) await page.keyboard.press('Escape');
    return stop;
  };
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor();
    const names: string[] = [];
    for (let stops = 0; stops < MAX_STOPS; stops += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      names.push((await tab(true)).name);
    }
    throw new Error(`Tab does not reach ${target.toString()}: ${names.slice(-20).join(' → ')}`);
  };
  return {
    faults: () => [...faults],
    reach,
    press: async (target, key = 'Enter') => {
      await reach(target);
      await page.keyboard.press(key);
    },
    walk: async () => {
      await page.evaluate(() => {
        (document.activeElement as HTMLElement | null)?.blur();
        document.getSelection()?.removeAllRanges();
      });
      const names: string[] = [];
      for (let stops = 0; stops < MAX_STOPS; stops += 1) {
        const stop = await tab(stops === 0);
        // Without a frame of the browser the page follows itself.
        if (stop.isPage || (stops > 0 && stop.name === names[0])) return names;
        names.push(stop.name);
      }
      throw new Error(`Tab does not leave the page: ${names.slice(-20).join(' → ')}`);
    },
  };
}

/** Runs on the page: whether the focus can be seen, and comes in the order of the document. */
function lookAtFocus(isFirst: boolean): Stop {
  const element = document.activeElement;
  const held = window as { ppeLastStop?: Element };
  if (!element || element === document.body || element === document.documentElement)
    return { name: 'page', isPage: true, isText: false, faults: [] };
  const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
  const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
  const faults: string[] = [];
  const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
  if (!isSeen || outlineColor.endsWith(', 0)')) faults.push('the focus is not seen');
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const isOutside = bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth;
  // A field of files is hidden behind what stands for it.
  const isHidden = !element.matches('[type=file]') && (isOutside || width < 2 || height < 2);
  if (isHidden) faults.push('the focus is outside the window');
  const last = held.ppeLastStop;
  const isBehind =
    !isFirst &&
    !element.matches('.skip') &&
    last?.isConnected === true &&
    (last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) === 0;
  if (isBehind && element !== last) faults.push('comes before the stop that it follows');
  held.ppeLastStop = element;
  return {
    name: name.trim().slice(0, 60) || element.tagName.toLowerCase(),
    isPage: false,
    isText: element.tagName === 'TEXTAREA',
    faults,
  };
}
