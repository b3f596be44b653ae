import { noVerdicts, type Verdict } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { DataAge } from '../ui/LiveFooter.tsx';
import { useWallWords } from './use-wall-words.ts';

const shown: readonly Verdict[] = ['fail', 'unknown', 'warn', 'ok'];
const none = noVerdicts();

/** How many ППЭ stand how, how many workstations below, and how old that is. A zero is grey. */
export function Counts() {
  const { domain, own, page, number } = useWallWords();
  const sites = useLive((state) => state.overview?.sites);
  const stations = useLive((state) => state.overview?.workstations);
  const counts = sites?.byVerdict ?? none;
  const stationCounts = stations?.byVerdict ?? none;
  return (
    <section className="counts" aria-label={own.summary}>
      {shown.map((verdict) => (
        <div
          key={verdict}
          className={`count count-${verdict} ${counts[verdict] === 0 ? 'is-zero' : ''}`}
        >
          <Glyph verdict={verdict} />
          <strong data-testid={`count-${verdict}`}>{number(counts[verdict])}</strong>
          <span>
            {domain.verdicts[verdict]}
            {verdict === 'ok' && sites && ` ${own.ofSites(number(sites.involved))}`}
          </span>
          <small>{own.stations(number(stationCounts[verdict]))}</small>
        </div>
      ))}
      <p className="counts-basis">
        <span>
          <DataAge />
        </span>
        {counts.silentByRule > 0 && (
          <span>
            <Glyph verdict="silentByRule" /> {own.quietSites(number(counts.silentByRule))}
          </span>
        )}
        {counts.notInvolved > 0 && (
          <span>
            <Glyph verdict="notInvolved" /> {own.leftOut(number(counts.notInvolved))}
          </span>
        )}
        {stations !== undefined && stations.simulated > 0 && (
          <span>{`${page.simulated}: ${number(stations.simulated)}`}</span>
        )}
      </p>
    </section>
  );
}
