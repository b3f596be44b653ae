import type { Audit } from '../state/audit.ts';
import type { Access, LetIn } from './access.ts';
import type { Account } from './accounts.ts';
import type { Passwords } from './passwords.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';
import { totpStep } from './totp.ts';

/** What somebody types, and where from. */
export interface SignInTry {
  readonly account: string;
  readonly password: string;
  /** Of the authenticator; undefined where nobody asked for it yet. */
  readonly code: string | undefined;
  readonly address: string;
}

export type SignInOutcome =
  | { readonly kind: 'in'; readonly letIn: LetIn }
  /** `codeNeeded` is told only after the right password. */
  | { readonly kind: 'refused'; readonly reason: 'wrongCredentials' | 'codeNeeded' | 'wrongCode' }
  | { readonly kind: 'wait'; readonly waitMs: number };

/** What a sign-in works with. */
export interface SignInParts {
  readonly access: Access;
  readonly audit: Audit;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  readonly wallMs: () => number;
}

/** Hashing is behind: a moment later it is not. */
const BUSY_MS = 2_000;

/** Signs people in by password and code, the same time for accounts that are there and that are not. */
export class SignIn {
  readonly #parts: SignInParts;

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  async try(wanted: SignInTry): Promise<SignInOutcome> {
    const { access, passwords, throttle, wallMs } = this.#parts;
    const { account, address } = wanted;
    const turn = throttle.begin(account, address, wallMs());
    if (turn.kind === 'wait') return turn;
    const compared = usable(access.accounts.find(account))?.passwordHash ?? null;
    const matches = await passwords.matches(wanted.password, compared);
    if (matches === 'busy') {
      throttle.giveBack(account, address);
      return { kind: 'wait', waitMs: BUSY_MS };
    }
    // Read anew: an admin may have taken it away, or its password, while it was hashed.
    const known = usable(access.accounts.find(account));
    const isRight = matches && known !== undefined && known.passwordHash === compared;
    const refusal = isRight ? this.#refusedCode(known, wanted.code) : 'wrongCredentials';
    if (refusal === 'codeNeeded') {
      // Nothing was guessed, and the codes that were guessed before stay counted.
      throttle.giveBack(account, address);
      return { kind: 'refused', reason: refusal };
    }
    if (turn.isBurst) this.#noteBurst(wanted);
    if (refusal) return { kind: 'refused', reason: refusal };
    throttle.succeeded(account, address);
    const letIn = access.letIn(account, wallMs());
    return { kind: 'in', letIn };
  }

  #refusedCode(
    { account, totpSecret }: Account,
    code: string | undefined,
  ): 'codeNeeded' | 'wrongCode' | undefined {
    if (totpSecret === null) return undefined;
    if (code === undefined || code === '') return 'codeNeeded';
    const step = totpStep(totpSecret, code, this.#parts.wallMs());
    const isTaken = step !== undefined && this.#parts.access.accounts.takeTotpStep(account, step);
    return isTaken ? undefined : 'wrongCode';
  }

  /** Once a burst. What was typed for an account may be a password: it is named only where it is one. */
  #noteBurst({ account, address }: SignInTry): void {
    const { access, audit, wallMs } = this.#parts;
    const subject = access.accounts.find(account) ? account : 'unknown';
    const atMs = wallMs();
    audit.add({ atMs, account: subject, action: 'session.guess', subject, details: { address } });
  }
}

function usable(account: Account | undefined): Account | undefined {
  return account?.isDisabled === false ? account : undefined;
}
