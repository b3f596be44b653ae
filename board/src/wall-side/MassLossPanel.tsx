import { Link } from 'wouter';
import { counted, formatDuration, formatValue, incidentFault } from '@ppe-pulse/protocol/texts';
import { IncidentMarks } from '../incidents/IncidentMarks.tsx';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { ageText } from '../wall/age-text.ts';
import { capitalised, incidentGlyph } from './incident-parts.ts';
import type { MassLoss, MassLossRow } from './mass-loss.ts';
import { Owner } from './Owner.tsx';
import { useWallSideWords, type WallSideWords } from './use-wall-side-words.ts';

/** Municipalities that are listed, the rest is a number; in a flood causes below it need the place. */
const MAX_ROWS = { calm: 8, flood: 3 } as const;

/** One fault of many sites as one panel instead of as many lines. */
export function MassLossPanel({
  loss,
  isInFlood,
}: {
  readonly loss: MassLoss;
  readonly isInFlood: boolean;
}) {
  const words = useWallSideWords();
  const { side, number, incident: texts, language } = words;
  const { isBusy, failure, send } = useAction();
  const { incident } = loss;
  const title = titleOf(words, loss);
  const shown = loss.rows.slice(0, MAX_ROWS[isInFlood ? 'flood' : 'calm']);
  return (
    <article
      className={`mass-loss mass-loss-${incidentGlyph(incident)}`}
      data-testid={`incident-${incident.id}`}
      data-incident={incident.id}
    >
      <h3>
        <Glyph verdict={incidentGlyph(incident)} />
        <Link href={`/incidents/${incident.id}`} className="incident-title">
          {title}
          <span className="unseen">, {texts.severities[incident.severity]}</span>
        </Link>
      </h3>
      <div className="mass-facts">
        <Since loss={loss} />
        <Owner
          incident={incident}
          title={title}
          isBusy={isBusy}
          onTake={() => void send({ path: `/api/v1/incidents/${incident.id}/ack` })}
        />
      </div>
      <Refusal of={failure} />
      <p>
        {causeText(words, loss)}.
        {!isInFlood && (
          <span className="quiet">
            {' '}
            {side.foldedInOne(counted(incident.children, texts.reach.stations, language))}
          </span>
        )}
      </p>
      <ul className="mass-rows">
        {shown.map((row) => (
          <Row key={row.slug} row={row} />
        ))}
        {loss.rows.length > shown.length && (
          <li className="quiet">
            {side.moreMunicipalities(number(loss.rows.length - shown.length))}
          </li>
        )}
      </ul>
    </article>
  );
}

function Row({ row }: { readonly row: MassLossRow }) {
  const { side, number } = useWallSideWords();
  return (
    <li>
      <Link href={`/municipalities/${row.slug}`} title={row.label}>
        {row.label}
      </Link>
      <strong>{number(row.hit)}</strong>
      <span className="quiet">{side.outOf(number(row.total))}</span>
    </li>
  );
}

/** «с 09:40 · замолчали за 6 с · длится 1:37», and what must not be overlooked. */
function Since({ loss }: { readonly loss: MassLoss }) {
  const words = useWallSideWords();
  const { own, side, language } = words;
  const { time, nowMs, spanMs } = useListClock();
  const { incident, fellWithinMs } = loss;
  const ageMs = spanMs(Math.max(0, nowMs - incident.openedAtMs));
  const parts = [
    own.sinceTime(time(incident.openedAtMs)),
    // Within less than a second there is nothing to tell of how it spread.
    ...(fellWithinMs === null || spanMs(fellWithinMs) < 1_000
      ? []
      : [side.fellWithin(formatDuration(spanMs(fellWithinMs), language))]),
    side.lasts(ageText(words, ageMs)),
  ];
  return (
    <p className="mass-since">
      <span>{parts.join(' · ')}</span> <IncidentMarks incident={incident} />
    </p>
  );
}

function titleOf(words: WallSideWords, loss: MassLoss): string {
  const { side, count, language } = words;
  const sites = count(loss.sites, side.sites);
  const share =
    loss.share === null ? '' : ` ${side.share(formatValue(loss.share, 'ratio', language))}`;
  return loss.isSilence
    ? side.massSilence(sites + share)
    : side.massFault(capitalised(incidentFault(loss.incident, language)), sites + share);
}

/** The common cause, as far as the picture shows one. */
function causeText(words: WallSideWords, loss: MassLoss): string {
  const { side, count, incident: texts } = words;
  const { incident, hitMunicipalities, wholeMunicipalities, areNeighbours } = loss;
  if (incident.level === 'provider')
    return side.causeProvider(texts.place.quoted.replace('{name}', () => incident.provider ?? ''));
  if (incident.level === 'municipality') return side.causeMunicipality(loss.rows[0]?.label ?? '');
  const where = count(
    hitMunicipalities,
    areNeighbours ? side.hitNeighbours : side.hitMunicipalities,
  );
  const rest = wholeMunicipalities > 0 ? `, ${count(wholeMunicipalities, side.othersHeard)}` : '';
  return areNeighbours ? side.causeNeighbours(where + rest) : side.causeRegion(where + rest);
}
