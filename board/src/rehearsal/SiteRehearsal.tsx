import './rehearsal.css';
import type { LiveSite } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { Claims } from './Claims.tsx';
import { ReadinessList } from './ReadinessList.tsx';
import { SiteForecasts } from './SiteForecasts.tsx';
import { StageTable } from './StageTable.tsx';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** A ППЭ's part of the rehearsal: name, readiness, stages, claims. Nothing without a registry. */
export function SiteRehearsal({ code }: { readonly code: string }) {
  const site = useLive((state) => state.registry.get(code));
  return site ? <Known site={site} /> : null;
}

function Known({ site }: { readonly site: LiveSite }) {
  const { own, domain, page } = useRehearsalWords();
  return (
    <>
      <p className="site-name">
        {site.name} · {site.municipality}
        {!site.isInvolved && ` · ${domain.verdicts.notInvolved}`}
        {site.notYetHeard > 0 && ` · ${page.notYetHeard(site.notYetHeard, site.planned)}`}
      </p>
      {site.isInvolved && (
        <div className="site-rehearsal">
          <ReadinessList site={site} />
          <SiteForecasts site={site} />
          {site.stages.length > 0 && (
            <section className="panel" aria-label={own.stages}>
              <h2>{own.stages}</h2>
              <StageTable
                stages={site.stages.filter(({ total }) => total > 0)}
                timeZone={site.timeZone}
              />
            </section>
          )}
          <Claims site={site} />
        </div>
      )}
    </>
  );
}
