import type { Unit } from '../checks/metrics.ts';

/** What a forecast rests on, `from` of its basis: the best witness that there was. */
export const forecastGrounds = [
  'counter',
  'speed',
  'norms',
  'received',
  'agent',
  'tests',
  'contract',
  'measured',
] as const;
export type ForecastGround = (typeof forecastGrounds)[number];

/** Numbers of a basis with their units, in the order of telling; `time` is ms since 1970 UTC. */
export const basisUnits = {
  sets: 'count',
  pagesPerSet: 'count',
  leftPages: 'count',
  pagesPerMinute: 'pagesPerMinute',
  stuckMs: 'ms',
  startMs: 'time',
  totalBytes: 'bytes',
  leftBytes: 'bytes',
  beginMs: 'time',
  cameras: 'count',
  cameraBytesPerSecond: 'bytesPerSecond',
  emBytesPerSecond: 'bytesPerSecond',
  uplinkBytesPerSecond: 'bytesPerSecond',
  bytesPerSecond: 'bytesPerSecond',
  lowBytesPerSecond: 'bytesPerSecond',
  highBytesPerSecond: 'bytesPerSecond',
  lowSeconds: 'seconds',
  highSeconds: 'seconds',
  variation: 'ratio',
  windows: 'count',
  tests: 'count',
} as const satisfies Readonly<Record<string, Unit | 'time'>>;
export type BasisKey = keyof typeof basisUnits;
