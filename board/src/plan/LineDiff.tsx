import { useMemo } from 'react';
import { diffLines, hunksOf } from './line-diff.ts';
import { usePlanWords } from './use-plan-words.ts';

const signs = { same: ' ', added: '+', removed: '−' } as const;

interface LineDiffProps {
  readonly before: string;
  readonly after: string;
  readonly label: string;
}

/** Two texts as their lines that differ, with a few around them. */
export function LineDiff({ before, after, label }: LineDiffProps) {
  const words = usePlanWords();
  const { own } = words;
  const hunks = useMemo(() => hunksOf(diffLines(before, after)), [before, after]);
  if (hunks.length === 0) return <p className="quiet">{own.noDifference}</p>;
  return (
    <div className="line-diff scroll" role="region" aria-label={label} tabIndex={0}>
      {hunks.map(({ skipped, lines }, nth) => (
        // eslint-disable-next-line react/no-array-index-key -- a stretch is its place
        <pre key={nth}>
          {skipped > 0 && (
            <span className="line-skipped">
              … {words.count(skipped, own.skipped)}
              {'\n'}
            </span>
          )}
          {lines.map(({ kind, text }, at) => (
            // eslint-disable-next-line react/no-array-index-key -- a line is its place
            <span key={at} className={`line-${kind}`}>
              {signs[kind]} {text}
              {'\n'}
            </span>
          ))}
        </pre>
      ))}
    </div>
  );
}
