import type { CollectorLoss } from './collector-losses.ts';
import type { SimulationCounters } from './tally.ts';

/** Bars of a histogram line. */
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Bins that are drawn; the rest is in the JSON. */
const DRAWN_BINS = 100;

/** What a run did, for a person. */
export function summaryText(counters: SimulationCounters): string {
  const { produced, acked, dropped, opened, welcomed, closes, ackMs, losses } = counters;
  const closed = Object.entries(closes).map(([code, count]) => `${count} × ${code}`);
  return [
    `heartbeats: ${produced} produced, ${acked} acked, ${dropped} dropped, ${produced - acked - dropped} open`,
    `ack: p50 ${msText(ackMs.p50)}, p99 ${msText(ackMs.p99)}, max ${msText(ackMs.max)}`,
    `sockets: ${opened} opened, ${welcomed} welcomed; closed by others: ${closed.join(', ') || 'none'}`,
    ...losses.flatMap(lossText),
  ].join('\n');
}

function lossText(loss: CollectorLoss): string[] {
  const { atMs, links, connects, firstMs, lastMs, peakPer100Ms, meanPer100Ms, peakToMean } = loss;
  const drawn = loss.histogram.slice(0, DRAWN_BINS).map((count) => barOf(count, peakPer100Ms));
  return [
    `collector lost at ${(atMs / 1_000).toFixed(1)} s by ${links} sockets: ${connects} connects, ` +
      `first after ${msText(firstMs)}, last after ${msText(lastMs)}, all back after ${msText(loss.allBackMs)}, ` +
      `peak/mean ${peakPer100Ms}/${meanPer100Ms.toFixed(1)} = ${peakToMean.toFixed(2)} per 100 ms`,
    ...(drawn.length > 0 ? [`  ${drawn.join('')}`] : []),
  ];
}

function barOf(count: number, peak: number): string {
  if (count === 0) return ' ';
  return BARS[Math.min(BARS.length - 1, Math.floor((count / peak) * BARS.length))] ?? '█';
}

function msText(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
