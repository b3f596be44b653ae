import type { EnrolmentState } from './enrolment-shapes.ts';

/** Words of the page of enrolment. */
export interface EnrolmentTexts {
  readonly title: string;
  readonly loadFailed: string;
  readonly nothing: string;
  readonly nothingFound: string;
  readonly summary: (active: string, total: string) => string;
  readonly create: {
    readonly title: string;
    readonly hint: string;
    readonly site: string;
    readonly siteRule: string;
    readonly from: string;
    readonly to: string;
    readonly datesHint: string;
    readonly needsApproval: string;
    readonly make: string;
    readonly made: (name: string) => string;
  };
  readonly drive: {
    readonly title: string;
    readonly hint: string;
    readonly choose: string;
    readonly notJson: string;
    readonly made: (name: string) => string;
  };
  readonly undecided: string;
  readonly nowHere: string;
  readonly asks: string;
  readonly nobodyHere: string;
  readonly heard: (ago: string) => string;
  readonly neverHeard: string;
  readonly askedAt: (time: string) => string;
  readonly replaceHint: string;
  readonly pendingHint: string;
  /** Several PCs want one place. */
  readonly contestHint: string;
  /** What refusing one does to the file that it came with. */
  readonly guardHint: string;
  readonly replace: string;
  readonly replaceReally: string;
  readonly approve: string;
  readonly approveReally: string;
  readonly reject: string;
  readonly rejectReally: string;
  readonly search: string;
  readonly searchHint: string;
  readonly previous: string;
  readonly next: string;
  readonly places: string;
  readonly place: string;
  readonly number: (number: string) => string;
  readonly cloned: string;
  readonly state: string;
  readonly workstation: string;
  readonly enrolled: string;
  readonly validUntil: string;
  readonly actions: string;
  readonly states: Readonly<Record<EnrolmentState, string>>;
  readonly counted: Readonly<Record<EnrolmentState, (count: string) => string>>;
  readonly ways: Readonly<Record<'line' | 'relay' | 'drive', string>>;
  readonly renew: string;
  readonly renewReally: string;
  readonly renewed: (name: string) => string;
  readonly revoke: string;
  readonly revokeNote: string;
  readonly revokeReally: string;
  readonly revokeHint: string;
  readonly cancel: string;
  readonly leave: string;
}
