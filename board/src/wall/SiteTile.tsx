import { memo } from 'react';
import { Link } from 'wouter';
import { verdictWeight, type LiveSite, type LiveWorkstation } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import { nameOf } from '@ppe-pulse/protocol/texts';
import { reasonText, useWords, type Words } from '../text/texts.ts';
import { CarriedNote } from '../ui/CarriedNote.tsx';
import { newestCarried } from '../ui/carried.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { placeName } from '../ui/places.ts';
import { siteVerdict } from './order.ts';

const nobody: readonly LiveWorkstation[] = [];

/** One ППЭ: its code, the worst thing in it, a cell a workstation. Renders when its ППЭ changes. */
export const SiteTile = memo(function SiteTile({ code }: { readonly code: string }) {
  const words = useWords();
  const workstations = useLive((state) => state.sites.get(code)) ?? nobody;
  const site = useLive((state) => state.registry.get(code));
  const verdict = siteVerdict(workstations, site);
  const worst = [...workstations].sort(
    (a, b) => verdictWeight(b.verdict) - verdictWeight(a.verdict),
  )[0];
  const isTrouble = verdictWeight(verdict) > verdictWeight('ok');
  const carried = newestCarried(workstations);
  const isSimulated = workstations.some(({ placement }) => placement.simulated);
  return (
    <article
      className={`tile tile-${verdict} ${isSimulated ? 'tile-simulated' : ''}`}
      data-testid={`tile-${code}`}
    >
      <Link href={`/ppe/${code}`} className="tile-head">
        <strong>{code}</strong>
        {isTrouble && worst && <span className="tile-reason">{worstText(words, worst)}</span>}
        <Glyph verdict={verdict} label={words.domain.verdicts[verdict]} />
      </Link>
      {site && verdict !== 'notInvolved' && <SiteFacts site={site} />}
      {verdict === 'notInvolved' && (
        <span className="tile-mark">{words.domain.verdicts.notInvolved}</span>
      )}
      {isSimulated && <span className="tile-mark">{words.page.simulated}</span>}
      {carried && <CarriedNote carried={carried} />}
      <ul className="cells">
        {workstations.map((each) => (
          <li key={each.id}>
            <Link
              href={`/workstations/${each.id}`}
              className={`cell cell-${each.verdict} ${each.placement.simulated ? 'is-simulated' : ''}`}
              title={`${placeName(words, each.placement)}: ${reasonText(words, each.reason)}`}
              aria-label={`${placeName(words, each.placement)}: ${words.domain.verdicts[each.verdict]}`}
            />
          </li>
        ))}
      </ul>
    </article>
  );
});

/** What the plan asks of the ППЭ: conditions that hold, and who was never heard. */
function SiteFacts({ site }: { readonly site: LiveSite }) {
  const { page } = useWords();
  // Once the exams run nobody asks any more whether the ППЭ is ready.
  const hasBegun = site.stages.some(
    ({ stage, reachedAtMs }) => stage === 'examStarted' && reachedAtMs !== null,
  );
  return (
    <p className="tile-facts">
      {site.conditions > 0 && !hasBegun && (
        <span title={page.readiness}>
          <Glyph verdict={site.readiness} /> {site.met}/{site.conditions}
        </span>
      )}
      {site.notYetHeard > 0 && <span>{page.notYetHeard(site.notYetHeard, site.planned)}</span>}
    </p>
  );
}

function worstText(words: Words, workstation: LiveWorkstation): string {
  const problem = workstation.problems[0];
  if (!problem) return reasonText(words, workstation.reason);
  const check = nameOf(words.domain.checks, problem.id);
  return problem.verdict === 'unknown' ? reasonText(words, problem.reason) : check;
}
