import { verdictWeight } from '@ppe-pulse/protocol';
import { nameOf } from '@ppe-pulse/protocol/texts';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { reasonText, useWords } from '../text/texts.ts';
import { broughtText, carriedText } from '../ui/carried.ts';
import { Glyph } from '../ui/Glyph.tsx';

/** What a flash drive last brought of this workstation: its age, and what was wrong then. */
export function Carried({
  workstation,
  nowMs,
}: {
  readonly workstation: WorkstationAnswer;
  readonly nowMs: number;
}) {
  const words = useWords();
  const { carried } = workstation;
  if (!carried) return null;
  const times = {
    broughtAtMs: Date.parse(carried.importedAt),
    newestAtMs: Date.parse(carried.newestAt),
  };
  const problems = carried.checks.filter(
    ({ verdict, reason }) => verdictWeight(verdict) > verdictWeight('ok') && reason !== 'noPlan',
  );
  return (
    <section className="panel" data-testid="carried">
      <h2>{carriedText(words, times, nowMs)}</h2>
      <p className="quiet">{broughtText(words, times, nowMs)}</p>
      <ul className="carried-problems">
        {problems.map(({ id, verdict, reason }) => (
          <li key={id}>
            <Glyph verdict={verdict} label={words.domain.verdicts[verdict]} />{' '}
            {nameOf(words.domain.checks, id)}: {reasonText(words, reason)}
          </li>
        ))}
      </ul>
    </section>
  );
}
