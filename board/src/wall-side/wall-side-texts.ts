import type { Plural } from '../text/page-texts.ts';
import type { NotCalm } from './calm-facts.ts';

/** Words of the wall's right column. Numbers come as they are written, with their nouns where they need one. */
export interface WallSideTexts extends ProblemTexts, MassLossTexts, CalmTexts, PictureTexts {
  /** Name of the column for screen readers. */
  readonly side: string;
  readonly sites: Plural;
  readonly rooms: Plural;
  readonly incidentCount: Plural;
}

/** The list of problems, and what a screen reader hears of it. */
interface ProblemTexts {
  readonly problems: string;
  readonly open: Plural;
  readonly ownerless: Plural;
  readonly grouped: Plural;
  readonly single: Plural;
  readonly noOwner: string;
  readonly nobodyTook: string;
  readonly untakenFor: (age: string) => string;
  readonly moreWarnings: (count: string) => string;
  readonly more: (count: string, critical: string) => string;
  readonly moreOwnerless: (count: string) => string;
  readonly flood: (count: string, minutes: string) => string;
  readonly floodHint: string;
  readonly firstOut: string;
  readonly firstWas: (what: string) => string;
  readonly manyFaultsIn: (name: string) => string;
  readonly faultIn: (kind: string, name: string) => string;
  readonly spokenNone: string;
  readonly spokenCounts: (open: string, critical: string, ownerless: string) => string;
  readonly spokenWorst: (title: string) => string;
  readonly spokenNew: (title: string) => string;
}

/** One fault of many sites. */
interface MassLossTexts {
  readonly massSilence: (sites: string) => string;
  readonly massFault: (fault: string, sites: string) => string;
  readonly share: (share: string) => string;
  readonly fellWithin: (span: string) => string;
  readonly lasts: (age: string) => string;
  readonly causeProvider: (name: string) => string;
  readonly causeMunicipality: (name: string) => string;
  readonly causeNeighbours: (municipalities: string) => string;
  readonly causeRegion: (municipalities: string) => string;
  readonly hitNeighbours: Plural;
  readonly hitMunicipalities: Plural;
  readonly othersHeard: Plural;
  readonly foldedInOne: (stations: string) => string;
  readonly outOf: (total: string) => string;
  readonly moreMunicipalities: (count: string) => string;
}

/** Nothing is wrong, or nobody may say so. */
interface CalmTexts {
  readonly calm: string;
  readonly checked: (sites: string, rooms: string) => string;
  readonly camerasOn: (on: string, planned: string) => string;
  readonly rulesChecked: (age: string) => string;
  readonly heard: (heard: string) => string;
  readonly silentByRule: (count: string) => string;
  /** «3 ППЭ ещё не выполнили»: the deadline is past, and nobody is late yet. */
  readonly owed: Plural;
  readonly lastClosed: (time: string, title: string) => string;
  readonly noneOpen: string;
  readonly notCalm: string;
  /** The count comes with its noun where workstations are meant. */
  readonly doubts: Readonly<Record<NotCalm, (count: string) => string>>;
}

/** Map, trend, cameras. */
interface PictureTexts {
  readonly map: string;
  readonly tileName: (name: string, sites: string, verdict: string) => string;
  readonly tileBad: (bad: string, sites: string) => string;
  readonly noMunicipalities: string;
  readonly emTrend: string;
  readonly rxTrend: string;
  readonly megabits: string;
  readonly emGot: (done: string, total: string) => string;
  readonly noTrend: string;
  readonly trendName: (now: string, most: string) => string;
  readonly camerasTitle: string;
  readonly camerasOf: (planned: string) => string;
  readonly camerasOff: (count: string) => string;
  readonly camerasUnknown: (count: string) => string;
  readonly camerasByRule: (count: string) => string;
  readonly darkOver: (minutes: string, rooms: string) => string;
  readonly allStreams: string;
  readonly noCameras: string;
}
