import { useMemo } from 'react';
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
import { domainTexts, formatValue, nameOf } from '@ppe-pulse/protocol/texts';
import type { ApiAnswer } from '../api/client.ts';
import type { SeriesAnswer } from '../api/shapes.ts';
import { zoneClock } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';
import { chartRows } from './chart-rows.ts';
import { rangeMs, useSeries } from './use-series.ts';
import { useWorkstationWords } from './use-workstation-words.ts';
import type { RangeName } from './workstation-texts.ts';

/**
 * Measured in leased slots or once a minute: a line between such points is no lie. Everything else is
 * measured so often that a pause is a gap.
 */
const sparse: ReadonlySet<string> = new Set(['net.down.bytesPerSecond']);
const SPARSE_KINDS = /^(?:camera|audio)\./;
const colours = ['var(--series-1)', 'var(--series-2)', 'var(--series-3)'];

interface ChartProps {
  readonly id: string;
  readonly title: string;
  readonly metrics: readonly string[];
  readonly range: RangeName;
}

/** History of some metrics. In a chunk of its own: charts weigh more than the rest of the board. */
export function Chart({ id, title, metrics, range }: ChartProps) {
  const { own, language } = useWorkstationWords();
  const answers = useSeries(id, metrics, range);
  const zone = useZone();
  const clock = useMemo(() => zoneClock(zone, language, range === '15m'), [zone, language, range]);
  const done = useMemo(() => (answers ?? []).flatMap(valueOf), [answers]);
  const list = metrics.join(',');
  const rare = useMemo(() => new Set(list.split(',').filter(isSparse)), [list]);
  const rows = useMemo(() => chartRows(done, rare), [done, rare]);
  const unit = metricOf(metrics[0] ?? '')?.unit ?? 'count';
  const text = (value: unknown): string =>
    typeof value === 'number' ? formatValue(value, unit, language) : '';
  const isFailed = answers !== undefined && done.length < answers.length;
  const nowMs = Date.parse(done[0]?.to ?? '') || 0;
  return (
    <figure className="chart" data-points={rows.length}>
      <figcaption>{title}</figcaption>
      {isFailed && <p role="alert">{own.historyFailed}</p>}
      {answers && !isFailed && rows.length === 0 && <p className="quiet">{own.noHistory}</p>}
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
            // The first time stands under the axis of values: below its lowest, too.
            tickMargin={12}
            height={42}
          />
          <YAxis
            allowDecimals={unit !== 'count'}
            tickFormatter={text}
            width={108}
            stroke="var(--text-2)"
            domain={[0, 'auto']}
          />
          <Tooltip
            formatter={(value) => text(value)}
            labelFormatter={(ms) => clock.time(Number(ms))}
            contentStyle={{ background: 'var(--panel)', border: '1px solid var(--line)' }}
          />
          {metrics.length > 1 && <Legend />}
          {metrics.map((metric, at) => (
            <Line
              key={metric}
              dataKey={metric}
              name={nameOf(domainTexts(language).metrics, metric)}
              stroke={colours[at] ?? 'var(--text)'}
              strokeWidth={2}
              dot={rare.has(metric)}
              connectNulls={rare.has(metric)}
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

function isSparse(metric: string): boolean {
  return sparse.has(metric) || SPARSE_KINDS.test(metric);
}
