import type { Incident } from '@ppe-pulse/protocol';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** What must not be overlooked about an incident, in words in a frame each. */
export function IncidentMarks({ incident }: { readonly incident: Incident }) {
  const { own } = useIncidentWords();
  const { time } = useListClock();
  const { isDrill, isSimulated, isUnstable, isUnheard } = incident;
  const { silencedUntilMs, snoozedUntilMs } = incident;
  const marks: readonly (readonly [string, string])[] = [
    ...(isDrill ? ([['drill', own.marks.drill]] as const) : []),
    ...(isSimulated ? ([['simulated', own.marks.simulated]] as const) : []),
    ...(isUnstable ? ([['unstable', own.marks.unstable]] as const) : []),
    ...(isUnheard ? ([['unheard', own.marks.unheard]] as const) : []),
    ...(silencedUntilMs === null
      ? []
      : ([['silenced', own.marks.silencedUntil(time(silencedUntilMs))]] as const)),
    ...(snoozedUntilMs === null
      ? []
      : ([['snoozed', own.marks.snoozedUntil(time(snoozedUntilMs))]] as const)),
  ];
  return marks.map(([kind, text]) => (
    <span key={kind} className={`mark mark-${kind}`}>
      {text}
    </span>
  ));
}
