import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKiosk, pressedEscape } from '../../board/src/life/kiosk.ts';
import {
  HELD_MS,
  ROTATION_VIEWS,
  addressOf,
  alarmed,
  formatRotation,
  parseRotation,
  plainViews,
  progressOf,
  shownAddress,
  startRotation,
  ticked,
  touched,
  type Rotation,
  type View,
} from '../../board/src/life/rotation.ts';

const plan = {
  views: [{ kind: 'wall' }, { kind: 'incidents' }, { kind: 'municipality', slug: 'kemerovo' }],
  everyMs: 30_000,
} satisfies { views: View[]; everyMs: number };
const none: ReadonlySet<string> = new Set();
const started = (untaken = none): Rotation => startRotation(plan, untaken, 0);
const after = (rotation: Rotation, ...moments: number[]): Rotation =>
  moments.reduce((next, nowMs) => ticked(next, nowMs), rotation);

describe('what an address says of a rotation', () => {
  it('is read as views in their order and the time of each', () => {
    expect(parseRotation('?rotate=wall,incidents,municipality:kemerovo&every=30')).toEqual(plan);
  });

  it.each([
    ['nothing', ''],
    ['no views', '?rotate='],
    ['one view, which is no rotation', '?rotate=wall'],
    ['words that it does not know', '?rotate=off,<b>,constructor'],
    ['a municipality without a name', '?rotate=wall,municipality:'],
    ['a municipality that is a path', '?rotate=wall,municipality:../../api'],
  ])('is no rotation for %s', (_, search) => {
    expect(parseRotation(search)).toBeNull();
  });

  it.each([
    ['missing', '', 30_000],
    ['a word', '&every=soon', 30_000],
    ['nothing', '&every=0', 30_000],
    ['negative', '&every=-5', 30_000],
    ['too short to read', '&every=1', 5_000],
    ['a day', '&every=86400', 3_600_000],
  ])('has a time that can be read when it is %s', (_, every, everyMs) => {
    expect(parseRotation(`?rotate=wall,incidents${every}`)?.everyMs).toBe(everyMs);
  });

  it('is bounded, and written as it is read', () => {
    const view = fc.oneof(
      fc.constantFrom(...plainViews).map((kind): View => ({ kind })),
      fc.stringMatching(/^[a-z0-9-]{1,20}$/).map((slug): View => ({ kind: 'municipality', slug })),
    );
    fc.assert(
      fc.property(
        fc.array(view, { minLength: 2, maxLength: ROTATION_VIEWS }),
        fc.integer({ min: 5, max: 3_600 }),
        (views, seconds) => {
          const wish = { views, everyMs: seconds * 1_000 };
          expect(parseRotation(`?${formatRotation(wish)}`)).toEqual(wish);
        },
      ),
      { seed: 720 },
    );
    const many = Array.from({ length: 100 }, () => 'wall').join(',');
    expect(parseRotation(`?rotate=${many}`)?.views).toHaveLength(ROTATION_VIEWS);
  });
});

describe('a rotation', () => {
  it('turns when the time of a view is over, and begins anew after the last', () => {
    const moments = [29_999, 30_000, 59_999, 60_000, 90_000];
    const shown = moments.map((_, at) =>
      shownAddress(after(started(), ...moments.slice(0, at + 1))),
    );
    expect(shown).toEqual(['/', '/incidents', '/incidents', '/municipalities/kemerovo', '/']);
  });

  it('turns once, not many times, after a page that slept', () => {
    expect(after(started(), 3_600_000).at).toBe(1);
    expect(after(started(), 3_600_000, 3_600_500).at).toBe(1);
  });

  it('stands still for two minutes when somebody touches the wall, and counts from the last touch', () => {
    const first = touched(after(started(), 30_000), 35_000);
    const held = touched(first, 60_000);
    expect(shownAddress(held)).toBeNull();
    expect(after(held, 35_000 + HELD_MS).heldUntilMs).not.toBeNull();
    const free = after(held, 60_000 + HELD_MS);
    expect(shownAddress(free)).toBe('/incidents');
    // The view that was touched gets its whole time again.
    expect(after(free, 60_000 + HELD_MS + 29_999).at).toBe(1);
    expect(after(free, 60_000 + HELD_MS + 30_000).at).toBe(2);
  });

  it('goes back to the wall for a new critical incident and stays until all are taken', () => {
    const away = after(started(), 30_000);
    const stopped = alarmed(away, new Set(['i-1']), 31_000);
    expect(shownAddress(stopped)).toBe('/');
    expect(shownAddress(after(stopped, 1_000_000))).toBe('/');
    expect(shownAddress(touched(stopped, 32_000))).toBe('/');
    const still = alarmed(stopped, new Set(['i-1', 'i-2']), 33_000);
    expect(alarmed(still, new Set(['i-2']), 34_000).isStopped).toBe(true);
    const calm = alarmed(still, none, 40_000);
    expect([calm.isStopped, calm.at]).toEqual([false, 0]);
    expect(shownAddress(after(calm, 70_000))).toBe('/incidents');
  });

  it('does not stop for what was there when it began, or for one that comes back from a snapshot', () => {
    const known = started(new Set(['i-1']));
    expect(alarmed(known, new Set(['i-1']), 1_000).isStopped).toBe(false);
    expect(alarmed(known, none, 1_000).isStopped).toBe(false);
  });

  it('tells how much of its time a view has had', () => {
    expect([0, 15_000, 99_000].map((nowMs) => progressOf(started(), nowMs))).toEqual([0, 0.5, 1]);
  });

  it('leads only to pages of this board', () => {
    for (const kind of plainViews) expect(addressOf({ kind })).toMatch(/^\/(?:$|\?|[a-z])/);
  });
});

describe('a kiosk', () => {
  it('begins and ends by the address, and stays over addresses that say nothing', () => {
    expect(isKiosk('?kiosk=1', false)).toBe(true);
    expect(isKiosk('?view=country', true)).toBe(true);
    expect(isKiosk('', false)).toBe(false);
    expect(isKiosk('?kiosk=0', true)).toBe(false);
    expect(isKiosk('?kiosk=yes', false)).toBe(false);
  });

  it('is left by two Escapes that follow each other, not by two of a day', () => {
    const first = pressedEscape(null, 1_000);
    expect(first.leaves).toBe(false);
    expect(pressedEscape(first.moment, 2_000).leaves).toBe(true);
    const late = pressedEscape(first.moment, 60_000);
    expect(late.leaves).toBe(false);
    expect(pressedEscape(late.moment, 60_500).leaves).toBe(true);
    // The third begins anew.
    expect(pressedEscape(pressedEscape(first.moment, 2_000).moment, 2_100).leaves).toBe(false);
  });
});
