import { useEffect } from 'react';
import type { KeyboardEvent } from 'react';
import { Glyph } from '../ui/Glyph.tsx';
import { roomName } from '../ui/places.ts';
import { columns, subjectOf, type Column } from './columns.ts';
import { cellText, useHqWords } from './hq-words.ts';
import { RoomDetails } from './RoomDetails.tsx';
import { roomsOf, type Cell, type Room } from './rooms.ts';
import { useHq, useHqNow } from './use-hq.ts';

interface RoomGridProps {
  /** Code of the room whose checks are shown, null for none. */
  readonly open: string | null;
  readonly onOpen: (code: string | null) => void;
}

/** Rooms down, devices across; a room opens what its cells rest on. */
export function RoomGrid({ open, onOpen }: RoomGridProps) {
  const words = useHqWords();
  const { hq } = words;
  const { frame } = useHq();
  useEffect(() => {
    if (open === null) return;
    const button = document.getElementById(buttonId(open));
    button?.focus({ preventScroll: true });
    button?.closest('tbody')?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  if (!frame) return null;
  const rooms = roomsOf(frame);
  const lastCamera = Math.max(2, ...frame.workstations.flatMap(cameraNumbers));
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onOpen(null);
  };
  return (
    <section className="hq-rooms" aria-label={hq.rooms} onKeyDown={escape}>
      <table>
        <caption>{hq.rooms}</caption>
        <thead>
          <tr>
            <th scope="col">{hq.roomColumn}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column === 'camera2' && lastCamera > 2
                  ? hq.camerasFrom2(lastCamera)
                  : hq.columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        {rooms.map((room) => (
          <RoomRows
            key={room.code}
            room={room}
            isOpen={room.code === open}
            onToggle={() => onOpen(room.code === open ? null : room.code)}
          />
        ))}
      </table>
    </section>
  );
}

interface RoomRowsProps {
  readonly room: Room;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function RoomRows({ room, isOpen, onToggle }: RoomRowsProps) {
  const words = useHqWords();
  const { hq } = words;
  const detailsId = `${buttonId(room.code)}-details`;
  return (
    <tbody className={`hq-room hq-room-${room.verdict}`} data-testid={`room-${room.code}`}>
      <tr onClick={onToggle}>
        <th scope="row">
          <button
            type="button"
            id={buttonId(room.code)}
            aria-expanded={isOpen}
            aria-controls={detailsId}
          >
            {roomName(words, room.code)}
          </button>
          {room.workstations.length > 1 && <small>{hq.pcs(room.workstations.length)}</small>}
        </th>
        {columns.map((column) => (
          <RoomCell key={column} column={column} cell={room.cells[column]} />
        ))}
      </tr>
      {isOpen && (
        <tr id={detailsId} className="hq-details">
          <td colSpan={columns.length + 1}>
            <RoomDetails room={room} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function RoomCell({ column, cell }: { readonly column: Column; readonly cell: Cell | undefined }) {
  const words = useHqWords();
  const { nowMs } = useHqNow();
  if (!cell) {
    return (
      <td className="hq-cell hq-cell-absent">
        <span aria-hidden="true">·</span>
        <span className="hq-read">{words.hq.absent}</span>
      </td>
    );
  }
  const text = cellText(words, column, cell, nowMs ?? 0);
  const isOld = cell.carriedNewestMs !== null;
  return (
    <td
      className={`hq-cell hq-cell-${cell.verdict}${isOld ? ' is-carried' : ''}`}
      data-testid={`cell-${column}`}
      title={text}
    >
      <span>
        <Glyph verdict={cell.verdict} label={words.domain.verdicts[cell.verdict]} />
        <span className="hq-word">{text}</span>
      </span>
    </td>
  );
}

function cameraNumbers({ checks }: { readonly checks: readonly { readonly id: string }[] }) {
  return checks
    .map(({ id }) => subjectOf(id))
    .filter(({ kind }) => kind === 'camera')
    .map(({ number }) => number);
}

function buttonId(code: string): string {
  return `room-${code}`;
}
