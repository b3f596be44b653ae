/** Requests of one address, as the rate limiter takes it. */
export interface Rate {
  readonly max: number;
  readonly timeWindow: number;
}

const MINUTE_MS = 60_000;
/** A board makes one request a second per open page; a house may come from one address. */
const READS = 1_200;
/** People click; scripts send batches. */
const CHANGES = 600;
/** Said by people and never in batches; a played day says those of its hours before in a minute. */
const CLAIMS = 1_200;
/** Guessing 256 bits is hopeless, and a password is slowed down by itself; trying still costs. */
const SIGN_INS = 30;
/** What reads a region's files, or writes all that there is to a disk. */
const HEAVY = 30;

const heavy: ReadonlySet<string> = new Set([
  'POST /api/v1/backups',
  'POST /api/v1/jobs/maintenance',
  'POST /api/v1/registry/sample',
]);
const signIns: ReadonlySet<string> = new Set([
  'GET /sign-in/:code',
  'GET /wall-link/:code',
  'GET /oidc/start',
  'GET /oidc/callback',
  'POST /api/v1/sign-in',
  'PUT /api/v1/session/password',
  'PUT /api/v1/session/totp',
  'DELETE /api/v1/session/totp',
]);

/** How often one address may call a route. */
export function rateOf(method: string, url: string): Rate {
  const route = `${method} ${url}`;
  const per = (max: number): Rate => ({ max, timeWindow: MINUTE_MS });
  if (signIns.has(route)) return per(SIGN_INS);
  if (heavy.has(route)) return per(HEAVY);
  if (route === 'POST /api/v1/claims') return per(CLAIMS);
  return per(method === 'GET' ? READS : CHANGES);
}
