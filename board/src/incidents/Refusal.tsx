import { ownText } from '../text/texts.ts';
import type { Refused } from './refused.ts';
import { refusals } from './refusals.ts';
import { useIncidentWords } from './use-incident-words.ts';

/**
 * Why something did not work, in the page's language where it knows the refusal. The collector's own
 * sentence stays beside it: it names the place and the figures.
 */
export function Refusal({ of }: { readonly of: Refused | undefined }) {
  const { own, language } = useIncidentWords();
  if (!of) return null;
  const sentence = ownText(refusals[language], of.reason);
  // Settings of a receiver are told in its own language: that needs no second sentence.
  const isSaidTwice = sentence !== undefined && of.detail.includes(sentence);
  const main = isSaidTwice ? of.detail : (sentence ?? (of.detail || own.noAnswer));
  return (
    <div className="refusal" role="alert">
      <p>{own.failed(main)}</p>
      {main !== of.detail && of.detail !== '' && <p className="quiet">{of.detail}</p>}
    </div>
  );
}
