import '../rehearsal/rehearsal.css';
import './municipality.css';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { Incident, LiveStage, Verdict } from '@ppe-pulse/protocol';
import { IncidentLine } from '../incidents/IncidentLine.tsx';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { worstIncidentsFirst } from '../incidents/order.ts';
import { useLive } from '../live/use-live.ts';
import { StageTable } from '../rehearsal/StageTable.tsx';
import { Glyph } from '../ui/Glyph.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { useMenuTexts } from '../ui/menu-texts.ts';
import { PageHead } from '../ui/PageHead.tsx';
import { SiteContext } from '../ui/use-zone.ts';
import { countsOf, incidentsOf, rowsOf, stagesOf } from './municipality-model.ts';
import { ZoneNote } from '../ppe/ZoneNote.tsx';
import { useMunicipalityWords } from './municipality-texts.ts';
import { SiteTable } from './SiteTable.tsx';

/** A municipality: its ППЭ, stages and incidents. */
export function MunicipalityPage({ slug: address }: { readonly slug: string }) {
  const slug = decoded(address);
  const registry = useLive((state) => state.registry);
  const sites = useLive((state) => state.sites);
  const incidents = useLive((state) => state.incidents);
  const municipality = useLive((state) => state.municipalities.find((each) => each.slug === slug));
  const isThere = useLive((state) => state.seq >= 0);
  const rows = useMemo(
    () => rowsOf(slug, { registry, sites, incidents }),
    [slug, registry, sites, incidents],
  );
  const own = useMemo(
    () => worstIncidentsFirst(incidentsOf(slug, rows, incidents.values())),
    [slug, rows, incidents],
  );
  const name = municipality?.name ?? rows[0]?.site.municipality;
  if (isThere && name === undefined) return <Unknown slug={slug} />;
  return (
    <SiteContext.Provider value={rows[0]?.site.code ?? ''}>
      <div className="page">
        <PageHead
          title={
            <span className="long-title">
              {name}
              {municipality && municipality.kind !== '' && ` ${municipality.kind}`}
            </span>
          }
        >
          <Counts counts={countsOf(rows)} />
          <ZoneNote />
        </PageHead>
        <main id="main" className="municipality">
          <SiteTable slug={slug} rows={rows} />
          <div className="municipality-side">
            <Incidents incidents={own} />
            <Stages stages={stagesOf(rows)} />
          </div>
        </main>
        <PageFooter />
      </div>
    </SiteContext.Provider>
  );
}

/** A broken escape in the address names nothing, and breaks nothing. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

const shown: readonly Verdict[] = ['fail', 'unknown', 'warn', 'ok', 'silentByRule', 'notInvolved'];

function Counts({ counts }: { readonly counts: ReadonlyMap<Verdict, number> }) {
  const { own, domain, number } = useMunicipalityWords();
  return (
    <ul className="municipality-counts" aria-label={own.counts} data-testid="counts">
      {shown
        .filter((verdict) => counts.has(verdict))
        .map((verdict) => (
          <li key={verdict}>
            <Glyph verdict={verdict} /> <strong>{number(counts.get(verdict) ?? 0)}</strong>{' '}
            {domain.verdicts[verdict]}
          </li>
        ))}
    </ul>
  );
}

function Incidents({ incidents }: { readonly incidents: readonly Incident[] }) {
  const { own } = useMunicipalityWords();
  return (
    <section className="panel incident-panel" aria-label={own.openIncidents}>
      <h2>{own.openIncidents}</h2>
      {incidents.length === 0 && <p className="quiet">{own.noIncidents}</p>}
      <IncidentTime>
        <ol data-testid="municipality-incidents">
          {incidents.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} />
          ))}
        </ol>
      </IncidentTime>
    </section>
  );
}

function Stages({ stages }: { readonly stages: readonly LiveStage[] }) {
  const { own } = useMunicipalityWords();
  if (stages.length === 0) return null;
  return (
    <section className="panel" aria-label={own.stages}>
      <h2>{own.stages}</h2>
      <StageTable stages={stages} />
    </section>
  );
}

function Unknown({ slug }: { readonly slug: string }) {
  const { own } = useMunicipalityWords();
  const { pages } = useMenuTexts();
  return (
    <div className="page">
      <PageHead title={pages.registry} />
      <main id="main" className="message">
        <p role="alert">{own.unknown(slug)}</p>
        <p className="quiet">{own.unknownHint}</p>
        <Link href="/registry">{pages.registry}</Link>
      </main>
      <PageFooter />
    </div>
  );
}
