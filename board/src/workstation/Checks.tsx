import { formatEvidence, formatValue, nameOf, type Language } from '@ppe-pulse/protocol/texts';
import type { CheckAnswer, WorkstationAnswer } from '../api/shapes.ts';
import { reasonText } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { checkAge, unitOfCheck } from './check-texts.ts';
import { checksOfPc } from './device-groups.ts';
import { useWorkstationWords } from './use-workstation-words.ts';

interface ChecksProps {
  readonly workstation: WorkstationAnswer;
  readonly nowMs: number;
}

/** The checks of the PC and its line with their verdicts, what they rest on and how old that is. */
export function Checks({ workstation, nowMs }: ChecksProps) {
  const words = useWorkstationWords();
  const { own, domain } = words;
  return (
    <section className="panel" aria-label={own.checks}>
      <h2>{own.checks}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{own.check}</th>
            <th scope="col">{own.state}</th>
            <th scope="col">{own.value}</th>
            <th scope="col">{own.basis}</th>
            <th scope="col">{own.measured}</th>
          </tr>
        </thead>
        <tbody>
          {checksOfPc(workstation).map((check) => (
            <tr key={check.id} className={`row-${check.verdict}`}>
              <th scope="row">{nameOf(domain.checks, check.id)}</th>
              <td className="number">
                <Glyph verdict={check.verdict} /> {reasonText(words, check.reason)}
              </td>
              <td className="number">{valueOf(check, words.language)}</td>
              <td className="quiet">
                {formatEvidence(check.evidence, unitOfCheck(check), words.language)}
              </td>
              <td className="number quiet">{checkAge(check, nowMs, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function valueOf(check: CheckAnswer, language: Language): string {
  const unit = unitOfCheck(check);
  return check.value === undefined || unit === undefined
    ? '—'
    : formatValue(check.value, unit, language);
}
