import { useEffect, type RefObject } from 'react';
import { roomName } from '../ui/places.ts';
import { useSettings } from '../ui/settings.ts';
import { cellColumns } from './cell-boxes.ts';
import type { RoomCell } from './tiles.ts';
import { useTileStore } from './use-tiles.ts';
import { useWallWords, type WallWords } from './use-wall-words.ts';

/**
 * Cells say their room to a pointer at a desk; on a wall nobody points. One listener for all of them, on what
 * lies around the canvas.
 */
export function useCellTitles(canvas: RefObject<HTMLElement | null>): void {
  const store = useTileStore();
  const words = useWallWords();
  const { density } = useSettings();
  useEffect(() => {
    const around = canvas.current?.parentElement;
    if (density !== 'desk' || !around) return undefined;
    const point = ({ target, clientX, clientY }: PointerEvent): void => {
      const cells = target instanceof HTMLElement ? target.closest<HTMLElement>('.cells') : null;
      const tile = cells?.closest<HTMLElement>('.tile');
      if (!cells || !tile) return;
      const rooms = store.view(tile.dataset.code ?? '')?.rooms ?? [];
      const columns = cellColumns(rooms.length, tile.classList.contains('is-wide'));
      const box = cells.getBoundingClientRect();
      const place = { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
      const room = roomAt(rooms, columns, place);
      cells.title = room ? roomTitle(words, room) : '';
    };
    around.addEventListener('pointermove', point);
    return () => around.removeEventListener('pointermove', point);
  }, [canvas, store, words, density]);
}

/** Which room lies there, in parts of the strip's width and height; undefined between and beyond them. */
export function roomAt<T>(
  rooms: readonly T[],
  columns: number,
  { x, y }: { readonly x: number; readonly y: number },
): T | undefined {
  const rows = Math.ceil(rooms.length / columns);
  const [column, row] = [Math.floor(x * columns), Math.floor(y * rows)];
  if (column < 0 || column >= columns || row < 0) return undefined;
  return rooms[row * columns + column];
}

function roomTitle(words: WallWords, { code, verdict, isDone, isUnheard }: RoomCell): string {
  const { own, domain } = words;
  const state = isUnheard && verdict === 'unknown' ? own.unheardRoom : domain.verdicts[verdict];
  return `${roomName(words, code)}: ${state}${isDone ? `, ${own.done}` : ''}`;
}
