/** Words of the replay. */
export interface ReplayTexts {
  /** Over everything at all times: nobody may take this for now. */
  readonly replay: string;
  readonly controls: string;
  readonly play: string;
  readonly pause: string;
  readonly speed: string;
  readonly times: (speed: string) => string;
  readonly back10: string;
  readonly forward10: string;
  readonly back60: string;
  readonly forward60: string;
  readonly nextMark: string;
  readonly lastMark: string;
  readonly slider: string;
  readonly day: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly linkHint: string;
  readonly toLive: string;
  readonly keys: string;
  readonly marks: string;
  readonly hideMarks: string;
  readonly showMarks: string;
  readonly noMarks: string;
  readonly marksCut: string;
  readonly onlyPeople: string;
  readonly collector: string;
  readonly plan: (version: string) => string;
  readonly claimed: (place: string, stage: string) => string;
  readonly unclaimed: (place: string, stage: string) => string;
  readonly site: (code: string) => string;
  readonly room: (code: string) => string;
  readonly due: (stage: string) => string;
  readonly loading: string;
  readonly gapTitle: string;
  readonly gapHint: (from: string, to: string) => string;
  readonly damagedTitle: string;
  readonly behindGap: string;
  readonly end: string;
  readonly nothingTitle: string;
  readonly nothingHint: string;
  readonly noAnswer: string;
  /** By the token of the collector's refusal. */
  readonly refusals: Readonly<Record<string, string>>;
  readonly toFirst: string;
  readonly toLast: string;
  readonly presentTitle: string;
  readonly presentHint: string;
  readonly openPresent: string;
  /** On pages that also ask the collector, which knows only the present. */
  readonly partlyPresent: string;
}
