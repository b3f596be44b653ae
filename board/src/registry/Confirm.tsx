import { useState } from 'react';
import type { ImportAnswer } from './registry-shapes.ts';
import { useRegistryWords } from './use-registry-words.ts';

interface ConfirmProps {
  readonly answer: ImportAnswer;
  readonly onApply: (baseVersion: number) => void;
  readonly onStartOver: () => void;
}

const LISTED = 40;

/** What must be said yes to before an import is applied: what goes, and what may not be meant. */
export function Confirm({ answer, onApply, onStartOver }: ConfirmProps) {
  const words = useRegistryWords();
  const { own } = words;
  const [isRemovalMeant, setIsRemovalMeant] = useState(false);
  const [areWarningsRead, setAreWarningsRead] = useState(false);
  const { diff, warnings, enrolledLost, baseVersion } = answer;
  const { removed } = diff.sites;
  const isReady = (removed === 0 || isRemovalMeant) && (warnings.total === 0 || areWarningsRead);
  const lost = enrolledLost.listed.slice(0, LISTED);
  return (
    <form
      className="confirm"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onApply(baseVersion);
      }}
    >
      {enrolledLost.total > 0 && (
        <div className="lost" role="alert" data-testid="enrolled-lost">
          <p>{own.enrolledLost}</p>
          <p className="codes">
            {lost.map(({ siteCode, agents }) => (
              <span key={siteCode}>{own.agentsAt(siteCode, agents)}</span>
            ))}
            {enrolledLost.total > lost.length && (
              <span>{own.more(words.number(enrolledLost.total - lost.length))}</span>
            )}
          </p>
        </div>
      )}
      {removed > 0 && (
        <label>
          <input
            type="checkbox"
            checked={isRemovalMeant}
            onChange={({ target }) => setIsRemovalMeant(target.checked)}
          />
          {own.confirmRemoval(words.count(removed, own.found))}
        </label>
      )}
      {warnings.total > 0 && (
        <label>
          <input
            type="checkbox"
            checked={areWarningsRead}
            onChange={({ target }) => setAreWarningsRead(target.checked)}
          />
          {own.confirmWarnings}
        </label>
      )}
      <div className="fields">
        <button type="submit" className="main" disabled={!isReady}>
          {own.apply}
        </button>
        <button type="button" onClick={onStartOver}>
          {own.startOver}
        </button>
      </div>
    </form>
  );
}
