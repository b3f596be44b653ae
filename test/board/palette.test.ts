import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { drawCell, lookOf } from '../../board/src/wall/cell-looks.ts';
import { recordingPen } from '../support/cell-pen.ts';
import {
  ciede2000,
  contrastOf,
  deficiencies,
  differenceOf,
  linearOf,
  seenBy,
} from '../support/colour.ts';

const css = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'board', 'src', name), 'utf8');

/** Colours of a theme by the name of their variable, as the stylesheet says them. */
function themeOf(selector: string): ReadonlyMap<string, string> {
  const base = css('ui/base.css');
  const from = base.indexOf(`${selector} {`);
  const block = base.slice(from, base.indexOf('}', from));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [
      name ?? '',
      hex ?? '',
    ]),
  );
}

const night = themeOf(':root');
const day = new Map([...night, ...themeOf(":root[data-theme='light']")]);
const themes = [
  ['night', night],
  ['day', day],
] as const;
const colourOf = (theme: ReadonlyMap<string, string>, name: string): string => {
  const hex = theme.get(name);
  if (hex === undefined) throw new Error(`no colour --${name}`);
  return hex;
};

/** Colours that tell how something stands: at work, done, and what is wrong. */
const states = ['work', 'ok', 'warn', 'fail', 'unknown'] as const;
const pairs = states.flatMap((a, at) => states.slice(at + 1).map((b) => [a, b] as const));
/** Below this two states are one at a glance. */
const LEAST_DIFFERENCE = 12;

describe('the maths of colours', () => {
  it('is that of the published test data', () => {
    // Sharma, Wu and Dalal: pairs 1, 7, 17 and 25 of their table.
    expect(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 4);
    expect(ciede2000([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 4);
    expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 4);
    expect(ciede2000([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBeCloseTo(
      1.2644,
      4,
    );
    expect(contrastOf('#ffffff', '#000000')).toBeCloseTo(21);
  });

  it('makes red and green alike for who sees no difference, and not for who does', () => {
    const [red, green] = [linearOf('#b06a3a'), linearOf('#7d8a3a')];
    const blind = differenceOf(seenBy('deutan', red), seenBy('deutan', green));
    expect(blind).toBeLessThan(differenceOf(red, green) / 3);
  });
});

describe.each(themes)('the palette by %s', (_, theme) => {
  it.each(pairs)('tells %s from %s, for everybody', (a, b) => {
    const [first, second] = [linearOf(colourOf(theme, a)), linearOf(colourOf(theme, b))];
    const seen = {
      everybody: differenceOf(first, second),
      ...Object.fromEntries(
        deficiencies.map((each) => [each, differenceOf(seenBy(each, first), seenBy(each, second))]),
      ),
    };
    const tooClose = Object.entries(seen).filter(([, difference]) => difference < LEAST_DIFFERENCE);
    expect(tooClose).toEqual([]);
  });

  it.each([
    ['text', 'ground'],
    ['text', 'panel'],
    ['text', 'panel-2'],
    ['text', 'warn-ground'],
    ['text', 'unknown-ground'],
    ['text-2', 'ground'],
    ['text-2', 'panel'],
    ['text-2', 'panel-2'],
    ['unknown', 'panel'],
    ['live', 'panel'],
  ])('has a contrast of at least 4.5 of %s on %s', (text, ground) => {
    expect(contrastOf(colourOf(theme, text), colourOf(theme, ground))).toBeGreaterThanOrEqual(4.5);
  });

  it('has white that is read on critical, and signs that stand out of a panel', () => {
    expect(contrastOf('#ffffff', colourOf(theme, 'fail-ground'))).toBeGreaterThanOrEqual(4.5);
    // Signs and large figures: WCAG asks 3 of graphics.
    for (const sign of ['warn', 'fail', 'unknown', 'live'])
      expect([sign, contrastOf(colourOf(theme, sign), colourOf(theme, 'panel')) >= 3]).toEqual([
        sign,
        true,
      ]);
  });
});

it('the blue of «now» tells no state: to some eyes it is like the violet of «no data»', () => {
  const sheets = ['ui/base.css', 'wall/wall.css', 'wall/tiles.css'].map(css).join('\n');
  const live = [...sheets.matchAll(/^([^{}]+) \{([^}]*)\}/gm)].filter(([, , body]) =>
    body?.includes('var(--live)'),
  );
  expect(live.length).toBeGreaterThan(0);
  for (const [, selector = ''] of live)
    expect([selector, /cell|tile|glyph|count/.test(selector)]).toEqual([selector, false]);
});

describe('without any colour', () => {
  const room = (verdict: Verdict) => ({ code: '0001', verdict, isDone: false, isUnheard: false });

  const grey = '#888888';
  const oneColour = {
    work: grey,
    done: grey,
    warn: grey,
    fail: grey,
    mark: grey,
    unknown: grey,
    unheard: grey,
    isUnheardThin: false,
    other: grey,
  };

  it('each state of a room has a shape of its own', () => {
    const shapely = ['ok', 'warn', 'fail', 'unknown', 'silentByRule', 'notInvolved'] as const;
    const pictures = shapely.map((verdict) => {
      const pen = recordingPen();
      drawCell(pen, lookOf(room(verdict)), { x: 0, y: 0, w: 20, h: 10 }, oneColour);
      return pen.strokes.join(' + ');
    });
    expect(pictures.every((shape) => shape !== '')).toBe(true);
    expect(new Set(pictures).size).toBe(shapely.length);
  });

  it.each(themes)('done is lighter or darker than at work, by %s', (_, theme) => {
    expect(contrastOf(colourOf(theme, 'work'), colourOf(theme, 'ok'))).toBeGreaterThan(1.9);
  });
});
