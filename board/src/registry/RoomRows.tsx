import { roomPurposes } from '@ppe-pulse/protocol';
import { RowInput } from './RowInput.tsx';
import { nextId, type RoomDraft } from './site-draft.ts';
import type { Mistakes } from './use-site-edit.ts';
import { useRegistryWords } from './use-registry-words.ts';

interface RoomRowsProps {
  readonly rooms: readonly RoomDraft[];
  readonly mistakes: Mistakes;
  readonly onChange: (rooms: readonly RoomDraft[]) => void;
}

const numbers = ['seats', 'cameras'] as const;

/** The rooms of a site: code, what for, seats, cameras. */
export function RoomRows({ rooms, mistakes, onChange }: RoomRowsProps) {
  const { own } = useRegistryWords();
  const change = (id: number, part: Partial<RoomDraft>): void =>
    onChange(rooms.map((room) => (room.id === id ? { ...room, ...part } : room)));
  const add = (): void =>
    onChange([
      ...rooms,
      { id: nextId(rooms), roomCode: '', purposes: ['written'], seats: '', cameras: '2' },
    ]);
  return (
    <div className="scroll">
      <table className="row-table" data-testid="room-rows">
        <caption>{own.rooms}</caption>
        <thead>
          <tr>
            <th scope="col">{own.room}</th>
            <th scope="col">{own.purposesTitle}</th>
            <th scope="col">{own.seats}</th>
            <th scope="col">{own.cameras}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rooms.map((room, at) => (
            <tr key={room.id}>
              <td>
                <RowInput
                  label={`${own.room} ${at + 1}`}
                  value={room.roomCode}
                  place={{ table: 'rooms', row: at + 1, field: 'roomCode' }}
                  mistakes={mistakes}
                  onChange={(roomCode) => change(room.id, { roomCode })}
                />
              </td>
              <td>
                <Purposes room={room} onChange={(purposes) => change(room.id, { purposes })} />
              </td>
              {numbers.map((field) => (
                <td key={field}>
                  <RowInput
                    label={`${own[field]}, ${room.roomCode}`}
                    value={room[field]}
                    place={{ table: 'rooms', row: at + 1, field }}
                    mistakes={mistakes}
                    onChange={(value) => change(room.id, { [field]: value })}
                  />
                </td>
              ))}
              <td>
                <button
                  type="button"
                  aria-label={`${own.remove}: ${room.roomCode}`}
                  onClick={() => onChange(rooms.filter(({ id }) => id !== room.id))}
                >
                  ✕
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" onClick={add}>
        {own.addRoom}
      </button>
    </div>
  );
}

interface PurposesProps {
  readonly room: RoomDraft;
  readonly onChange: (purposes: RoomDraft['purposes']) => void;
}

function Purposes({ room, onChange }: PurposesProps) {
  const { own } = useRegistryWords();
  const { purposes, roomCode } = room;
  return (
    <span className="purposes" role="group" aria-label={`${own.purposesTitle}, ${roomCode}`}>
      {roomPurposes.map((purpose) => (
        <label key={purpose}>
          <input
            type="checkbox"
            checked={purposes.includes(purpose)}
            onChange={({ target }) =>
              onChange(
                target.checked
                  ? [...purposes, purpose]
                  : purposes.filter((each) => each !== purpose),
              )
            }
          />
          {own.purposes[purpose]}
        </label>
      ))}
    </span>
  );
}
