import { lazy, useState } from 'react';
import { Link } from 'wouter';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { useServerSecond } from '../live/use-live.ts';
import { ZoneNote } from '../ppe/ZoneNote.tsx';
import { reasonText, useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { useMenuTexts } from '../ui/menu-texts.ts';
import { PageHead } from '../ui/PageHead.tsx';
import { placeName } from '../ui/places.ts';
import { Part } from '../ui/Part.tsx';
import { SiteContext } from '../ui/use-zone.ts';
import { Carried } from './Carried.tsx';
import { Checks } from './Checks.tsx';
import { metricsOfPc } from './device-groups.ts';
import { Devices, Measurement } from './Devices.tsx';
import { History } from './History.tsx';
import { useWorkstation } from './use-workstation.ts';
import { useWorkstationWords } from './use-workstation-words.ts';
import type { RangeName } from './workstation-texts.ts';

/** Only a rehearsal has a plan. */
const HeldPlan = lazy(async () => ({
  default: (await import('../rehearsal/HeldPlan.tsx')).HeldPlan,
}));

const RoomReadiness = lazy(async () => ({
  default: (await import('../rehearsal/RoomReadiness.tsx')).RoomReadiness,
}));
const StationIncidents = lazy(async () => ({
  default: (await import('./StationIncidents.tsx')).StationIncidents,
}));

/** One workstation: what it is judged by, its numbers now and their history. */
export function WorkstationPage({ id }: { readonly id: string }) {
  const { pages } = useMenuTexts();
  const answer = useWorkstation(id);
  const [range, setRange] = useState<RangeName>('15m');
  const nowMs = useServerSecond();
  const workstation = answer?.kind === 'done' ? answer.value : undefined;
  const isUnknown = answer?.kind === 'failed' && answer.status === 404;
  return (
    <SiteContext.Provider value={workstation?.siteCode ?? ''}>
      <div className="page">
        <PageHead title={<Title workstation={workstation} isUnknown={isUnknown} />}>
          {workstation && <Standing workstation={workstation} />}
        </PageHead>
        {isUnknown && (
          <main id="main" className="message">
            <Link href="/agents">{pages.agents}</Link>
          </main>
        )}
        {workstation && (
          <main id="main" className="workstation">
            <Part>
              <StationIncidents id={id} placement={workstation} />
            </Part>
            <Carried workstation={workstation} nowMs={nowMs} />
            <Devices workstation={workstation} range={range} nowMs={nowMs} />
            <Checks workstation={workstation} nowMs={nowMs} />
            <div className="workstation-side">
              <Measurements workstation={workstation} nowMs={nowMs} />
              <Part>
                <RoomReadiness {...workstation} />
              </Part>
            </div>
            <History id={id} range={range} onRange={setRange} />
          </main>
        )}
        <PageFooter />
      </div>
    </SiteContext.Provider>
  );
}

interface TitleProps {
  readonly workstation: WorkstationAnswer | undefined;
  readonly isUnknown: boolean;
}

function Title({ workstation, isUnknown }: TitleProps) {
  const words = useWorkstationWords();
  const { own, page } = words;
  if (!workstation) return isUnknown ? own.unknownWorkstation : page.workstation;
  return (
    <>
      <Link href={`/ppe/${workstation.siteCode}`} className="back">
        {page.ppe} {workstation.siteCode}
      </Link>
      {` · ${placeName(words, workstation)}`}
    </>
  );
}

function Standing({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const words = useWords();
  const { domain } = words;
  const { verdict, reason } = workstation;
  return (
    <p className={`standing standing-${verdict}`} data-testid="standing">
      <Glyph verdict={verdict} /> {domain.verdicts[verdict]}
      {reason !== 'ok' && ` · ${reasonText(words, reason)}`} <ZoneNote />
    </p>
  );
}

function Measurements({
  workstation,
  nowMs,
}: {
  readonly workstation: WorkstationAnswer;
  readonly nowMs: number;
}) {
  const { own, page } = useWorkstationWords();
  const facts: [string, string][] = [
    [page.agent, `${workstation.agentVersion ?? page.never} · ${workstation.id}`],
    [
      own.computer,
      Object.values(workstation.inventory ?? {})
        .filter((each) => typeof each === 'string')
        .join(' · '),
    ],
    [own.journal, String(workstation.journalLag)],
  ];
  return (
    <section className="panel" aria-label={own.measurements}>
      <h2>{own.measurements}</h2>
      <dl className="measurements">
        {metricsOfPc(workstation).map((id) => (
          <Measurement key={id} id={id} workstation={workstation} nowMs={nowMs} />
        ))}
        {facts.map(([name, text]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        {workstation.planVersion !== null && (
          <Part>
            <HeldPlan workstation={workstation} />
          </Part>
        )}
      </dl>
    </section>
  );
}
