import type { Role } from '../session/session.ts';

/** An entry of `GET /api/v1/accounts`. Times are RFC 3339. */
export interface AccountAnswer {
  readonly account: string;
  readonly role: Role;
  readonly municipality?: string;
  readonly siteCode?: string;
  readonly disabled: boolean;
  readonly totp: 'off' | 'on';
  /** False until its link was used. */
  readonly hasPassword: boolean;
  readonly lastSignInAt?: string;
  /** Sessions that hold now. */
  readonly sessions: number;
}

export interface AccountsAnswer {
  readonly items: readonly AccountAnswer[];
}

/** What a new account or a reset answers: `path` works once, is shown once, and is told to nobody again. */
export interface LinkAnswer {
  readonly path: string;
  readonly expiresInMs?: number;
}

/** An entry of `GET /api/v1/displays`. */
export interface DisplayAnswer {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly boundAt?: string;
  readonly lastSeenAt?: string;
  readonly state: 'waiting' | 'bound' | 'expired' | 'revoked';
  /** Address of the board that the screen shows; the wall without it. */
  readonly view?: string;
}

export interface DisplaysAnswer {
  readonly items: readonly DisplayAnswer[];
}
