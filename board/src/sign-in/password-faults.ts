/** As the collector holds passwords against: longer ones only make hashing slow. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 128;

/** A password that is being chosen. */
export interface ChosenPassword {
  readonly account: string;
  readonly next: string;
  readonly again: string;
}

export type PasswordFault =
  | { readonly kind: 'tooShort'; readonly missing: number }
  | { readonly kind: 'equalsAccount' | 'notSame' };

/** What is wrong with it, the first thing first; nothing for one that may be sent. Pure. */
export function passwordFault({ account, next, again }: ChosenPassword): PasswordFault | undefined {
  const missing = MIN_PASSWORD_LENGTH - Array.from(next).length;
  if (missing > 0) return { kind: 'tooShort', missing };
  if (next.toLowerCase() === account.toLowerCase()) return { kind: 'equalsAccount' };
  return next === again ? undefined : { kind: 'notSame' };
}
