import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { roomName } from '../ui/places.ts';
import { cameraFactsOf, outageMsOf, worstDark, type CameraFacts } from './camera-facts.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

/** The threshold after which a room's exam may be annulled is always named. */
const ANNULS_MINUTES = 20;
const LISTED = 2;
const MINUTE_MS = 60_000;

/** Cameras of all rooms: how many stream, how long the dark ones are dark, and the way to the worst. */
export function CameraPanel() {
  const { side, number, language } = useWallSideWords();
  const cameras = useLive((state) => state.overview?.cameras);
  if (!cameras || cameras.planned === 0)
    return (
      <section className="panel camera-panel" aria-label={side.camerasTitle}>
        <h2>{side.camerasTitle}</h2>
        <p className="quiet">{side.noCameras}</p>
      </section>
    );
  const facts = cameraFactsOf(cameras);
  return (
    <section
      className={`panel camera-panel camera-panel-${facts.verdict}`}
      aria-label={side.camerasTitle}
      data-testid="cameras"
    >
      <h2>{side.camerasTitle}</h2>
      <p className="camera-count">
        <strong>{number(facts.on)}</strong>{' '}
        <span>
          {side.camerasOf(number(facts.planned))}
          {facts.share !== null && ` · ${formatValue(facts.share, 'ratio', language)}`}
        </span>
      </p>
      <Bar facts={facts} />
      <Dark facts={facts} />
      <WorstRooms />
    </section>
  );
}

/** On, off, what the plan hides, and what nobody knows; the words are in the lines around it. */
function Bar({ facts }: { readonly facts: CameraFacts }) {
  const { on, off, byRule, unknown, planned } = facts;
  const parts = [
    ['on', on],
    ['off', off],
    ['byRule', byRule],
    ['unknown', unknown],
  ] as const;
  return (
    <div className="camera-bar" aria-hidden="true">
      {parts.map(([name, count]) =>
        count > 0 ? (
          <span
            key={name}
            className={`camera-${name}`}
            style={{ width: `${(count / Math.max(planned, on + off)) * 100}%` }}
          />
        ) : null,
      )}
    </div>
  );
}

function Dark({ facts }: { readonly facts: CameraFacts }) {
  const { side, number } = useWallSideWords();
  const { off, byRule, unknown, over, verdict } = facts;
  if (off + byRule + unknown === 0 && !over) return <p className="quiet">{side.allStreams}</p>;
  return (
    <p className="camera-dark">
      {verdict !== 'ok' && <Glyph verdict={verdict} />}
      {off > 0 && <span>{side.camerasOff(number(off))}</span>}
      {unknown > 0 && <span>{side.camerasUnknown(number(unknown))}</span>}
      {byRule > 0 && (
        <span>
          <Glyph verdict="silentByRule" /> {side.camerasByRule(number(byRule))}
        </span>
      )}
      <span className={over ? `dark-over dark-over-${verdict}` : ''}>
        {side.darkOver(number(over?.minutes ?? ANNULS_MINUTES), number(over?.rooms ?? 0))}
      </span>
    </p>
  );
}

/** Rooms that are dark the longest. */
function WorstRooms() {
  const incidents = useLive((state) => state.incidents);
  const worst = useMemo(() => worstDark(incidents.values(), LISTED), [incidents]);
  if (worst.length === 0) return null;
  return (
    <ul className="camera-worst">
      {worst.map((incident) => (
        <li key={incident.id}>
          <DarkRoom incident={incident} />
        </li>
      ))}
    </ul>
  );
}

function DarkRoom({ incident }: { readonly incident: Incident }) {
  const words = useWallSideWords();
  const { id, siteCode, roomCode, node } = incident;
  const minutes = Math.floor(outageMsOf(incident) / MINUTE_MS);
  const where = [siteCode ?? node, ...(roomCode === null ? [] : [roomName(words, roomCode)])];
  return (
    <Link href={`/incidents/${id}`}>
      {where.join(', ')}
      {minutes > 0 && ` · ${words.page.minutes(minutes)}`}
    </Link>
  );
}
