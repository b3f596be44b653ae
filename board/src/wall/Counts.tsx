import { noVerdicts, type Verdict } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';

const shown: readonly Verdict[] = ['fail', 'unknown', 'warn', 'ok'];
const none = noVerdicts();

/** How many workstations stand how. A zero is grey: colour means trouble. */
export function Counts() {
  const { domain, count, page } = useWords();
  const counts = useLive((state) => state.overview?.workstations.byVerdict) ?? none;
  const planned = useLive((state) => state.overview?.workstations.planned ?? 0);
  const simulated = useLive((state) => state.overview?.workstations.simulated ?? 0);
  const warnings = useLive((state) => state.overview?.warnings);
  return (
    <section className="counts" aria-label={page.state}>
      {shown.map((verdict) => (
        <div
          key={verdict}
          className={`count count-${verdict} ${counts[verdict] === 0 ? 'is-zero' : ''}`}
        >
          <Glyph verdict={verdict} />
          <strong data-testid={`count-${verdict}`}>{counts[verdict]}</strong>
          <span>{domain.verdicts[verdict]}</span>
        </div>
      ))}
      <p className="total">
        {count(planned, page.workstations)}
        {simulated > 0 && ` · ${page.simulated}: ${simulated}`}
      </p>
      {warnings?.map((token) => (
        <p key={token} className="own-warning" role="status">
          <Glyph verdict="warn" /> {page.warnings[token] ?? token}
        </p>
      ))}
    </section>
  );
}
