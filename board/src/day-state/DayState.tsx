import './day-state.css';
import { useMemo, useState } from 'react';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useLive } from '../live/use-live.ts';
import { useDayClock } from '../rehearsal/use-day-clock.ts';
import { useWords } from '../text/texts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { useZone } from '../ui/use-zone.ts';
import { isDueByBeat, useKept } from '../wall-side/use-kept.ts';
import { areSameFacts, dayFactsOf } from './day-facts.ts';
import { dayLineOf, dayStateTexts, type DayLine } from './day-state-line.ts';
import { dayStatesOf } from './day-states.ts';
import { daysBetween } from './days-between.ts';
import { usePlanChange } from './use-plan-change.ts';

/** More than two lines nobody reads from afar; the rest are chips, and one press away. */
const SHOWN = 2;

/** What kind of day the wall shows, where it is not an ordinary one: nothing while the day runs as planned. */
export function DayState() {
  return (
    <IncidentTime>
      <Lines />
    </IncidentTime>
  );
}

function Lines() {
  const words = useWords();
  const lines = useLines();
  const [isOpen, setIsOpen] = useState(false);
  if (lines.length === 0) return null;
  const own = dayStateTexts(words);
  const hidden = lines.slice(SHOWN);
  return (
    <section className="day-state" aria-label={own.name} data-testid="day-state">
      <ul>
        {lines.slice(0, isOpen ? lines.length : SHOWN).map((line) => (
          <li key={line.text} className={`day-line day-${line.tone}`}>
            <Glyph verdict={line.glyph} />
            <span title={line.text}>{line.text}</span>
          </li>
        ))}
      </ul>
      {hidden.length > 0 && (
        <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? own.less : <Chips lines={hidden} />}
        </button>
      )}
    </section>
  );
}

/** Two warnings of one sort are one chip. */
function Chips({ lines }: { readonly lines: readonly DayLine[] }) {
  return [...new Map(lines.map((line) => [line.short, line])).values()].map(({ short, glyph }) => (
    <span key={short} className="day-chip">
      <Glyph verdict={glyph} />
      {short}
    </span>
  ));
}

function useLines(): readonly DayLine[] {
  const words = useWords();
  const overview = useLive((state) => state.overview);
  const isReady = useLive((state) => state.seq >= 0);
  const facts = useKept(dayFactsOf, areSameFacts, isDueByBeat);
  const { nowMs, time } = useListClock();
  const zone = useZone();
  const dayTime = useDayClock();
  const planChangedAtMs = usePlanChange(nowMs);
  const daysUntil = useMemo(() => daysBetween(zone), [zone]);
  if (!overview || !isReady) return [];
  const todayMs = Date.parse(overview.rehearsal?.nowAt ?? overview.at);
  return dayStatesOf(overview, { ...facts, planChangedAtMs }, nowMs).map((state) =>
    dayLineOf(state, {
      words,
      dayTime,
      wallTime: time,
      daysUntil: (ms) => daysUntil(todayMs, ms),
    }),
  );
}
