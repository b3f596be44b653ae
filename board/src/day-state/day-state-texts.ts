import type { Plural } from '../text/page-texts.ts';
import type { DayState } from './day-states.ts';

/** Words of the kind of day. Numbers and times come as they are written. */
export interface DayStateTexts {
  readonly name: string;
  readonly sites: Plural;
  readonly sitesAre: Plural;
  readonly silencedIncidents: Plural;
  readonly drilledIncidents: Plural;
  readonly playedDay: (speed: string) => string;
  readonly playedInRealTime: string;
  readonly allSimulated: string;
  readonly someSimulated: (sites: string, workstations: string) => string;
  readonly massSilence: (silent: string, expected: string, share: string) => string;
  readonly threshold: (share: string) => string;
  readonly noPlan: string;
  readonly before: (days: string, state: string) => string;
  readonly today: (time: string, state: string) => string;
  readonly preparing: (ready: string, involved: string) => string;
  readonly preparingOnly: string;
  readonly after: (time: string) => string;
  readonly drill: (incidents: string) => string;
  readonly planChanged: (version: string) => string;
  readonly planEditing: (by: string, time: string) => string;
  readonly silences: (incidents: string) => string;
  readonly silencesUntil: (incidents: string, time: string) => string;
  readonly silentByRule: (sites: string, workstations: string) => string;
  readonly silentByRuleUntil: (sites: string, workstations: string, time: string) => string;
  /** One or two words of a state that has no line: nobody presses anything on a wall. */
  readonly short: Readonly<Record<DayState['kind'], string>>;
  readonly less: string;
  /** By reason token of a collector's warning about itself. */
  readonly warnings: Readonly<Record<string, string>>;
}
