import type { DutyRole, IncidentLevel, Resolution, Severity } from '../incidents/incident.ts';
import type { Phase } from '../incidents/phase.ts';
import type { SiteKind } from '../region/region.ts';

/** Forms of a counted noun, by `Intl.PluralRules`; `other` stands in for those a language lacks. */
export type CountedWord = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};

/** Words by tokens of the collector, whose lists are not the protocol's; a test walks them. */
type WordsByToken = Readonly<Record<string, string>>;

/** Words of incidents and of what is told about them. */
export interface IncidentTexts {
  readonly severities: Readonly<Record<Severity, string>>;
  readonly levels: Readonly<Record<IncidentLevel, string>>;
  readonly dutyRoles: Readonly<Record<DutyRole, string>>;
  readonly resolutions: Readonly<Record<Resolution, string>>;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly silenceKinds: Readonly<Record<'silence' | 'maintenance', string>>;
  readonly states: Readonly<Record<'open' | 'resolved', string>>;
  /** Kinds that are no checks. */
  readonly kinds: WordsByToken;
  /** Reasons as they read behind the word for the collector. */
  readonly collectorReasons: WordsByToken;
  readonly logKinds: WordsByToken;
  readonly callOutcomes: WordsByToken;
  readonly alertKinds: WordsByToken;
  readonly attemptOutcomes: WordsByToken;
  readonly deliveryStates: WordsByToken;
  readonly webhookFormats: WordsByToken;
  /** Labels of the settings of receivers, by the field's name. */
  readonly webhookFields: WordsByToken;
  /** What is wrong with a setting and what to write instead; `{found}` and `{expected}` are filled in. */
  readonly settingProblems: WordsByToken;
  readonly place: PlaceWords;
  /** Which form a whole number asks for, as `Intl.PluralRules` says, and a hundred times faster. */
  readonly pluralOf: (count: number) => Intl.LDMLPluralRule;
  readonly reach: Readonly<Record<'sites' | 'stations' | 'incidents', CountedWord>>;
  readonly marks: MarkWords;
  readonly message: MessageWords;
  readonly template: TemplateWords;
  /** Names of time zones that people know by one, for «с 09:20 (Кузбасс)». */
  readonly zones: WordsByToken;
}

/** Parts of the tree as titles name them. */
export interface PlaceWords {
  readonly collector: string;
  readonly region: string;
  readonly provider: string;
  readonly municipality: string;
  /** `{code}` is filled in. */
  readonly sites: Readonly<Record<SiteKind, string>>;
  readonly room: string;
  readonly hq: string;
  readonly station: string;
  /** Puts quotation marks around a name. */
  readonly quoted: string;
}

/** What stands before everything else when nothing has really happened. */
export interface MarkWords {
  /** «Учебная тревога»: a test of the way to the receiver. */
  readonly drillAlert: string;
  /** An incident that is rehearsed on purpose. */
  readonly drill: string;
  readonly simulated: string;
}

/** Words of messages to receivers. */
export interface MessageWords {
  /** `{time}` is filled in. */
  readonly since: string;
  readonly fromTo: string;
  readonly lasted: string;
  readonly unstable: string;
  readonly unheard: string;
  readonly assignee: string;
  readonly acknowledged: string;
  readonly cause: string;
  readonly foldedInto: string;
  readonly details: string;
  /** Codes of the sites of a wide incident. */
  readonly sites: string;
  /** `{count}` is filled in. */
  readonly digestTitle: string;
  readonly more: string;
  readonly board: string;
  /** What a drill says of itself. */
  readonly drillNote: string;
  /** Last line of every message: what it is of. */
  readonly signature: string;
  /** In front of the format's own text when the receiver's template could not be used. */
  readonly templateFailed: string;
}

/** What is wrong with a template; `{line}` and `{found}` are filled in. */
export interface TemplateWords {
  readonly atLine: string;
  readonly noVariable: string;
  readonly noFilter: string;
  readonly noTag: string;
  readonly notClosed: string;
  readonly tooMuch: string;
  readonly empty: string;
  /** The words of the template language itself, which are English. */
  readonly other: string;
}
