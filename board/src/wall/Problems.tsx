import { useState } from 'react';
import { Link } from 'wouter';
import { formatDuration, nameOf } from '@ppe-pulse/protocol/texts';
import { useIncidentWords } from '../incidents/use-incident-words.ts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { placeName } from '../ui/places.ts';
import { problemsOf } from './order.ts';

/** More than this nobody reads; the pages of the ППЭ have all. */
const MAX_LINES = 60;

/** Every fault of every workstation, closed until somebody asks: an incident is the line to look at. */
export function Problems() {
  const { own, number } = useIncidentWords();
  const [isOpen, setIsOpen] = useState(false);
  const count = useLive((state) => {
    let problems = 0;
    for (const each of state.workstations) problems += each?.problems.length ?? 0;
    return problems;
  });
  return (
    <details
      className="panel problems"
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>{own.allProblems(number(count))}</summary>
      {isOpen && <ProblemList />}
    </details>
  );
}

function ProblemList() {
  const words = useIncidentWords();
  const { page, domain, language } = words;
  const sites = useLive((state) => state.sites);
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const problems = problemsOf(sites);
  if (problems.length === 0) return <p className="quiet">{page.noProblems}</p>;
  return (
    <>
      <ol>
        {problems.slice(0, MAX_LINES).map(({ workstation, checkId, verdict, reason }) => (
          <li key={`${workstation.id} ${checkId}`}>
            <Link href={`/workstations/${workstation.id}`}>
              <Glyph verdict={verdict} label={domain.verdicts[verdict]} />
              <strong>{workstation.placement.siteCode}</strong>
              <span>
                {nameOf(domain.checks, checkId)}: {reasonText(words, reason)}
                <small>
                  {placeName(words, workstation.placement)}
                  {verdict === 'unknown' &&
                    workstation.lastSeenMs !== null &&
                    ` · ${page.ago(formatDuration(serverTimeMs + frameAgeMs - workstation.lastSeenMs, language))}`}
                </small>
              </span>
            </Link>
          </li>
        ))}
      </ol>
      {problems.length > MAX_LINES && (
        <p className="quiet">{page.more(problems.length - MAX_LINES)}</p>
      )}
    </>
  );
}
