import './rehearsal.css';
import type { LiveSite, Placement } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { ReadinessAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** What of the site's readiness is missing in the room of a workstation; without a plan nothing is asked. */
export function RoomReadiness({ siteCode, roomCode }: Placement) {
  const site = useLive((state) => state.registry.get(siteCode));
  const hasPlan = useLive((state) => state.overview?.rehearsal !== undefined);
  return site && hasPlan ? <Missing site={site} roomCode={roomCode} /> : null;
}

interface MissingProps {
  readonly site: LiveSite;
  readonly roomCode: string;
}

function Missing({ site, roomCode }: MissingProps) {
  const { own, domain, language } = useRehearsalWords();
  const path = `/api/v1/sites/${site.code}/readiness?lang=${language}`;
  const answer = useAnswer(getJson<ReadinessAnswer>, path, site);
  if (answer?.kind !== 'done' || answer.value.total === 0) return null;
  const missing = answer.value.conditions.filter(
    ({ verdict, rooms }) => verdict !== 'ok' && rooms.includes(roomCode),
  );
  return (
    <section className="panel" aria-label={own.readiness} data-testid="room-readiness">
      <h2>{own.readiness}</h2>
      {missing.length === 0 && <p className="quiet">{own.roomReady}</p>}
      <ul className="conditions">
        {missing.map(({ id, verdict, title, basis, todo }) => (
          <li key={id}>
            <Glyph verdict={verdict} label={domain.verdicts[verdict]} /> <strong>{title}</strong>
            {basis !== '' && ` · ${basis}`}
            <p className="quiet">{todo}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
