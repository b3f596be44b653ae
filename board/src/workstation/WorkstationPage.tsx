import { lazy, useState } from 'react';
import { Link } from 'wouter';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { placeName } from '../ui/places.ts';
import type { RangeName } from '../text/page-texts.ts';
import { Part } from '../ui/Part.tsx';
import { Carried } from './Carried.tsx';
import { Checks } from './Checks.tsx';
import { metricsOfPc } from './device-groups.ts';
import { Devices, Measurement } from './Devices.tsx';
import { History } from './History.tsx';
import { useWorkstation } from './use-workstation.ts';

/** Only a rehearsal has a plan. */
const HeldPlan = lazy(async () => ({
  default: (await import('../rehearsal/HeldPlan.tsx')).HeldPlan,
}));

/** One workstation: what it is judged by, its numbers now and their history. */
export function WorkstationPage({ id }: { readonly id: string }) {
  const words = useWords();
  const { page } = words;
  const answer = useWorkstation(id);
  const [range, setRange] = useState<RangeName>('15m');
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const nowMs = serverTimeMs + frameAgeMs;
  const workstation = answer?.kind === 'done' ? answer.value : undefined;
  const isUnknown = answer?.kind === 'failed' && answer.status === 404;
  return (
    <div className="page">
      <header className="page-head">
        <Link href="/" className="back">
          {page.back}
        </Link>
        {workstation && <Title workstation={workstation} />}
        {isUnknown && <h1>{page.unknownWorkstation}</h1>}
      </header>
      {workstation && (
        <main className="workstation">
          <Carried workstation={workstation} nowMs={nowMs} />
          <Devices workstation={workstation} range={range} nowMs={nowMs} />
          <Checks workstation={workstation} nowMs={nowMs} />
          <Measurements workstation={workstation} nowMs={nowMs} />
          <History id={id} range={range} onRange={setRange} />
        </main>
      )}
      <LiveFooter />
    </div>
  );
}

function Title({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const words = useWords();
  const { page, domain } = words;
  return (
    <>
      <h1>
        <Link href={`/ppe/${workstation.siteCode}`}>
          {page.ppe} {workstation.siteCode}
        </Link>
        {` · ${placeName(words, workstation)}`}
      </h1>
      <p className={`standing standing-${workstation.verdict}`} data-testid="standing">
        <Glyph verdict={workstation.verdict} /> {domain.verdicts[workstation.verdict]}
        {workstation.reason !== 'ok' && ` · ${reasonText(words, workstation.reason)}`}
      </p>
    </>
  );
}

function Measurements({
  workstation,
  nowMs,
}: {
  readonly workstation: WorkstationAnswer;
  readonly nowMs: number;
}) {
  const { page } = useWords();
  const facts: [string, string][] = [
    [page.agent, `${workstation.agentVersion ?? page.never} · ${workstation.id}`],
    [
      page.computer,
      Object.values(workstation.inventory ?? {})
        .filter((each) => typeof each === 'string')
        .join(' · '),
    ],
    [page.journal, String(workstation.journalLag)],
  ];
  return (
    <section className="panel" aria-label={page.measurements}>
      <h2>{page.measurements}</h2>
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
