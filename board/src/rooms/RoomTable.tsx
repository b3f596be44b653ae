import './rooms.css';
import type { ComponentType, ReactNode } from 'react';
import type { Verdict } from '@ppe-pulse/protocol';
import { useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { roomName } from '../ui/places.ts';
import { RoomHead } from './RoomHead.tsx';

/** A column of the table. */
export interface ShownColumn {
  readonly id: string;
  readonly name: string;
}

/** What a column says of a room: shape, colour and words. */
export interface ShownCell {
  readonly verdict: Verdict;
  readonly text: string;
  /** All of it, where the cell has room for a part; the text without it. */
  readonly title?: string;
  /** The shape says enough: its words are only read aloud. */
  readonly isSilent?: boolean;
  /** By flash drive, and not heard now. */
  readonly isCarried?: boolean;
  /** What it leads to. */
  readonly href?: string;
}

export interface ShownRoom {
  readonly code: string;
  readonly verdict: Verdict;
  /** Beside the room's name. */
  readonly note?: ReactNode;
  /** By the column's id; a column without such a device has none. */
  readonly cells: Readonly<Partial<Record<string, ShownCell>>>;
}

/** A link in the way of the page; the Штаб's own page has no other pages. */
export type LinkLike = ComponentType<{ readonly href: string; readonly children: ReactNode }>;

interface RoomTableProps {
  readonly name: string;
  readonly roomColumn: string;
  /** Read aloud for a cell without such a device. */
  readonly absent: string;
  readonly columns: readonly ShownColumn[];
  readonly rooms: readonly ShownRoom[];
  readonly linkAs?: LinkLike;
  /** Given, a room opens what its cells rest on. */
  readonly unfolding?: {
    readonly open: string | null;
    readonly onToggle: (code: string) => void;
    readonly details: (code: string) => ReactNode;
  };
}

/** Rooms down, devices across. */
export function RoomTable(props: RoomTableProps) {
  const { name, roomColumn, columns, rooms, unfolding } = props;
  return (
    <table className="rooms-table">
      <caption>{name}</caption>
      <thead>
        <tr>
          <th scope="col">{roomColumn}</th>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={`rooms-column-${column.id}`}>
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      {rooms.map((room) => (
        <tbody
          key={room.code}
          className={`rooms-row rooms-row-${room.verdict}`}
          data-testid={`room-${room.code}`}
        >
          <Row room={room} table={props} />
          {unfolding?.open === room.code && (
            <tr id={`room-${room.code}-details`} className="rooms-details">
              <td colSpan={columns.length + 1}>{unfolding.details(room.code)}</td>
            </tr>
          )}
        </tbody>
      ))}
    </table>
  );
}

function Row({ room, table }: { readonly room: ShownRoom; readonly table: RoomTableProps }) {
  const words = useWords();
  const { columns, absent, linkAs, unfolding } = table;
  const toggle = unfolding && (() => unfolding.onToggle(room.code));
  return (
    <tr {...(toggle && { onClick: toggle, className: 'rooms-unfolds' })}>
      <th scope="row">
        <RoomHead
          code={room.code}
          name={roomName(words, room.code)}
          isOpen={unfolding && unfolding.open === room.code}
        />
        {room.note !== undefined && <small>{room.note}</small>}
      </th>
      {columns.map(({ id }) => (
        <RoomCell key={id} id={id} cell={room.cells[id]} absent={absent} linkAs={linkAs} />
      ))}
    </tr>
  );
}

interface RoomCellProps {
  readonly id: string;
  readonly cell: ShownCell | undefined;
  readonly absent: string;
  readonly linkAs: LinkLike | undefined;
}

function RoomCell({ id, cell, absent, linkAs: Linked }: RoomCellProps) {
  const { domain } = useWords();
  if (!cell) {
    return (
      <td className="rooms-cell rooms-cell-absent">
        <span aria-hidden="true">·</span>
        <span className="rooms-read">{absent}</span>
      </td>
    );
  }
  const { verdict, text, title, isSilent, isCarried, href } = cell;
  const word = <span className={isSilent ? 'rooms-read' : 'rooms-word'}>{text}</span>;
  return (
    <td
      className={`rooms-cell rooms-cell-${verdict}${isCarried ? ' is-carried' : ''}`}
      data-testid={`cell-${id}`}
      title={title ?? text}
    >
      <span>
        <Glyph verdict={verdict} label={domain.verdicts[verdict]} />
        {Linked && href !== undefined ? <Linked href={href}>{word}</Linked> : word}
      </span>
    </td>
  );
}
