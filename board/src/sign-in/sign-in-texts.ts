import type { Role } from '../session/session.ts';

/** Words of signing in, of passwords and of codes. */
export interface SignInTexts {
  readonly title: string;
  readonly account: string;
  readonly accountHint: string;
  readonly password: string;
  readonly code: string;
  readonly codeHint: string;
  readonly signIn: string;
  readonly signingIn: string;
  readonly otherAccount: string;
  readonly otherWay: string;
  readonly signedInAs: (account: string, role: string) => string;
  readonly toBoard: string;
  readonly first: string;
  readonly forgotten: string;
  readonly retryAt: (time: string) => string;
  readonly left: (seconds: string) => string;
  readonly roles: Readonly<Record<Role, string>>;
  readonly setPassword: string;
  readonly setPasswordWhy: (account: string) => string;
  readonly current: string;
  readonly next: string;
  readonly again: string;
  readonly passwordRule: string;
  readonly notSame: string;
  readonly tooShort: (missing: string) => string;
  readonly equalsAccount: string;
  readonly save: string;
  readonly totpTitle: string;
  readonly totpNeeded: string;
  readonly totpBegin: string;
  readonly totpScan: string;
  readonly totpKey: string;
  readonly totpLink: string;
  readonly totpQr: string;
  readonly totpConfirm: string;
  readonly totpTurnOn: string;
  readonly cancel: string;
}
