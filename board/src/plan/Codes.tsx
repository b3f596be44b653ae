import { useState } from 'react';
import { Link } from 'wouter';
import { usePlanWords } from './use-plan-words.ts';

const SHOWN = 60;

/** Codes of ППЭ as links; a list of thousands is cut until it is asked for. */
export function Codes({ codes }: { readonly codes: readonly string[] }) {
  const { own, page } = usePlanWords();
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? codes : codes.slice(0, SHOWN);
  return (
    <span className="codes">
      {shown.map((code) => (
        <Link key={code} href={`/ppe/${code}`}>
          {code}
        </Link>
      ))}
      {codes.length > SHOWN && (
        <button type="button" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? own.hide : page.more(codes.length - SHOWN)}
        </button>
      )}
    </span>
  );
}
