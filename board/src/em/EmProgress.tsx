import { Link } from 'wouter';
import { emReasonText, formatValue } from '@ppe-pulse/protocol/texts';
import type { EmSiteState } from '@ppe-pulse/protocol';
import type { EmSiteAnswer, EmStandingAnswer } from './em-shapes.ts';
import { useEmWords } from './use-em-words.ts';

/** Who moves, and who is in trouble, stands above who is done. */
const order: Readonly<Record<EmSiteState, number>> = {
  failed: 0,
  refused: 1,
  paused: 2,
  running: 3,
  planned: 4,
  waiting: 5,
  stopped: 6,
  done: 7,
};

/** How far each site is. */
export function EmProgress({ standing }: { readonly standing: EmStandingAnswer }) {
  const { own } = useEmWords();
  const sites = [...standing.sites].sort(
    (a, b) => order[a.state] - order[b.state] || (a.siteCode < b.siteCode ? -1 : 1),
  );
  return (
    <details open className="em-sites">
      <summary>{own.progress}</summary>
      <div className="scroll em-list">
        <table data-testid="em-sites">
          <thead>
            <tr>
              <th scope="col">{own.site}</th>
              <th scope="col">{own.received}</th>
              <th scope="col">{own.state}</th>
              <th scope="col">{own.took}</th>
              <th scope="col">{own.retries}</th>
            </tr>
          </thead>
          <tbody>
            {sites.map((site) => (
              <Row key={site.siteCode} site={site} bytes={standing.bytes} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ site, bytes }: { readonly site: EmSiteAnswer; readonly bytes: number }) {
  const { em, language } = useEmWords();
  const { siteCode, state, reason, receivedBytes, tookMs, retries } = site;
  const isSaid = reason !== '' && reason !== 'ok' && reason !== state;
  return (
    <tr className={state === 'failed' || state === 'refused' ? 'em-failed' : undefined}>
      <th scope="row">
        <Link href={`/ppe/${siteCode}`}>{siteCode}</Link>
      </th>
      <td className="number">
        <progress max={bytes} value={receivedBytes} />{' '}
        {formatValue(receivedBytes, 'bytes', language)}
      </td>
      <td>
        {em.siteStates[state]}
        {isSaid && ` · ${emReasonText(reason, language)}`}
      </td>
      <td className="number">{tookMs === 0 ? '—' : formatValue(tookMs, 'ms', language)}</td>
      <td className="number">{retries === 0 ? '—' : retries}</td>
    </tr>
  );
}
