import { logText } from './log-text.ts';
import type { LogEntryAnswer } from './shapes.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** What the collector saw and what people did, in its order. */
export function IncidentLog({ log }: { readonly log: readonly LogEntryAnswer[] }) {
  const words = useIncidentWords();
  const { own } = words;
  const { time } = useListClock();
  return (
    <section className="panel" aria-label={own.history}>
      <h2>{own.history}</h2>
      {log.length === 0 && <p className="quiet">{own.noHistory}</p>}
      <ol className="log" data-testid="log">
        {log.map((entry) => (
          <li key={entry.id}>
            <span className="number">{time(entry.atMs)}</span>{' '}
            <strong>{logText(words, entry, time)}</strong>{' '}
            {entry.note !== '' && <span>{entry.note}</span>}{' '}
            <span className="quiet">{entry.by === 'collector' ? own.collector : entry.by}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
