import type { PointerEvent } from 'react';
import { roomName } from '../ui/places.ts';
import { cellColumns, cellsHeightEm, roomAt } from './cell-boxes.ts';
import type { RoomCell } from './tiles.ts';
import { useRoomsOf } from './use-tiles.ts';
import { useWallWords, type WallWords } from './use-wall-words.ts';

interface CellRoomProps {
  readonly code: string;
  readonly count: number;
  readonly isWide: boolean;
  /** Cells say their room to a pointer. */
  readonly hasTitles: boolean;
}

/** The place of a tile's cells, which are drawn upon the canvas over all tiles. */
export function CellRoom({ code, count, isWide, hasTitles }: CellRoomProps) {
  const words = useWallWords();
  const roomsOf = useRoomsOf(code);
  const columns = cellColumns(count, isWide);
  const height = `${cellsHeightEm(Math.ceil(count / columns))}em`;
  const point = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): void => {
    const box = currentTarget.getBoundingClientRect();
    const place = { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
    const room = roomAt(roomsOf(), columns, place);
    currentTarget.title = room ? roomTitle(words, room) : '';
  };
  return (
    <span
      className="cells"
      style={{ height }}
      data-cells={count}
      {...(hasTitles && { onPointerMove: point })}
    />
  );
}

function roomTitle(words: WallWords, { code, verdict, isDone, isUnheard }: RoomCell): string {
  const { own, domain } = words;
  const state = isUnheard && verdict === 'unknown' ? own.unheardRoom : domain.verdicts[verdict];
  return `${roomName(words, code)}: ${state}${isDone ? `, ${own.done}` : ''}`;
}
