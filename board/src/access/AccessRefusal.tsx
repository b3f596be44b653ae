import { Refusal } from '../incidents/Refusal.tsx';
import type { Refused } from '../incidents/refused.ts';
import { ownText, useWords } from '../text/texts.ts';
import { accessRefusals } from './access-refusals.ts';

/** Why something of these pages did not work, in the page's language. */
export function AccessRefusal({ of }: { readonly of: Refused | undefined }) {
  const { language } = useWords();
  const sentence = of && ownText(accessRefusals[language], of.reason);
  // The common list says what is left; the collector's own sentence is of another language than the page.
  if (of === undefined || sentence === undefined) return <Refusal of={of} />;
  return (
    <div className="refusal" role="alert">
      <p>{sentence.slice(0, 1).toUpperCase() + sentence.slice(1)}</p>
    </div>
  );
}
