import { Link } from 'wouter';
import { emReasonText, formatValue } from '@ppe-pulse/protocol/texts';
import type { EmResultRow } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { spreadText } from '../rehearsal/EmForecast.tsx';
import { useRehearsalWords } from '../rehearsal/use-rehearsal-words.ts';
import type { EmStandingAnswer } from './em-shapes.ts';
import { useEmWords } from './use-em-words.ts';

/** What came of it so far: by municipality, the slowest sites, and why others failed. */
export function EmResultTables({ standing }: { readonly standing: EmStandingAnswer }) {
  const { own, count, language } = useEmWords();
  const { region, municipalities, slowest, failures } = standing.results;
  const nameOf = useMunicipalityNames(standing);
  const speed = (value: number): string => formatValue(value, 'bytesPerSecond', language);
  if (region.done + region.failed === 0) return null;
  return (
    <>
      <h3>{own.results}</h3>
      <Results rows={[region, ...municipalities]} nameOf={nameOf} />
      <div className="em-columns">
        {slowest.length > 0 && (
          <div data-testid="em-slowest">
            <h3>{own.slowest}</h3>
            <ol>
              {slowest.map((each) => (
                <li key={each.siteCode}>
                  <Link href={`/ppe/${each.siteCode}`}>{each.siteCode}</Link> ·{' '}
                  {speed(each.bytesPerSecond)} · {formatValue(each.tookMs, 'ms', language)}
                </li>
              ))}
            </ol>
          </div>
        )}
        {failures.length > 0 && (
          <div data-testid="em-failures">
            <h3>{own.failures}</h3>
            <ul>
              {failures.map(({ reason, sites }) => (
                <li key={reason}>
                  {emReasonText(reason, language)}: {count(sites, own.sites)}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </>
  );
}

function Results({
  rows,
  nameOf,
}: {
  readonly rows: readonly EmResultRow[];
  readonly nameOf: (slug: string | null) => string;
}) {
  const { own, language } = useEmWords();
  const { own: rehearsal } = useRehearsalWords();
  const speed = (value: number): string => formatValue(value, 'bytesPerSecond', language);
  const time = (value: number): string => formatValue(value, 'ms', language);
  return (
    <div className="scroll">
      <table data-testid="em-results">
        <thead>
          <tr>
            <th scope="col">{rehearsal.municipality}</th>
            <th scope="col">{own.done}</th>
            <th scope="col">{own.notDone}</th>
            <th scope="col">{rehearsal.speed}</th>
            <th scope="col">{own.tookSpread}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.municipality ?? '*'}>
              <th scope="row">{nameOf(row.municipality)}</th>
              <td className="number">
                {row.done}/{row.total}
              </td>
              <td className="number">{row.failed === 0 ? '—' : row.failed}</td>
              <td className="number">{spreadText(row.bytesPerSecond, speed)}</td>
              <td className="number">{spreadText(row.tookMs, time)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Names by slug, from the registry that the live picture brings. */
function useMunicipalityNames(standing: EmStandingAnswer): (slug: string | null) => string {
  const { own } = useEmWords();
  const { own: rehearsal } = useRehearsalWords();
  const registry = useLive((state) => state.registry);
  return (slug) => {
    if (slug === null) return rehearsal.region;
    if (slug === '') return own.noMunicipality;
    const of = standing.sites.find((site) => site.municipality === slug);
    return (of && registry.get(of.siteCode)?.municipality) ?? slug;
  };
}
