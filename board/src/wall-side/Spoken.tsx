import { useEffect, useMemo, useRef, useState } from 'react';
import type { Incident } from '@ppe-pulse/protocol';
import { incidentTitle } from '@ppe-pulse/protocol/texts';
import { useLive } from '../live/use-live.ts';
import { usePlaceNames } from './place-names.ts';
import { newCriticals, spokenWallOf } from './spoken-summary.ts';
import { useWallSideWords } from './use-wall-side-words.ts';

/** A reader hears of the whole at most this often. */
const EVERY_MS = 30_000;

/** The wall for a screen reader: one sentence when it changes, and at once what is new and critical. */
export function Spoken() {
  const { language } = useWallSideWords();
  // Another language is said anew: half a minute of the old one would be read with the wrong voice.
  return <Saying key={language} />;
}

function Saying() {
  const { side, number, language } = useWallSideWords();
  const isReady = useLive((state) => state.seq >= 0);
  const incidents = useLive((state) => state.incidents);
  const names = usePlaceNames();
  const sentence = useMemo(() => {
    const { tally, worst } = spokenWallOf(incidents);
    if (!isReady) return '';
    if (tally.open === 0) return side.spokenNone;
    const counts = side.spokenCounts(
      number(tally.open),
      number(tally.critical),
      number(tally.ownerless),
    );
    return worst ? `${counts} ${side.spokenWorst(incidentTitle(worst, language, names))}` : counts;
  }, [incidents, isReady, names, side, number, language]);
  const polite = useSlowly(sentence);
  const urgent = useNewCritical(incidents, isReady);
  return (
    <div className="unseen">
      <p aria-live="polite" data-testid="spoken">
        {polite}
      </p>
      <p aria-live="assertive" data-testid="spoken-now">
        {urgent && side.spokenNew(incidentTitle(urgent, language, names))}
      </p>
    </div>
  );
}

/** A text that changes at once after a pause, and else when the pause is over. */
function useSlowly(text: string): string {
  const [said, setSaid] = useState(text);
  const saidAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (text === said) return undefined;
    const waitMs = Math.max(0, saidAtMs.current + EVERY_MS - performance.now());
    const timer = setTimeout(() => {
      saidAtMs.current = performance.now();
      setSaid(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text, said]);
  return said;
}

/** The newest critical that came while the page looked. */
function useNewCritical(
  incidents: ReadonlyMap<string, Incident>,
  isReady: boolean,
): Incident | undefined {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const [urgent, setUrgent] = useState<Incident>();
  useEffect(() => {
    if (!isReady) return;
    const look = newCriticals(known.current, incidents);
    known.current = look.known;
    const newest = [...look.fresh].sort((a, b) => b.openedAtMs - a.openedAtMs)[0];
    if (newest) setUrgent(newest);
  }, [incidents, isReady]);
  return urgent;
}
