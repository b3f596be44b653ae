import { Link } from 'wouter';
import { formatDuration, nameOf } from '@ppe-pulse/protocol/texts';
import { useFreshness, useLive } from '../live/use-live.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { placeName } from '../ui/places.ts';
import { problemsOf } from './order.ts';

/** Lines that fit beside the grid without scrolling. */
const MAX_LINES = 14;

/** What is wrong, worst first, and where; calm when nothing is. */
export function Problems() {
  const words = useWords();
  const { page, domain, language } = words;
  const sites = useLive((state) => state.sites);
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const problems = problemsOf(sites);
  return (
    <section className="panel problems" aria-label={page.problems}>
      <h2>
        {page.problems} <span className="quiet">{problems.length > 0 ? problems.length : ''}</span>
      </h2>
      {problems.length === 0 && <p className="quiet">{page.noProblems}</p>}
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
    </section>
  );
}
