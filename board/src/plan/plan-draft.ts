/** What a person has written and not applied, and what it was made of. */
export interface PlanDraft {
  readonly text: string;
  readonly note: string;
  /** The version that was edited, 0 where there was none, and its text. */
  readonly baseVersion: number;
  readonly baseText: string;
}

const KEY = 'ppe-pulse.plan-draft';

/** A draft of a text as it holds. */
export function freshDraft(baseVersion: number, baseText: string): PlanDraft {
  return { text: baseText, note: '', baseVersion, baseText };
}

export function isChanged({ text, baseText }: PlanDraft): boolean {
  return text !== baseText;
}

/** The unapplied text of this tab; null for none. */
export function keptDraft(): PlanDraft | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isDraft(value) && isChanged(value) ? value : null;
  } catch {
    // Storage is forbidden or holds something else: nothing was kept.
    return null;
  }
}

/** Keeps what is not applied for as long as the tab lives, and forgets what is. */
export function keepDraft(draft: PlanDraft | null): void {
  try {
    if (draft && isChanged(draft)) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // The text lives until the page is left, and the page asks before that.
  }
}

function isDraft(value: unknown): value is PlanDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { text, note, baseVersion, baseText } = value as Readonly<Record<string, unknown>>;
  return (
    typeof text === 'string' &&
    typeof note === 'string' &&
    typeof baseText === 'string' &&
    typeof baseVersion === 'number'
  );
}
