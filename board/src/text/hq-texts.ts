import type { DeviceKind } from '@ppe-pulse/protocol';
import type { RoomTexts } from '../rooms/room-texts.ts';
import type { HqIncidentTexts } from './hq-incidents-texts.ts';
import type { Plural } from './page-texts.ts';

/** What to do about what only the Штаб page sees; of reasons of checks the protocol's texts tell. */
export interface HqAdviceTexts {
  readonly uplink: { readonly cut: string; readonly stopped: string };
  readonly manySilent: string;
  readonly carried: string;
}

/** Words of the Штаб page beside those of all pages. */
export interface HqTexts extends RoomTexts {
  readonly title: (siteCode: string) => string;
  readonly noSite: string;
  readonly subtitle: string;
  readonly waiting: string;
  readonly waitingHint: string;
  readonly nobody: string;
  readonly nobodyHint: string;
  readonly stale: string;
  readonly lost: string;
  readonly lostHint: string;
  readonly dataAge: (age: string) => string;
  readonly uplink: {
    readonly live: string;
    readonly sending: (records: string) => string;
    readonly opening: string;
    readonly cut: (since: string) => string;
    readonly stopped: (since: string) => string;
    readonly kept: (records: string) => string;
    readonly nothingLost: string;
    readonly lost: (records: string) => string;
  };
  readonly records: Plural;
  /** After «из»: genitive. */
  readonly ofWorkstations: Plural;
  readonly pcs: (count: number) => string;
  readonly fixNow: string;
  readonly notes: string;
  readonly calm: string;
  readonly calmUncovered: string;
  readonly heard: (live: number, of: string) => string;
  readonly byRule: (count: number) => string;
  readonly carriedCount: (count: number) => string;
  readonly also: (reasons: string) => string;
  readonly whatToDo: string;
  readonly showMore: (count: number) => string;
  readonly showLess: string;
  readonly subjects: Readonly<Record<DeviceKind | 'heartbeat' | 'clone' | 'uplink', string>>;
  readonly numbered: Readonly<Partial<Record<DeviceKind, (number: number) => string>>>;
  readonly fromStickFull: (imported: string, newest: string) => string;
  readonly since: (age: string) => string;
  readonly sinceAtLeast: (age: string) => string;
  readonly silentFor: (age: string) => string;
  readonly justNow: string;
  readonly neverHeard: string;
  readonly heardAgo: (age: string) => string;
  readonly oldReadings: string;
  readonly thisPc: string;
  readonly noChecks: string;
  readonly openRoom: (room: string) => string;
  readonly uplinkReasons: Readonly<Record<'opening' | 'waiting' | 'stopped', string>>;
  readonly footer: string;
  readonly advice: HqAdviceTexts;
  readonly incidents: HqIncidentTexts;
}
