import { Link } from 'wouter';
import type { LiveSite } from '@ppe-pulse/protocol';
import { groupsOf } from '../rooms/room-facts.ts';
import type { Room } from '../rooms/rooms.ts';
import { RoomTable } from '../rooms/RoomTable.tsx';
import { roleName } from '../ui/places.ts';
import { factColumns } from './ppe-columns.ts';
import { shownRoom, siteRooms } from './site-rooms.ts';
import { stationOf, type SiteWorkstation } from './site-answer.ts';
import { usePpeWords } from './use-ppe-words.ts';

interface SiteRoomsProps {
  readonly items: readonly SiteWorkstation[];
  readonly site: LiveSite | undefined;
  readonly nowMs: number;
  /** False until the collector has answered. */
  readonly isKnown: boolean;
}

/** Rooms × devices of a ППЭ; each cell leads to the workstation that it speaks of. */
export function SiteRooms({ items, site, nowMs, isKnown }: SiteRoomsProps) {
  const words = usePpeWords();
  const { own, rooms: texts } = words;
  const rooms = siteRooms(
    items.map((each) => stationOf(each, nowMs)),
    site,
  );
  if (!isKnown) return <section className="panel" aria-busy="true" aria-label={texts.rooms} />;
  return (
    <section className="panel ppe-rooms" aria-label={texts.rooms}>
      {rooms.length === 0 && <p className="quiet">{own.noRooms}</p>}
      {rooms.length > 0 && (
        <div className="scroll">
          <RoomTable
            name={`${texts.rooms} · ${rooms.length}`}
            roomColumn={texts.roomColumn}
            absent={texts.absent}
            columns={factColumns.map((id) => ({ id, name: own.columns[id] }))}
            rooms={rooms.map((room) => ({
              ...shownRoom(words, room, nowMs),
              note: <Stations room={room} />,
            }))}
            linkAs={Link}
          />
        </div>
      )}
    </section>
  );
}

/** PCs of a room by role; of several the link leads to the worst. */
function Stations({ room }: { readonly room: Room }) {
  const words = usePpeWords();
  const { page, own } = words;
  return groupsOf(room).map(({ placement, worst, count }) => (
    <Link key={`${placement.duty} ${placement.role}`} href={`/workstations/${worst.id}`}>
      {roleName(words, placement.role)}
      {placement.duty === 'reserve' && `, ${page.reserve}`}
      {count > 1 && ` ${own.times(count)}`}
    </Link>
  ));
}
