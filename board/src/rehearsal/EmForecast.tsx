import { Link } from 'wouter';
import { formatValue } from '@ppe-pulse/protocol/texts';
import type { EmArrivals, Percentiles } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { MunicipalityLink } from '../municipality/MunicipalityLink.tsx';
import type { EmForecastAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useDayClock } from './use-day-clock.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** When the exam materials are at the sites: the region, and each municipality, the last one first. */
export function EmForecast() {
  const { own } = useRehearsalWords();
  const nowAt = useLive((state) => state.overview?.rehearsal?.nowAt);
  const answer = useAnswer(getJson<EmForecastAnswer>, '/api/v1/forecasts/em', nowAt);
  if (answer?.kind !== 'done' || answer.value.all.sites === 0) return null;
  const { all, municipalities } = answer.value;
  return (
    <section className="panel" aria-label={own.emForecast} data-testid="em-forecast">
      <h2>{own.emForecast}</h2>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{own.municipality}</th>
              <th scope="col">{own.emHere}</th>
              <th scope="col">{own.emFinish}</th>
              <th scope="col">{own.speed}</th>
              <th scope="col">{own.slowest}</th>
              <th scope="col">{own.late}</th>
              <th scope="col">{own.noForecast}</th>
            </tr>
          </thead>
          <tbody>
            <Row name={own.region} slug="" arrivals={all} />
            {municipalities.map((each) => (
              <Row
                key={each.municipality}
                name={each.name}
                slug={each.municipality}
                arrivals={each}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly name: string;
  /** Empty for the region. */
  readonly slug: string;
  readonly arrivals: EmArrivals;
}

function Row({ name, slug, arrivals }: RowProps) {
  const { language } = useRehearsalWords();
  const time = useDayClock();
  const { sites, done, finishMs, bytesPerSecond, slowest, late, unknown } = arrivals;
  const speed = (value: number): string => formatValue(value, 'bytesPerSecond', language);
  return (
    <tr>
      <th scope="row">
        <MunicipalityLink slug={slug} name={name} />
      </th>
      <td className="number">
        {done}/{sites}
      </td>
      <td className="number">{spreadText(finishMs, time)}</td>
      <td className="number">{spreadText(bytesPerSecond, speed)}</td>
      <td className="number">
        {slowest ? (
          <Link href={`/ppe/${slowest.siteCode}`}>
            {slowest.siteCode} · {time(slowest.finishMs)}
          </Link>
        ) : (
          '—'
        )}
      </td>
      <td className="number">{late === 0 ? '—' : late}</td>
      <td className="number">{unknown === 0 ? '—' : unknown}</td>
    </tr>
  );
}

/** `08:11 / 08:32 / 09:20`; once where all three read the same. */
export function spreadText(spread: Percentiles | null, say: (value: number) => string): string {
  if (spread === null) return '—';
  const said = [spread.p5, spread.p50, spread.p95].map(say);
  return new Set(said).size === 1 ? (said[0] ?? '—') : said.join(' / ');
}
