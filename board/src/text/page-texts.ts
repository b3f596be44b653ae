import type { SiteKind } from '@ppe-pulse/protocol';

/** Forms of a noun by `Intl.PluralRules`. */
export interface Plural {
  readonly one: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}

/** Words of the pages; words of the domain come from the protocol. */
export interface PageTexts {
  readonly title: string;
  readonly board: string;
  readonly moscow: string;
  readonly waiting: string;
  readonly nobody: string;
  readonly nobodyHint: string;
  readonly noProblems: string;
  readonly more: (count: number) => string;
  readonly onlyProblems: string;
  readonly pinOrder: string;
  readonly theme: { readonly dark: string; readonly light: string };
  readonly otherLanguage: string;
  readonly fullscreen: string;
  readonly leaveFullscreen: string;
  readonly live: string;
  /** In the place of the line's state where the past is shown. */
  readonly replayed: string;
  readonly late: string;
  readonly stale: string;
  readonly lost: string;
  /** «состояние на 09:40». */
  readonly asOf: (time: string) => string;
  /** What to do when the session is refused, and what is shown meanwhile. */
  readonly refused: (hint: string, time: string) => string;
  readonly watermark: string;
  readonly pictureAge: (age: string) => string;
  readonly dataAge: (age: string) => string;
  readonly noData: string;
  readonly frames: (count: string) => string;
  readonly rate: (perSecond: string) => string;
  readonly ppe: string;
  readonly siteKinds: Readonly<Record<SiteKind, string>>;
  readonly room: string;
  readonly hqRoom: string;
  readonly simulated: string;
  readonly reserve: string;
  readonly legend: string;
  readonly workstations: Plural;
  readonly back: string;
  readonly toContent: string;
  readonly partFailed: string;
  readonly reload: string;
  readonly workstation: string;
  readonly waitingForPlan: (checks: string) => string;
  readonly never: string;
  readonly ago: (age: string) => string;
  /** Ages in one unit; `days` are counted in words. */
  readonly justNow: string;
  readonly minutes: (count: number) => string;
  readonly hours: (count: number) => string;
  readonly days: Plural;
  /** What a flash drive brought: how old the newest of it is, and when it was brought. */
  readonly carried: (ago: string) => string;
  readonly brought: (ago: string) => string;
  readonly agent: string;
  readonly signedOut: string;
  readonly signedOutHint: string;
  readonly signIn: string;
  readonly unknownPage: string;
}
