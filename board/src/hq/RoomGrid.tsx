import { useEffect } from 'react';
import type { KeyboardEvent } from 'react';
import { cellText } from '../rooms/cell-text.ts';
import { columns, subjectOf } from '../rooms/columns.ts';
import { roomButtonId } from '../rooms/RoomHead.tsx';
import { roomsOf, type Room } from '../rooms/rooms.ts';
import { RoomTable, type ShownCell, type ShownRoom } from '../rooms/RoomTable.tsx';
import { useHqWords, type HqWords } from './hq-words.ts';
import { RoomDetails } from './RoomDetails.tsx';
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
  const { nowMs } = useHqNow();
  useEffect(() => {
    if (open === null) return;
    const button = document.getElementById(roomButtonId(open));
    button?.focus({ preventScroll: true });
    button?.closest('tbody')?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  if (!frame) return null;
  const rooms = roomsOf(frame);
  const lastCamera = Math.max(2, ...frame.workstations.flatMap(cameraNumbers));
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onOpen(null);
  };
  const detailsOf = (code: string) => {
    const room = rooms.find((each) => each.code === code);
    return room && <RoomDetails room={room} />;
  };
  return (
    <section className="hq-rooms" aria-label={hq.rooms} onKeyDown={escape}>
      <RoomTable
        name={hq.rooms}
        roomColumn={hq.roomColumn}
        absent={hq.absent}
        columns={columns.map((id) => ({
          id,
          name: id === 'camera2' && lastCamera > 2 ? hq.camerasFrom2(lastCamera) : hq.columns[id],
        }))}
        rooms={rooms.map((room) => shownRoom(words, room, nowMs ?? 0))}
        unfolding={{
          open,
          onToggle: (code) => onOpen(code === open ? null : code),
          details: detailsOf,
        }}
      />
    </section>
  );
}

function shownRoom(words: HqWords, room: Room, nowMs: number): ShownRoom {
  const cells: Record<string, ShownCell> = {};
  for (const column of columns) {
    const cell = room.cells[column];
    if (!cell) continue;
    cells[column] = {
      verdict: cell.verdict,
      text: cellText(words, column, cell, nowMs),
      isCarried: cell.carriedNewestMs !== null,
    };
  }
  const { code, verdict, workstations } = room;
  const note = workstations.length > 1 ? words.hq.pcs(workstations.length) : undefined;
  return { code, verdict, cells, ...(note !== undefined && { note }) };
}

function cameraNumbers({ checks }: { readonly checks: readonly { readonly id: string }[] }) {
  return checks
    .map(({ id }) => subjectOf(id))
    .filter(({ kind }) => kind === 'camera')
    .map(({ number }) => number);
}
