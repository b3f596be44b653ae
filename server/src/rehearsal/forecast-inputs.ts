import { stationFactsOf, type StageState, type WorkstationState } from '@ppe-pulse/protocol';
import type { SiteForecastInputs } from '../forecasts/inputs.ts';
import { siteInputsOf } from '../forecasts/site-inputs.ts';
import type { RehearsalDay } from './day.ts';
import type { SiteStanding } from './standing.ts';

/** What forecasts of a site are made of, from what stages know and workstations last said. */
export function forecastInputs(
  day: RehearsalDay,
  { site, stages }: SiteStanding,
  seen: {
    readonly workstations: readonly WorkstationState[];
    readonly toRehearsalMs: (wallMs: number) => number;
  },
): SiteForecastInputs {
  const rooms = day.roomStagesOf(site.code);
  return siteInputsOf({
    site,
    stations: seen.workstations.map((state) => ({
      facts: stationFactsOf(state, seen.toRehearsalMs),
      signals: day.signalsOf(state.id),
    })),
    emBytes: day.setting.plan.emPackage.bytes,
    printedAtMs: (roomCode) =>
      reachedAt(rooms.find((each) => each.roomCode === roomCode)?.states ?? [], 'printing'),
    emHereAtMs: reachedAt(stages, 'emDownload'),
  });
}

function reachedAt(stages: readonly StageState[], stage: StageState['stage']): number | null {
  const reached = stages.find((each) => each.stage === stage && each.reachedAtMs !== null);
  return reached?.reachedAtMs ?? null;
}
