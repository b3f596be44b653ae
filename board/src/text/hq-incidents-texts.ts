/** Words of the Штаб page for what the situation centre knows, and for the sound. */
export interface HqIncidentTexts {
  readonly heading: string;
  readonly none: string;
  /** The line stands: a change would be here at once. */
  readonly current: (time: string) => string;
  /** The line stands and the centre has not spoken over it yet. */
  readonly awaited: string;
  readonly awaitedSince: (age: string) => string;
  readonly unseen: (since: string) => string;
  readonly unseenKnown: (age: string) => string;
  readonly unseenNothing: string;
  readonly unseenNone: string;
  /** Open ones that did not fit. */
  readonly untold: (count: string) => string;
  readonly ourMunicipality: string;
  readonly since: (time: string, age: string) => string;
  readonly taken: (time: string) => string;
  readonly untaken: (age: string) => string;
  /** As of a list that is old: it may be taken by now. */
  readonly untakenThen: string;
  readonly assigned: (role: string) => string;
  readonly marks: {
    readonly drill: string;
    readonly simulated: string;
    readonly unstable: string;
    readonly unheard: string;
    readonly silenced: (time: string) => string;
    readonly snoozed: (time: string) => string;
  };
  /** Beside a fault that is seen here. */
  readonly known: {
    readonly taken: (time: string) => string;
    readonly waits: (time: string) => string;
    readonly waitsThen: (time: string) => string;
    readonly setAside: string;
    /** Behind one of the above where only some of the places are known. */
    readonly partly: (covered: string, of: string) => string;
  };
  readonly sound: Readonly<Record<HqSoundState, string>>;
  readonly soundHint: Readonly<Record<HqSoundState, string>>;
  readonly hush: string;
  readonly hushHint: string;
}

/** Whether this page would be heard. */
export type HqSoundState = 'on' | 'muted' | 'blocked' | 'missing';
