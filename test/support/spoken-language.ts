import type { Page } from 'playwright-core';

/** A text of the page and where it stands. */
export interface PageText {
  readonly text: string;
  readonly at: string;
}

/**
 * Every text that a page shows or reads out: text nodes, names, hints and placeholders. Parts that say
 * of themselves that they speak another language (`lang`), and what people type, are left out.
 */
export function textsOf(page: Page): Promise<PageText[]> {
  return page.evaluate(() => {
    const found: PageText[] = [{ text: document.title, at: 'title' }];
    const own = document.documentElement.lang;
    const isOwn = (element: Element): boolean =>
      element.closest('[lang]')?.getAttribute('lang') === own &&
      !element.closest('textarea, script, style');
    const nameOf = (element: Element): string => {
      const label = element.getAttribute('data-testid') ?? element.getAttribute('class') ?? '';
      return `${element.tagName.toLowerCase()}.${label}`;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent && isOwn(parent)) found.push({ text: node.textContent ?? '', at: nameOf(parent) });
    }
    const names = [
      'aria-label',
      'title',
      'placeholder',
      'alt',
      'aria-valuetext',
      'aria-description',
    ];
    for (const element of document.querySelectorAll('*'))
      for (const name of names) {
        const text = element.getAttribute(name);
        if (text && isOwn(element)) found.push({ text, at: `${nameOf(element)}[${name}]` });
      }
    return found.filter(({ text }) => text.trim() !== '');
  });
}

/** Texts with Cyrillic letters beside those that the region or the plan gave. */
export function russianIn(texts: readonly PageText[], foreign: readonly string[]): string[] {
  return wrongIn(texts, foreign, /[а-яё]+/iu);
}

/** Texts with three English words in a row beside those that the region or the plan gave. */
export function englishIn(texts: readonly PageText[], foreign: readonly string[]): string[] {
  return wrongIn(texts, foreign, /(?<![\w./-])[a-z]{2,}(?: [a-z]{2,}){2,}(?![\w/-])/i);
}

function wrongIn(
  texts: readonly PageText[],
  foreign: readonly string[],
  pattern: RegExp,
): string[] {
  const without = (text: string): string => {
    let rest = text;
    for (const each of foreign) if (pattern.test(each)) rest = rest.replaceAll(each, '…');
    return rest;
  };
  const bad = texts.filter(({ text }) => pattern.test(text) && pattern.test(without(text)));
  return [...new Set(bad.map(({ text, at }) => `${at}: ${text.trim()}`))];
}
