import { useState } from 'react';
import { Link } from 'wouter';
import { HQ_ROOM_CODE, type Municipality, type Room, type Site } from '@ppe-pulse/protocol';
import { useMay } from '../session/use-session.ts';
import { SiteForm } from './SiteForm.tsx';
import { useRegistryWords, type RegistryWords } from './use-registry-words.ts';

interface SiteDetailsProps {
  readonly site: Site;
  /** Of the registry that the site was read from. */
  readonly version: number;
  readonly municipalities: readonly Municipality[];
  readonly onChanged: () => void;
}

/** All that the registry says of one site; its form in its place while it is edited. */
export function SiteDetails({ site, version, municipalities, onChanged }: SiteDetailsProps) {
  const words = useRegistryWords();
  const { own } = words;
  const maySetUp = useMay('setUp');
  const [isEdited, setIsEdited] = useState(false);
  const [said, setSaid] = useState('');
  if (isEdited)
    return (
      <SiteForm
        site={site}
        version={version}
        municipalities={municipalities}
        onEnd={(text) => {
          setIsEdited(false);
          setSaid(text);
          if (text !== '') onChanged();
        }}
        onMoved={onChanged}
      />
    );
  return (
    <div className="site-details" data-testid="site-details">
      {said !== '' && (
        <p role="status" className="said">
          {said}
        </p>
      )}
      <p>
        <b>{site.name}</b>
        {site.address !== '' && <span> · {site.address}</span>}
        {site.timeZone !== null && <span> · {site.timeZone}</span>}
        {site.isRemote && <span className="mark">{own.fields.isRemote}</span>}
      </p>
      <RoomTable site={site} />
      <div className="fields">
        {maySetUp && (
          <button type="button" onClick={() => setIsEdited(true)}>
            {own.edit}
          </button>
        )}
        <Link href={`/ppe/${site.code}`}>{own.toSite}</Link>
      </div>
    </div>
  );
}

function RoomTable({ site }: { readonly site: Site }) {
  const words = useRegistryWords();
  const { own } = words;
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{own.room}</th>
            <th scope="col">{own.purposesTitle}</th>
            <th scope="col">{own.seats}</th>
            <th scope="col">{own.cameras}</th>
            <th scope="col">{own.workstations}</th>
          </tr>
        </thead>
        <tbody>
          {site.rooms.map((room) => (
            <tr key={room.code}>
              <th scope="row">
                {room.code === HQ_ROOM_CODE ? `${own.hq} (${room.code})` : room.code}
              </th>
              <td>{room.purposes.map((each) => own.purposes[each]).join(', ')}</td>
              <td className="number">{room.seats ?? own.none}</td>
              <td className="number">{room.cameras}</td>
              <td>{workstationsText(words, room)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `станция организатора, станция печати (резервная) ×2`. */
function workstationsText({ own, domain }: RegistryWords, { workstations }: Room): string {
  const counts = new Map<string, number>();
  for (const { role, duty, origin } of workstations) {
    const marks = [
      ...(duty === 'reserve' ? [own.duties.reserve] : []),
      ...(origin === 'adopted' ? [own.isAdopted] : []),
    ];
    const name = domain.roles[role] + (marks.length > 0 ? ` (${marks.join(', ')})` : '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
  return names.length === 0 ? own.none : names.join(', ');
}
