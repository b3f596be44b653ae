import { Refusal } from '../incidents/Refusal.tsx';
import type { Refused } from '../incidents/refused.ts';
import { ownText, useWords } from '../text/texts.ts';
import { rolloutRefusals } from './rollout-refusals.ts';

/** Why something of updates did not work, in the page's language. */
export function RolloutRefusal({ of }: { readonly of: Refused | undefined }) {
  const { language } = useWords();
  const sentence = of && ownText(rolloutRefusals[language], of.reason);
  if (of === undefined || sentence === undefined) return <Refusal of={of} />;
  return (
    <div className="refusal" role="alert">
      <p>{sentence.slice(0, 1).toUpperCase() + sentence.slice(1)}</p>
    </div>
  );
}
