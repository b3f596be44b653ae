import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boardDir } from '../support/board-browser.ts';
import { newerScript } from '../support/newer-script.ts';
import { newerStyle } from '../support/newer-style.ts';

/** The last Chrome of Windows 7 and 8.1; PCs of a ППЭ may be older still. */
const FLOOR = 109;
const HQ_FLOOR = 95;

/** Newer names that are asked for before they are used, and who does. */
const guarded: Readonly<Record<string, string>> = {
  '.createContext()': 'React’s own, which another standard took as well',
  '.startViewTransition()': 'React, for transitions that the board does not use',
  '.skipTransition()': 'React, for transitions that the board does not use',
  navigation: 'React, which asks for its type first',
};

const assets = readdirSync(join(boardDir, 'assets'));
const read = (name: string): string => readFileSync(join(boardDir, name), 'utf8');
const files = (ending: string): string[] => [
  ...assets.filter((name) => name.endsWith(ending)).map((name) => `assets/${name}`),
  ...(ending === '.js' ? ['sw.js'] : []),
];
const floorOf = (file: string): number => (file.startsWith('assets/hq-') ? HQ_FLOOR : FLOOR);

describe('the built board', () => {
  it('has scripts and styles to look at', () => {
    expect(files('.js').length).toBeGreaterThan(10);
    expect(files('.css').length).toBeGreaterThan(2);
  });

  it('calls nothing that its oldest browser does not have', { timeout: 120_000 }, () => {
    const newer = files('.js').flatMap((file) =>
      newerScript(read(file), floorOf(file))
        .filter((name) => guarded[name] === undefined)
        .map((name) => `${file}: ${name}`),
    );
    expect(newer).toEqual([]);
  });

  it('is styled by nothing that its oldest browser does not have', () => {
    const newer = files('.css').flatMap((file) =>
      newerStyle(read(file), floorOf(file)).map((name) => `${file}: ${name}`),
    );
    expect(newer).toEqual([]);
  });
});

describe('the look at a script finds', () => {
  it.each([
    ['const a = [3, 1].toSorted();', '.toSorted()'],
    ['const a = list.toReversed();', '.toReversed()'],
    ['const a = list.with(0, 1);', '.with()'],
    ['const a = list.toSpliced(0, 1);', '.toSpliced()'],
    ['const a = Object.groupBy(list, f);', 'Object.groupBy'],
    ['const a = Map.groupBy(list, f);', 'Map.groupBy'],
    ['const a = Promise.withResolvers();', 'Promise.withResolvers'],
    ['const a = await Array.fromAsync(list);', 'Array.fromAsync'],
    ['const a = one.union(other);', '.union()'],
    ['const a = one.isSubsetOf(other);', '.isSubsetOf()'],
    ['const a = URL.canParse(text);', 'URL.canParse'],
    ['const a = new Intl.DurationFormat("ru");', 'Intl.DurationFormat'],
    ['const a = Temporal.Now.instant();', 'Temporal'],
    ['document.startViewTransition(f);', '.startViewTransition()'],
    ['menu.showPopover();', '.showPopover()'],
    ['const a = /[\\p{L}--a]/v;', 'flag v of a regular expression'],
    ['const a = /(?i:ab)c/;', 'modifiers in a regular expression'],
    ['const a = Iterator.from(list);', 'Iterator'],
    ['const a = (', 'does not parse'],
  ])('%s', (code, name) => {
    expect(newerScript(code, FLOOR).join()).toContain(name);
  });

  it.each([
    ['an old method', 'const a = list.findLast(f).at(-1);'],
    ['an old global', 'const a = structuredClone(b); AbortSignal.timeout(5);'],
    ['a method of its own', 'class A { union() {} } new A().union();'],
    ['a name of its own', 'const Temporal = make(); Temporal.now();'],
    ['one that is asked for', 'menu.showPopover?.();'],
  ])('nothing in %s', (_, code) => {
    expect(newerScript(code, FLOOR)).toEqual([]);
  });

  it('what Chrome 95 lacks and 109 has', () => {
    const code = 'const a = list.findLast(f); const b = Object.hasOwn(a, "x");';
    expect(newerScript(code, HQ_FLOOR)).toEqual(['.findLast()']);
    expect(newerScript('structuredClone(a)', HQ_FLOOR)).toEqual(['structuredClone']);
  });
});

describe('the look at a style finds', () => {
  it.each([
    ['a { & b { color: red } }', 'nesting'],
    ['a { color: red; .b { color: red } }', 'does not parse'],
    ['a { color: red; b { color: red } }', 'does not parse'],
    ['a { color: color-mix(in srgb, red, blue) }', 'color-mix()'],
    ['a { color: light-dark(red, blue) }', 'light-dark()'],
    ['a { color: oklch(50% 0.1 20) }', 'oklch()'],
    ['a { grid-template-rows: subgrid }', 'subgrid'],
    ['a { text-wrap: balance }', 'text-wrap'],
    ['a { field-sizing: content }', 'field-sizing'],
    ['a { view-transition-name: wall }', 'view-transition-name'],
    ['a { anchor-name: --a }', 'anchor-name'],
    ['a:popover-open { color: red }', ':popover-open'],
    ['a:user-invalid { color: red }', ':user-invalid'],
    ['details::details-content { color: red }', ':details-content'],
    ['@starting-style { a { color: red } }', '@starting-style'],
    ['@scope (a) { b { color: red } }', '@scope'],
    ['a { width: 2rlh }', 'rlh'],
  ])('%s', (text, name) => {
    expect(newerStyle(text, FLOOR).join()).toContain(name);
  });

  it.each([
    ['what is old', 'a:has(b) { inset: 0; height: 100dvh; width: clamp(1px, 2vw, 3px) }'],
    ['a media query', '@media (prefers-reduced-motion: reduce) { a { animation: none } }'],
    ['somebody’s own', 'a { -webkit-appearance: none; --work: color }'],
    [
      'a registered property',
      '@property --a { syntax: "<number>"; inherits: false; initial-value: 0 }',
    ],
  ])('nothing in %s', (_, text) => {
    expect(newerStyle(text, FLOOR)).toEqual([]);
  });
});
