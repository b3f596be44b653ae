import { forecastTexts, formatDuration, formatValue } from '@ppe-pulse/protocol/texts';
import type { ForecastKind } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from './use-answer.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** `summary` of `GET /api/v1/forecasts`. */
interface ForecastsAnswer {
  readonly summary: readonly {
    readonly kind: ForecastKind;
    readonly horizon: string | null;
    readonly unit: 'ms' | 'ratio';
    readonly count: number;
    readonly shareInRange: number;
    readonly medianAbsError: number;
    readonly bias: number;
  }[];
}

/** How good the forecasts were that have come to an end. Nothing before the first has. */
export function ForecastTable() {
  const { own, language } = useRehearsalWords();
  const at = useLive((state) => state.overview?.at);
  const answer = useAnswer(getJson<ForecastsAnswer>, '/api/v1/forecasts?limit=1', at);
  const scores =
    answer?.kind === 'done' ? answer.value.summary.filter(({ horizon }) => horizon === null) : [];
  if (scores.length === 0) return null;
  const { kinds } = forecastTexts(language);
  const size = (value: number, unit: 'ms' | 'ratio'): string =>
    unit === 'ratio' ? formatValue(value, 'ratio', language) : formatDuration(value, language);
  return (
    <section className="panel" aria-label={own.forecasts} data-testid="forecasts">
      <h2>{own.forecasts}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col" aria-label={own.forecasts} />
            <th scope="col">{own.forecastCount}</th>
            <th scope="col">{own.inRange}</th>
            <th scope="col">{own.medianError}</th>
            <th scope="col">{own.bias}</th>
          </tr>
        </thead>
        <tbody>
          {scores.map(({ kind, unit, count, shareInRange, medianAbsError, bias }) => (
            <tr key={kind}>
              <th scope="row">{kinds[kind]}</th>
              <td className="number">{count}</td>
              <td className="number">{formatValue(shareInRange, 'ratio', language)}</td>
              <td className="number">{size(medianAbsError, unit)}</td>
              <td className="number">{`${bias < 0 ? '−' : '+'}${size(Math.abs(bias), unit)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
