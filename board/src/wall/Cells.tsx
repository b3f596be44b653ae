import { memo, type PointerEvent } from 'react';
import { roomName } from '../ui/places.ts';
import { cellColumns, cellsPicture, roomAt } from './cell-paths.ts';
import type { RoomCell } from './tiles.ts';
import { useWallWords, type WallWords } from './use-wall-words.ts';

interface CellsProps {
  readonly rooms: readonly RoomCell[];
  readonly isWide: boolean;
  /** Of the strip, in the tile's em. */
  readonly widthEm: number;
  /** Cells say their room to a pointer; on a wall nobody points. */
  readonly hasTitles: boolean;
}

/** A cell a room, by shape and colour. Readers hear the rooms in the tile's name. */
export const Cells = memo(function Cells({ rooms, isWide, widthEm, hasTitles }: CellsProps) {
  const words = useWallWords();
  const columns = cellColumns(rooms.length, isWide);
  const { width, height, shapes } = cellsPicture(rooms, columns, Math.round(widthEm * 100));
  const point = ({ currentTarget, clientX, clientY }: PointerEvent<HTMLElement>): void => {
    const box = currentTarget.getBoundingClientRect();
    const place = { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
    const room = roomAt(rooms, columns, place);
    currentTarget.title = room ? roomTitle(words, room) : '';
  };
  return (
    <span className="cells" {...(hasTitles && { onPointerMove: point })}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        style={{ height: `${height / 100}em` }}
        aria-hidden="true"
      >
        {shapes.map(({ look, path }) => (
          <path key={look} className={`cell-${look}`} d={path} />
        ))}
      </svg>
    </span>
  );
});

function roomTitle(words: WallWords, { code, verdict, isDone, isUnheard }: RoomCell): string {
  const { own, domain } = words;
  const state = isUnheard && verdict === 'unknown' ? own.unheardRoom : domain.verdicts[verdict];
  return `${roomName(words, code)}: ${state}${isDone ? `, ${own.done}` : ''}`;
}
