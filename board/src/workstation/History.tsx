import { lazy } from 'react';
import { Part } from '../ui/Part.tsx';
import { useWorkstationWords } from './use-workstation-words.ts';
import { rangeNames, type RangeName } from './workstation-texts.ts';

const Chart = lazy(async () => ({ default: (await import('./Chart.tsx')).Chart }));

const charts = [
  {
    name: 'throughput',
    metrics: ['net.down.bytesPerSecond', 'net.rx.bytesPerSecond', 'net.tx.bytesPerSecond'],
  },
  { name: 'rtt', metrics: ['net.rtt.ms'] },
] as const;

interface HistoryProps {
  readonly id: string;
  readonly range: RangeName;
  readonly onRange: (range: RangeName) => void;
}

/** History of the line from the store, and the choice of the span for all charts of the page. */
export function History({ id, range, onRange }: HistoryProps) {
  const { own } = useWorkstationWords();
  return (
    <section className="panel history" aria-label={own.history}>
      <div className="history-head">
        <h2>{own.history}</h2>
        <div role="group" aria-label={own.history}>
          {rangeNames.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === range}
              onClick={() => onRange(name)}
            >
              {own.ranges[name]}
            </button>
          ))}
        </div>
      </div>
      <Part fallback={<figure className="chart" aria-busy="true" />}>
        {charts.map(({ name, metrics }) => (
          <Chart key={name} id={id} title={own[name]} metrics={metrics} range={range} />
        ))}
      </Part>
    </section>
  );
}
