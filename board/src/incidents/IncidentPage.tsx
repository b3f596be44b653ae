import './incidents.css';
import { useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { adviceFor, dutyAdviceFor } from '@ppe-pulse/protocol/texts';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { ZoneNote } from '../ppe/ZoneNote.tsx';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useIsReplay } from '../replay/is-replay.ts';
import { ScopeNote } from '../session/ScopeNote.tsx';
import { useMayActOn } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { SiteContext } from '../ui/use-zone.ts';
import { IncidentActions } from './IncidentActions.tsx';
import { IncidentFacts } from './IncidentFacts.tsx';
import { Lasting, UntakenTimer } from './IncidentLine.tsx';
import { IncidentLog } from './IncidentLog.tsx';
import { IncidentMarks } from './IncidentMarks.tsx';
import { IncidentTime } from './IncidentTime.tsx';
import { useIncidentNames } from './incident-names.ts';
import { MunicipalityNames } from './MunicipalityNames.tsx';
import type { IncidentAnswer, LogEntryAnswer } from './shapes.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** One incident: what, where, how far; what to do; what people did; and the ways to do more. */
export function IncidentPage({ id }: { readonly id: string }) {
  const { own, page } = useIncidentWords();
  const live = useLive((state) => state.incidents.get(id));
  const ended = useLive((state) => state.endedIncidents.find((each) => each.id === id));
  const [acted, setActed] = useState(0);
  // Every time it is told it may have a new line of its history, also when nothing else changed.
  const moment = useMemo(() => ({ acted, live, ended }), [acted, live, ended]);
  const answer = useAnswer(getJson<IncidentAnswer>, `/api/v1/incidents/${id}`, moment);
  const told = answer?.kind === 'done' ? answer.value : undefined;
  const incident = live ?? ended ?? told;
  return (
    <SiteContext.Provider value={incident?.siteCode ?? ''}>
      <IncidentTime>
        <MunicipalityNames>
          <div className="page">
            <header className="page-head">
              <Link href="/incidents" className="back">
                {own.title}
              </Link>
              <span className="quiet">{id}</span>
              <ScopeNote />
              {!incident && answer?.kind === 'failed' && (
                <p role="alert">{answer.status === 404 ? own.unknownIncident : own.noAnswer}</p>
              )}
              {!incident && !answer && <p className="quiet">{page.waiting}</p>}
            </header>
            {incident && (
              <Whole
                incident={incident}
                log={told?.log ?? []}
                onActed={() => setActed((before) => before + 1)}
              />
            )}
            <PageFooter />
          </div>
        </MunicipalityNames>
      </IncidentTime>
    </SiteContext.Provider>
  );
}

function Whole({
  incident,
  log,
  onActed,
}: {
  readonly incident: Incident;
  readonly log: readonly LogEntryAnswer[];
  readonly onActed: () => void;
}) {
  const isReplay = useIsReplay();
  const mayActOn = useMayActOn();
  const { nowMs } = useListClock();
  // At the moment that is shown nobody knew what came later.
  const known = isReplay ? log.filter(({ atMs }) => atMs <= nowMs) : log;
  return (
    <main id="main" className="incident-page">
      <Head incident={incident} />
      <div className="incident-column">
        <IncidentFacts incident={incident} />
        <Advice incident={incident} />
        <IncidentLog log={known} />
      </div>
      {mayActOn(incident) && <IncidentActions incident={incident} onActed={onActed} />}
    </main>
  );
}

function Head({ incident }: { readonly incident: Incident }) {
  const { incident: texts } = useIncidentWords();
  const { title } = useIncidentNames(incident);
  const { severity, resolvedAtMs } = incident;
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(heading);
  return (
    <div className={`incident-head incident-${severity}`}>
      <Glyph verdict={severity === 'critical' ? 'fail' : 'warn'} />
      <h1 ref={heading} className={resolvedAtMs === null ? '' : 'quiet'}>
        {title}
      </h1>
      <p className="incident-facts">
        <span className="incident-severity">{texts.severities[severity]}</span>
        <Lasting incident={incident} />
        <ZoneNote />
        <IncidentMarks incident={incident} />
        <UntakenTimer incident={incident} />
      </p>
    </div>
  );
}

/** Levels at which a silent PC is one PC. */
const alone: ReadonlySet<string> = new Set(['room', 'station', 'device']);

/** What the duty officer does, and what the people in the ППЭ do. */
function Advice({ incident }: { readonly incident: Incident }) {
  const { own, language } = useIncidentWords();
  const { kind, reason, level } = incident;
  // A PC that is silent alone has other advice than a place that nothing is heard of.
  const isForSite = level !== 'collector' && !(kind === 'heartbeat' && !alone.has(level));
  return (
    <section className="panel advice" aria-label={own.adviceDuty} data-testid="advice">
      <h2>{own.adviceDuty}</h2>
      <p>{dutyAdviceFor(kind, reason, level, language)}</p>
      {isForSite && (
        <>
          <h2>{own.adviceSite}</h2>
          <p>{adviceFor(kind, reason, language)}</p>
        </>
      )}
    </section>
  );
}
