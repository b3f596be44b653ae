import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import { metrics, metricOf } from '@ppe-pulse/protocol';
import { formatDuration, formatValue, nameOf } from '@ppe-pulse/protocol/texts';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { placeName } from '../ui/places.ts';
import { Checks } from './Checks.tsx';
import { useWorkstation } from './use-workstation.ts';

const History = lazy(async () => ({ default: (await import('./History.tsx')).History }));

/** One workstation: what it is judged by, its numbers now and their history. */
export function WorkstationPage({ id }: { readonly id: string }) {
  const words = useWords();
  const { page } = words;
  const answer = useWorkstation(id);
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
          <Checks workstation={workstation} />
          <Measurements workstation={workstation} />
          <Suspense fallback={<section className="panel history" aria-busy="true" />}>
            <History id={id} />
          </Suspense>
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

function Measurements({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const { page, domain, language } = useWords();
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const nowMs = serverTimeMs + frameAgeMs;
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
        {metrics.flatMap(({ id }) => {
          const value = workstation.metrics[id];
          const unit = metricOf(id)?.unit;
          if (value === undefined || unit === undefined) return [];
          const ageMs = nowMs - Date.parse(workstation.measuredAt[id] ?? '');
          return [
            <div key={id}>
              <dt>{nameOf(domain.metrics, id)}</dt>
              <dd data-testid={`metric-${id}`}>
                {formatValue(value, unit, language)}
                {ageMs > 30_000 && <small> {page.ago(formatDuration(ageMs, language))}</small>}
              </dd>
            </div>,
          ];
        })}
        {facts.map(([name, text]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
