import type { Page } from 'playwright-core';
import { HQ_ROOM_CODE, worstVerdict, type Verdict } from '@ppe-pulse/protocol';
import type { Stage } from './theatre.ts';

/** `4201`: verdict of the tile, then of its rooms, the Штаб first: `fail: ok fail ok`. */
export type Tiles = Readonly<Record<string, string>>;

/** What the wall shows. */
export async function shownTiles(page: Page): Promise<Tiles> {
  return page.evaluate(() => {
    const verdictOf = (element: Element, kind: string): string => {
      const found = [...element.classList].find((each) =>
        /^(?:tile|cell)-(?:ok|done|warn|fail|unknown|silentByRule|notInvolved)$/.test(each),
      );
      return (found ?? `${kind}-?`).slice(kind.length + 1).replace('done', 'ok');
    };
    const tiles = [...document.querySelectorAll('.grid [data-testid^="tile-"]')].map((tile) => {
      const cells = [...tile.querySelectorAll('.cell')].map((cell) => verdictOf(cell, 'cell'));
      const code = (tile.getAttribute('data-testid') ?? '').slice('tile-'.length);
      return [code, `${verdictOf(tile, 'tile')}: ${cells.join(' ')}`] as const;
    });
    return Object.fromEntries(tiles.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** What it must show: the collector's own state. */
export function truth({ cast, scene }: Stage): Tiles {
  const rooms = new Map<string, Map<string, Verdict>>(
    scene.sites.map(({ code }) => [code, new Map()]),
  );
  for (const { placement, standing } of cast.all())
    rooms.get(placement.siteCode)?.set(placement.roomCode, standing.verdict);
  return Object.fromEntries(
    [...rooms].map(([code, own]) => {
      const hq = own.get(HQ_ROOM_CODE);
      const others = [...own]
        .filter(([room]) => room !== HQ_ROOM_CODE)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, verdict]) => verdict);
      const cells = [...(hq === undefined ? [] : [hq]), ...others];
      return [code, `${worstVerdict(cells)}: ${cells.join(' ')}`];
    }),
  );
}
