import type { Incident, LiveSite, Overview, WorkstationState } from '@ppe-pulse/protocol';
import { incidentView } from '../../../server/src/api/incident-view.ts';
import { workstationView } from '../../../server/src/api/workstation-view.ts';
import type { Scene } from './scene.ts';

/** What answers are made from. */
export interface Known {
  readonly scene: Scene;
  readonly overview: () => Overview;
  readonly sites: () => readonly LiveSite[];
  readonly incidents: () => readonly Incident[];
  readonly find: (id: string) => WorkstationState | undefined;
}

/** A path's answer; undefined is a 404. */
export type Answer = (query: URLSearchParams, ...parts: string[]) => object | undefined;

/** The routes that pages ask for first, from what is on the stage. The last that fits is asked. */
export function answersOf(known: Known): Map<RegExp, Answer> {
  const { scene } = known;
  const nothing: Answer = () => ({ items: [] });
  return new Map<RegExp, Answer>([
    [/^[\w/-]+$/, nothing],
    [/^overview$/, () => known.overview()],
    [/^sites$/, () => ({ items: known.sites() })],
    [/^incidents$/, (query) => ({ items: incidentsBy(known, query).map(incidentView) })],
    [
      /^incidents\/(i-\d+)$/,
      (_, id) => {
        const found = known.incidents().find((incident) => incident.id === id);
        return found && { ...incidentView(found), log: [] };
      },
    ],
    [
      /^workstations\/(w-[0-9a-f]{16})$/,
      (_, id = '') => {
        const found = known.find(id);
        return found && workstationView(found);
      },
    ],
    [
      /^workstations\/w-[0-9a-f]{16}\/series$/,
      (query) => seriesOf(scene.atMs, query.get('metric') ?? ''),
    ],
    [/^registry$/, () => ({ version: 1, isSample: true, municipalities: scene.municipalities })],
    [
      /^registry\/sites$/,
      () => ({
        version: 1,
        items: scene.sites.map((site) => ({ ...site, dutyPhone: '+7 384 555-01-17', rooms: [] })),
      }),
    ],
    [/^sites\/\d{4}\/readiness$/, () => ({ met: 0, total: 0, verdict: 'ok', conditions: [] })],
    [/^forecasts\/em$/, () => ({ all: noArrivals, municipalities: [] })],
    [/^forecasts$/, () => ({ current: [], prints: null, summary: [], items: [] })],
    [/^collector$/, () => ({ id: 'c-theatre', publicKey: '', version: '0.7.0' })],
  ]);
}

const noArrivals = { sites: 0, arrived: 0, byDeadline: 0, late: 0, unknown: 0 };

function incidentsBy({ incidents }: Known, query: URLSearchParams): readonly Incident[] {
  const state = query.get('state') ?? 'all';
  const site = query.get('site');
  return incidents()
    .filter(({ resolvedAtMs }) => state === 'all' || (resolvedAtMs === null) === (state === 'open'))
    .filter(({ siteCodes }) => site === null || siteCodes.includes(site))
    .toReversed();
}

/** Half an hour of a wave, a point every 30 seconds. */
function seriesOf(atMs: number, metric: string): object {
  const bucketMs = 30_000;
  const points = Array.from({ length: 60 }, (_, at) => {
    const mean = 50 + 30 * Math.sin(at / 6);
    const ms = atMs - (60 - at) * bucketMs;
    return { at: new Date(ms).toISOString(), min: mean - 5, mean, max: mean + 5, count: 6 };
  });
  const [from, to] = [points[0]?.at, points.at(-1)?.at];
  return { metric, unit: 'ms', from, to, bucketMs, points };
}
