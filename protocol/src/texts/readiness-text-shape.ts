/** Forms of a noun after «из N», «of N»: `из 21 аудитории`, `из 12 аудиторий`. */
export interface NounOf {
  readonly one: string;
  readonly many: string;
}

/** What a condition is called and what to do about it. */
export interface ConditionText {
  readonly title: string;
  /** What is counted; left out where the condition is one thing of the whole site. */
  readonly of?: NounOf;
  /** One sentence for the technical specialist. */
  readonly todo: string;
}

/** Texts of readiness before their keys are known. */
export interface ReadinessTextShape {
  readonly conditions: Readonly<Record<string, ConditionText>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly evidence: Readonly<Record<string, string>>;
  readonly phrases: Readonly<Record<string, string>>;
  readonly sheet: Readonly<Record<string, string | NounOf>>;
}
