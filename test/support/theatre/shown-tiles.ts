import type { Page } from 'playwright-core';
import { HQ_ROOM_CODE, worstVerdict, type Verdict } from '@ppe-pulse/protocol';
import { tilesIn } from './shown-cells.ts';
import type { Stage } from './theatre.ts';

/** `4201`: verdict of the tile, then of its rooms, the Штаб first: `fail: ok fail ok`. */
export type Tiles = Readonly<Record<string, string>>;

/** What the wall shows. */
export async function shownTiles(page: Page): Promise<Tiles> {
  const tiles = await tilesIn(page.locator('.grid [data-testid^="tile-"]'));
  const told = tiles.map(({ code, classes, looks }) => {
    const [, verdict] =
      /\btile-(ok|warn|fail|unknown|silentByRule|notInvolved)\b/.exec(classes) ?? [];
    return [code, `${verdict ?? '?'}: ${looks.map(verdictOf).join(' ')}`] as const;
  });
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Done is well, and a room that nobody heard is unknown. */
function verdictOf(look: string): string {
  return look === 'done' ? 'ok' : look === 'unheard' ? 'unknown' : look;
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
