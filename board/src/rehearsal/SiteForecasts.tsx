import { basisText, forecastTexts, formatValue, printSummaryText } from '@ppe-pulse/protocol/texts';
import type { LiveSite, Verdict } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { roughlyAgo } from '../text/ages.ts';
import { Glyph } from '../ui/Glyph.tsx';
import type { SiteForecastsAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useDayClock } from './use-day-clock.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

type Current = SiteForecastsAnswer['current'][number];

/** What is forecast of the ППЭ now: each with its range, its chance, its basis and its age. */
export function SiteForecasts({ site }: { readonly site: LiveSite }) {
  const { own, language, domain } = useRehearsalWords();
  const nowAt = useLive((state) => state.overview?.rehearsal?.nowAt);
  const path = `/api/v1/forecasts?site=${site.code}&limit=1`;
  const answer = useAnswer(getJson<SiteForecastsAnswer>, path, nowAt);
  const time = useDayClock();
  if (answer?.kind !== 'done') return null;
  const { prints, current } = answer.value;
  const hasPrints = prints !== null && prints.total > 0;
  const rooms = current.filter(({ roomCode }) => roomCode !== null);
  const ofSite = current.filter(({ roomCode }) => roomCode === null);
  if (!hasPrints && current.length === 0) return null;
  const last = rooms.find(({ roomCode }) => roomCode === prints?.lastRoomCode);
  const told = { timeOf: time, nowMs: Date.parse(nowAt ?? '') };
  return (
    <section className="panel" aria-label={own.forecastNow} data-testid="site-forecasts">
      <h2>{own.forecastNow}</h2>
      <ul className="conditions">
        {hasPrints && (
          <li data-testid="prints">
            <Glyph verdict={prints.verdict} label={domain.verdicts[prints.verdict]} />{' '}
            <strong>{printSummaryText(prints, language, time)}</strong>
            {last && <Basis forecast={last} told={told} />}
          </li>
        )}
        {ofSite.map((forecast) => (
          <OfSite key={forecast.kind} forecast={forecast} told={told} />
        ))}
      </ul>
      {rooms.length > 0 && (
        <details>
          <summary>{own.rooms}</summary>
          <ul className="conditions">
            {rooms.map((forecast) => (
              <OfSite key={forecast.roomCode} forecast={forecast} told={told} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface Told {
  readonly timeOf: (ms: number) => string;
  /** The rehearsal's clock. */
  readonly nowMs: number;
}

function OfSite({ forecast, told }: { readonly forecast: Current; readonly told: Told }) {
  const { own, language } = useRehearsalWords();
  const { kind, roomCode, low, mid, high, limit, chance } = forecast;
  const isLoad = kind === 'uplinkLoad';
  const say = (value: number): string =>
    isLoad ? formatValue(value, 'ratio', language) : told.timeOf(value);
  const holds = isLoad ? own.holdsWithin : own.holdsUntil;
  return (
    <li data-testid={`forecast-${kind}`}>
      <Glyph verdict={verdictOf(chance)} />{' '}
      <strong>
        {forecastTexts(language).kinds[kind]}
        {roomCode !== null && ` ${roomCode}`}
      </strong>
      {`: ${own.range(say(low), say(high), say(mid))}`}
      {limit !== null &&
        chance !== null &&
        ` · ${holds(say(limit), `${Math.round(chance * 100)} %`)}`}
      <Basis forecast={forecast} told={told} />
    </li>
  );
}

function Basis({ forecast, told }: { readonly forecast: Current; readonly told: Told }) {
  const words = useRehearsalWords();
  const ageMs = Math.max(0, told.nowMs - Date.parse(forecast.madeAt));
  const basis = basisText(forecast.basis, words.language, told.timeOf);
  return <p className="quiet">{words.own.basedOn(basis, roughlyAgo(words, ageMs))}</p>;
}

/** A range that is held to 90 % is calm; one that rather fails than holds is not. */
function verdictOf(chance: number | null): Verdict {
  if (chance === null || chance >= 0.9) return 'ok';
  return chance >= 0.5 ? 'warn' : 'fail';
}
