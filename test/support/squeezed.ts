import type { Page } from 'playwright-core';

/** A laptop, and a wall's screen at 200 % zoom. */
const sizes = [
  { width: 1366, height: 768 },
  { width: 960, height: 540 },
] as const;

/** What cannot be used on a small screen or a magnified page: sideways scrolling, covered controls. */
export async function squeezeFaultsOf(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const size of sizes) {
    await page.setViewportSize(size);
    const faults = await page.evaluate(lookAround);
    found.push(...faults.map((each) => `${size.width}×${size.height}: ${each}`));
  }
  if (before) await page.setViewportSize(before);
  return found;
}

/** Runs on the page. */
async function lookAround(): Promise<string[]> {
  const drawn = (): Promise<unknown> =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await drawn();
  const root = document.documentElement;
  const excess = root.scrollWidth - window.innerWidth;
  const wide = [...document.querySelectorAll('body *')]
    .filter((each) => each.checkVisibility())
    .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1)
    .map((each) => `${each.tagName.toLowerCase()}.${each.className}`);
  const found = excess > 0 ? [`${excess} px too wide: ${wide.slice(0, 3).join(', ')}`] : [];
  const controls = 'a[href], button, input, select, summary';
  for (const control of document.querySelectorAll<HTMLInputElement>(controls)) {
    // What is folded away has a box all the same.
    if (control.matches('.skip, [type=range]') || !control.checkVisibility()) continue;
    control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = control.getClientRects()[0];
    if (!box || box.width === 0 || getComputedStyle(control).visibility === 'hidden') continue;
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    // A link has none; a file's own control hides behind its label.
    const labels = [...(control.labels ?? [])];
    if (control.contains(top) || top?.contains(control)) continue;
    if (labels.some((label) => label.contains(top))) continue;
    const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
    const by = top ? `${top.tagName.toLowerCase()}.${top.className}` : 'nothing';
    found.push(`«${name.trim().slice(0, 40)}» lies under ${by}`);
  }
  window.scrollTo(0, 0);
  return found;
}
