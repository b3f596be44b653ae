/** What an account may be; the collector's own names. */
export const roles = ['admin', 'operator', 'municipal', 'ppe', 'wall'] as const;
export type Role = (typeof roles)[number];

/** Roles that people sign in with; a screen comes by a link of its own. */
export const accountRoles = ['admin', 'operator', 'municipal', 'ppe'] as const;

/** `GET /api/v1/session`: who this browser is to the collector. */
export interface Session {
  readonly account: string;
  readonly role: Role;
  /** Slug; of a municipal account only. */
  readonly municipality?: string;
  /** Of an account of one ППЭ only. */
  readonly siteCode?: string;
  /** Name of the screen; of a wall only. */
  readonly display?: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  readonly mustSetPassword?: boolean;
  /** False for an account that comes in by another way. */
  readonly hasPassword?: boolean;
  readonly totp?: 'off' | 'on' | 'needed';
  readonly oidc?: boolean;
}

/** A session as the collector tells it; undefined for anything else. */
export function sessionOf(value: unknown): Session | undefined {
  const { account, role } = (value ?? {}) as Partial<Session>;
  return typeof account === 'string' && roles.some((each) => each === role)
    ? (value as Session)
    : undefined;
}
