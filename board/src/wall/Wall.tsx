import { lazy, useState } from 'react';
import { verdictWeight, type Verdict } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { Part } from '../ui/Part.tsx';
import { Counts } from './Counts.tsx';
import { Header } from './Header.tsx';
import { siteVerdict } from './order.ts';
import { SiteTile } from './SiteTile.tsx';
import { useSiteOrder } from './use-site-order.ts';

const legend: readonly Verdict[] = ['fail', 'unknown', 'warn', 'ok', 'silentByRule', 'notInvolved'];

const RehearsalStrip = lazy(async () => ({
  default: (await import('../rehearsal/RehearsalStrip.tsx')).RehearsalStrip,
}));

const IncidentPanel = lazy(async () => ({
  default: (await import('../incidents/IncidentPanel.tsx')).IncidentPanel,
}));

/** The wall: counts, every ППЭ as a tile, incidents. */
export function Wall() {
  const { page, domain } = useWords();
  const sites = useLive((state) => state.sites);
  const registry = useLive((state) => state.registry);
  const isReady = useLive((state) => state.seq >= 0);
  const hasRehearsal = useLive((state) => state.overview?.rehearsal !== undefined);
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [isPinned, setIsPinned] = useState(false);
  const order = useSiteOrder({ sites, registry }, isPinned);
  const isTrouble = (code: string): boolean =>
    verdictWeight(siteVerdict(sites.get(code) ?? [], registry.get(code))) > verdictWeight('ok');
  const shown = onlyProblems ? order.filter(isTrouble) : order;
  const isCalm = isReady && sites.size > 0 && !order.some(isTrouble);
  return (
    <div className="wall">
      <Header />
      <Counts />
      {hasRehearsal && (
        <Part>
          <RehearsalStrip />
        </Part>
      )}
      <main className="wall-main">
        <section className="grid-area" aria-label={page.board}>
          {!isReady && <p className="message">{page.waiting}</p>}
          {isReady && sites.size === 0 && <Nobody />}
          {isCalm && <Calm />}
          <div className="grid">
            {shown.map((code) => (
              <SiteTile key={code} code={code} />
            ))}
          </div>
        </section>
        <Part fallback={<section className="panel" aria-busy="true" />}>
          <IncidentPanel />
        </Part>
      </main>
      <LiveFooter>
        <label>
          <input
            type="checkbox"
            checked={onlyProblems}
            onChange={() => setOnlyProblems(!onlyProblems)}
          />
          {page.onlyProblems}
        </label>
        <label>
          <input type="checkbox" checked={isPinned} onChange={() => setIsPinned(!isPinned)} />
          {page.pinOrder}
        </label>
        <ul className="legend" aria-label={page.legend}>
          {legend.map((verdict) => (
            <li key={verdict}>
              <Glyph verdict={verdict} /> {domain.verdicts[verdict]}
            </li>
          ))}
        </ul>
      </LiveFooter>
    </div>
  );
}

function Nobody() {
  const { page } = useWords();
  return (
    <div className="message">
      <p>{page.nobody}</p>
      <p className="quiet">{page.nobodyHint}</p>
    </div>
  );
}

function Calm() {
  const { page, count } = useWords();
  const ok = useLive((state) => state.overview?.workstations.byVerdict.ok ?? 0);
  return (
    <div className="calm" role="status">
      <Glyph verdict="ok" />
      <p>
        <strong>{page.calm}</strong>
        <span>{page.calmHint(count(ok, page.workstations))}</span>
      </p>
    </div>
  );
}
