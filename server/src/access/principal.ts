/** Roles of accounts, from the widest to the narrowest. Not the roles of workstations. */
export const accountRoles = ['admin', 'operator', 'municipal', 'ppe', 'wall'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** Whose sites somebody may see. */
export type Reach =
  | { readonly kind: 'region' }
  | { readonly kind: 'municipality'; readonly slug: string }
  | { readonly kind: 'site'; readonly siteCode: string };

/** Who asks. */
export interface Principal {
  /** A post; `wall:d-3` is the browser that a wall link is bound to. */
  readonly account: string;
  readonly role: AccountRole;
  /** Slug of the registry; of role `municipal` only. */
  readonly municipality: string | null;
  /** Of role `ppe` only. */
  readonly siteCode: string | null;
}

const NOWHERE = '';

/** The sites of a role. A role that needs a place and has none sees nothing. */
export function reachOf({ role, municipality, siteCode }: Principal): Reach {
  switch (role) {
    case 'admin':
    case 'operator':
    case 'wall':
      return { kind: 'region' };
    case 'municipal':
      return { kind: 'municipality', slug: municipality ?? NOWHERE };
    case 'ppe':
      return { kind: 'site', siteCode: siteCode ?? NOWHERE };
  }
}
