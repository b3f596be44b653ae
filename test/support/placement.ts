import type { Page } from 'playwright-core';

/** What no wall may have: something outside of the screen, one over the other, text that is cut. */
export interface Misplaced {
  /** Of the document, beyond the screen; px. */
  readonly scrollsBy: number;
  readonly outside: readonly string[];
  readonly overlapping: readonly string[];
  /** Text that ends at an edge without an ellipsis, or under something else. */
  readonly cut: readonly string[];
}

export const wellPlaced: Misplaced = { scrollsBy: 0, outside: [], overlapping: [], cut: [] };

/** Looks at boxes and texts as they are on the page now. */
export async function misplacedOn(page: Page): Promise<Misplaced> {
  return page.evaluate(() => {
    /** Fonts round their boxes up. */
    const ROUND_PX = 2;
    const seen = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const nameOf = (element: Element): string => {
      const testId = element.getAttribute('data-testid');
      const text = (element.textContent ?? '').trim().slice(0, 30);
      return `${element.tagName.toLowerCase()}.${testId ?? element.className} «${text}»`;
    };
    const isOutside = ({ left, top, right, bottom }: DOMRect): boolean =>
      left < -1 || top < -1 || right > window.innerWidth + 1 || bottom > window.innerHeight + 1;
    const meet = (a: DOMRect, b: DOMRect): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > ROUND_PX &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > ROUND_PX;
    const boxes = [
      ...document.querySelectorAll('[data-testid^="tile-"], .panel, header, footer, .banner'),
    ].filter(seen);
    const tiles = boxes.filter((each) => each.matches('[data-testid^="tile-"]'));
    const rects = new Map(boxes.map((each) => [each, each.getBoundingClientRect()]));
    const overlapping = tiles.flatMap((tile, at) =>
      tiles
        .slice(at + 1)
        .filter((other) => meet(rects.get(tile) as DOMRect, rects.get(other) as DOMRect))
        .map((other) => `${nameOf(tile)} / ${nameOf(other)}`),
    );

    const texts: { parent: Element; rect: DOMRect }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent || !node.textContent?.trim() || !seen(parent)) continue;
      // What is written across the picture is meant to be.
      if (parent.closest('.watermark')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      // A rectangle a line.
      for (const rect of range.getClientRects()) texts.push({ parent, rect });
    }
    const clipOf = (element: Element): Element | null => {
      for (let each: Element | null = element; each; each = each.parentElement)
        if (getComputedStyle(each).overflowX !== 'visible') return each;
      return null;
    };
    const isForReaders = (clip: Element): boolean => clip.getBoundingClientRect().width <= 2;
    /** Something else lies over an end of it. */
    const isCovered = (parent: Element, rect: DOMRect, box: DOMRect): boolean => {
      // A pointer goes through those: what lies over them cannot be asked.
      if (getComputedStyle(parent).pointerEvents === 'none') return false;
      const y = (rect.top + rect.bottom) / 2;
      const ends = [
        Math.max(rect.left, box.left) + ROUND_PX,
        Math.min(rect.right, box.right) - ROUND_PX,
      ];
      return ends.some((x) => {
        const top = document.elementFromPoint(x, y);
        return top !== null && !top.contains(parent) && !parent.contains(top);
      });
    };
    const cut: string[] = [];
    const shown: { parent: Element; rect: DOMRect }[] = [];
    for (const { parent, rect } of texts) {
      const clip = clipOf(parent);
      const box = clip?.getBoundingClientRect() ?? document.documentElement.getBoundingClientRect();
      if (clip && isForReaders(clip)) continue;
      const style = clip && getComputedStyle(clip);
      const hasEllipsis =
        style?.textOverflow === 'ellipsis' ||
        style?.getPropertyValue('-webkit-line-clamp') !== 'none';
      const isWide = rect.right > box.right + ROUND_PX || rect.left < box.left - ROUND_PX;
      // Half a line that is missing is a cut text, a descender's shadow is not.
      const isHigh =
        rect.bottom > box.bottom + rect.height / 4 || rect.top < box.top - rect.height / 4;
      if (((isWide || isHigh) && !hasEllipsis) || isCovered(parent, rect, box))
        cut.push(nameOf(parent));
      const [left, top] = [Math.max(rect.left, box.left), Math.max(rect.top, box.top)];
      const [right, bottom] = [Math.min(rect.right, box.right), Math.min(rect.bottom, box.bottom)];
      if (right > left && bottom > top)
        shown.push({ parent, rect: new DOMRect(left, top, right - left, bottom - top) });
    }
    const isOver = (a: DOMRect, b: DOMRect): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > ROUND_PX &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 3;
    shown.forEach(({ parent, rect }, at) => {
      for (const other of shown.slice(at + 1))
        // A text with an ellipsis has two rectangles of its own.
        if (other.parent !== parent && isOver(rect, other.rect))
          overlapping.push(`${nameOf(parent)} / ${nameOf(other.parent)}`);
    });
    const root = document.scrollingElement ?? document.documentElement;
    return {
      scrollsBy: Math.max(
        0,
        root.scrollHeight - window.innerHeight,
        root.scrollWidth - window.innerWidth,
      ),
      outside: boxes.filter((each) => isOutside(rects.get(each) as DOMRect)).map(nameOf),
      overlapping,
      cut,
    };
  });
}
