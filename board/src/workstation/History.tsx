import { useMemo, useState } from 'react';
import {
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { metricOf } from '@ppe-pulse/protocol';
import { formatValue, nameOf } from '@ppe-pulse/protocol/texts';
import type { ApiAnswer } from '../api/client.ts';
import type { SeriesAnswer } from '../api/shapes.ts';
import { rangeNames, type RangeName } from '../text/page-texts.ts';
import { useWords } from '../text/texts.ts';
import { REGION_ZONE, zoneClock } from '../ui/time.ts';
import { chartRows } from './chart-rows.ts';
import { rangeMs, useSeries } from './use-series.ts';

const charts = [
  {
    name: 'throughput',
    metrics: ['net.down.bytesPerSecond', 'net.rx.bytesPerSecond', 'net.tx.bytesPerSecond'],
  },
  { name: 'rtt', metrics: ['net.rtt.ms'] },
] as const;

/** Measured in leased slots, one in ten minutes: a line between them is no lie. */
const sparse = new Set(['net.down.bytesPerSecond']);
const colours = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)'];

/** History from the store. In a chunk of its own: the charts weigh more than the rest of the board. */
export function History({ id }: { readonly id: string }) {
  const { page } = useWords();
  const [range, setRange] = useState<RangeName>('15m');
  return (
    <section className="panel history" aria-label={page.history}>
      <div className="history-head">
        <h2>{page.history}</h2>
        <div role="group">
          {rangeNames.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === range}
              onClick={() => setRange(name)}
            >
              {page.ranges[name]}
            </button>
          ))}
        </div>
      </div>
      {charts.map(({ name, metrics }) => (
        <Chart key={name} id={id} title={page[name]} metrics={metrics} range={range} />
      ))}
    </section>
  );
}

interface ChartProps {
  readonly id: string;
  readonly title: string;
  readonly metrics: readonly string[];
  readonly range: RangeName;
}

function Chart({ id, title, metrics, range }: ChartProps) {
  const { page, domain, language } = useWords();
  const answers = useSeries(id, metrics, range);
  const clock = useMemo(() => zoneClock(REGION_ZONE, language, range === '15m'), [language, range]);
  const done = useMemo(() => (answers ?? []).flatMap(valueOf), [answers]);
  const rows = useMemo(() => chartRows(done, sparse), [done]);
  const unit = metricOf(metrics[0] ?? '')?.unit ?? 'count';
  const text = (value: unknown): string =>
    typeof value === 'number' ? formatValue(value, unit, language) : '';
  const isFailed = answers !== undefined && done.length < answers.length;
  const nowMs = Date.parse(done[0]?.to ?? '') || 0;
  return (
    <figure className="chart" data-points={rows.length}>
      <figcaption>{title}</figcaption>
      {isFailed && <p role="alert">{page.historyFailed}</p>}
      {answers && !isFailed && rows.length === 0 && <p className="quiet">{page.noHistory}</p>}
      <ResponsiveContainer width="100%" height={220}>
        <LineChart data={rows} margin={{ top: 8, right: 12, bottom: 0, left: 8 }}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="atMs"
            type="number"
            domain={[nowMs - rangeMs[range], nowMs]}
            tickFormatter={(ms: number) => clock.time(ms)}
            stroke="var(--text-2)"
            minTickGap={60}
          />
          <YAxis tickFormatter={text} width={92} stroke="var(--text-2)" domain={[0, 'auto']} />
          <Tooltip
            formatter={(value) => text(value)}
            labelFormatter={(ms) => clock.time(Number(ms))}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)' }}
          />
          <Legend />
          {metrics.map((metric, at) => (
            <Line
              key={metric}
              dataKey={metric}
              name={nameOf(domain.metrics, metric)}
              stroke={colours[at] ?? 'var(--text)'}
              strokeWidth={2}
              dot={sparse.has(metric)}
              connectNulls={sparse.has(metric)}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </figure>
  );
}

function valueOf(answer: ApiAnswer<SeriesAnswer>): SeriesAnswer[] {
  return answer.kind === 'done' ? [answer.value] : [];
}
