import '../rehearsal/rehearsal.css';
import './ppe.css';
import { Link } from 'wouter';
import type { LiveSite, LiveWorkstation } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { SiteIncidents } from '../incidents/SiteIncidents.tsx';
import { useLive, useServerSecond } from '../live/use-live.ts';
import { MunicipalityLink } from '../municipality/MunicipalityLink.tsx';
import { Claims } from '../rehearsal/Claims.tsx';
import { ReadinessList } from '../rehearsal/ReadinessList.tsx';
import { SiteForecasts } from '../rehearsal/SiteForecasts.tsx';
import { StageTable } from '../rehearsal/StageTable.tsx';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { useMenuTexts } from '../ui/menu-texts.ts';
import { PageHead } from '../ui/PageHead.tsx';
import { Part } from '../ui/Part.tsx';
import { SiteContext } from '../ui/use-zone.ts';
import { CallLog } from './CallLog.tsx';
import { HqBlock } from './HqBlock.tsx';
import { SiteRooms } from './SiteRooms.tsx';
import { SiteTimeline } from './SiteTimeline.tsx';
import { StageStrip } from './StageStrip.tsx';
import type { SiteAnswer } from './site-answer.ts';
import { usePpeWords } from './use-ppe-words.ts';
import { ZoneNote } from './ZoneNote.tsx';

const nobody: readonly LiveWorkstation[] = [];

/** One ППЭ: its rooms and devices, its Штаб, what is wrong, what is missing, and what happened. */
export function PpePage({ code }: { readonly code: string }) {
  const site = useLive((state) => state.registry.get(code));
  const workstations = useLive((state) => state.sites.get(code)) ?? nobody;
  const answer = useAnswer(getJson<SiteAnswer>, `/api/v1/sites/${code}`, workstations);
  const isUnknown =
    site === undefined &&
    workstations.length === 0 &&
    answer?.kind === 'failed' &&
    (answer.status === 404 || answer.status === 400);
  const known = answer?.kind === 'done' ? answer.value : undefined;
  return (
    <SiteContext.Provider value={code}>
      <div className="page">
        <PageHead title={<SiteTitle code={code} site={site} />}>
          {!isUnknown && <SiteFacts site={site} answer={known} />}
        </PageHead>
        {isUnknown ? <Unknown code={code} /> : <Site code={code} site={site} answer={known} />}
        <PageFooter />
      </div>
    </SiteContext.Provider>
  );
}

function SiteTitle({ code, site }: { readonly code: string; readonly site: LiveSite | undefined }) {
  const { page } = usePpeWords();
  return (
    <span className="long-title" title={site?.name}>
      {page.siteKinds[site?.kind ?? 'ppe']} {code}
      {site !== undefined && site.name !== '' && ` · ${site.name}`}
    </span>
  );
}

function SiteFacts({
  site,
  answer,
}: {
  readonly site: LiveSite | undefined;
  readonly answer: SiteAnswer | undefined;
}) {
  const { own, domain } = usePpeWords();
  return (
    <p className="ppe-facts">
      {site && site.municipality !== '' && (
        <MunicipalityLink slug={site.municipalitySlug} name={site.municipality} />
      )}
      {answer && (
        <span>{answer.dutyPhone === null ? own.noPhone : own.phone(answer.dutyPhone)}</span>
      )}
      {answer && answer.provider !== null && <span>{own.provider(answer.provider)}</span>}
      <ZoneNote />
      {site && !site.isInvolved && <strong>{domain.verdicts.notInvolved}</strong>}
      {site && site.notYetHeard > 0 && (
        <span>{own.notYetHeard(site.notYetHeard, site.planned)}</span>
      )}
    </p>
  );
}

function Unknown({ code }: { readonly code: string }) {
  const { own } = usePpeWords();
  const menu = useMenuTexts();
  return (
    <main id="main" className="message">
      <p role="alert">{own.unknownSite(code)}</p>
      <p className="quiet">{own.unknownSiteHint}</p>
      <Link href="/registry">{menu.pages.registry}</Link>
    </main>
  );
}

interface SiteProps {
  readonly code: string;
  readonly site: LiveSite | undefined;
  readonly answer: SiteAnswer | undefined;
}

function Site({ code, site, answer }: SiteProps) {
  const nowMs = useServerSecond();
  const items = answer?.items ?? [];
  const planned = site?.isInvolved === true ? site : undefined;
  return (
    <main id="main" className="ppe">
      {site && <StageStrip site={site} />}
      <div className="ppe-left">
        <Part>
          <SiteRooms items={items} site={site} nowMs={nowMs} isKnown={answer !== undefined} />
        </Part>
        <Part>{planned && <SiteForecasts site={planned} />}</Part>
        <Part>
          <SiteTimeline code={code} />
        </Part>
        {planned && <Stages site={planned} />}
      </div>
      <div className="ppe-right">
        <Part>
          <SiteIncidents code={code} />
        </Part>
        <Part>
          <HqBlock items={items} nowMs={nowMs} />
        </Part>
        <Part>{planned && <ReadinessList site={planned} />}</Part>
        <Part>{planned && <Claims site={planned} />}</Part>
        <Part>
          <CallLog code={code} />
        </Part>
      </div>
    </main>
  );
}

/** The strip says it short; the table says all of it. */
function Stages({ site }: { readonly site: LiveSite }) {
  const { own } = usePpeWords();
  const stages = site.stages.filter(({ total }) => total > 0);
  if (stages.length === 0) return null;
  return (
    <details className="panel ppe-stages">
      <summary>{own.tracks}</summary>
      <StageTable stages={stages} />
    </details>
  );
}
