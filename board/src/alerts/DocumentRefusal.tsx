import { Refusal } from '../incidents/Refusal.tsx';
import { tokenText, useAlertWords } from './use-alert-words.ts';

/**
 * Why a document was refused: what is wrong first of all in the page's language where it has words for
 * it, and below every mistake with its place in the collector's.
 */
export function DocumentRefusal({
  failure,
  reason,
}: {
  readonly failure: string;
  readonly reason: string;
}) {
  const { incident } = useAlertWords();
  const text = tokenText(incident.settingProblems, reason);
  // Some texts need what only the collector knows: its own line has it.
  const isSaid = text !== reason && !text.includes('{');
  return (
    <>
      <Refusal of={failure === '' || !isSaid ? failure : text} />
      {isSaid && failure !== '' && <p className="quiet">{failure}</p>}
    </>
  );
}
