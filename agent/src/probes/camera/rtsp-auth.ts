import { createHash } from 'node:crypto';

/** Who signs in at a camera. Never shown, logged or sent to anybody else. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** One request that is to be signed. */
export interface SignedRequest {
  readonly method: string;
  readonly uri: string;
  /** Random text and count of this nonce's uses, for `qop=auth`. */
  readonly clientNonce: string;
  readonly count: number;
}

/**
 * The Authorization header that answers a camera's WWW-Authenticate (RFC 2617, RFC 7616): digest with
 * MD5 or SHA-256 where it is offered, else basic; undefined for a way that is not known.
 */
export function authorization(
  challenges: string,
  credentials: Credentials,
  request: SignedRequest,
): string | undefined {
  const offered = challenges.split('\n').map((each) => each.trim());
  const digests = offered.filter((each) => /^digest /i.test(each)).map(parametersOf);
  const digest = digests.find((each) => hashOf(each.get('algorithm')) !== undefined);
  if (digest) return digestHeader(digest, credentials, request);
  if (!offered.some((each) => /^basic\b/i.test(each))) return undefined;
  const pair = `${credentials.username}:${credentials.password}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function digestHeader(
  challenge: ReadonlyMap<string, string>,
  { username, password }: Credentials,
  request: SignedRequest,
): string {
  const algorithm = challenge.get('algorithm');
  const name = hashOf(algorithm) ?? 'md5';
  const hash = (text: string): string => createHash(name).update(text, 'utf8').digest('hex');
  const realm = challenge.get('realm') ?? '';
  const nonce = challenge.get('nonce') ?? '';
  const hasQop = (challenge.get('qop') ?? '').split(',').some((each) => each.trim() === 'auth');
  const count = request.count.toString(16).padStart(8, '0');
  const secret = hash(`${username}:${realm}:${password}`);
  const what = hash(`${request.method}:${request.uri}`);
  const middle = hasQop ? `${nonce}:${count}:${request.clientNonce}:auth` : nonce;
  const quoted = (text: string): string => `"${text.replaceAll(/["\\\r\n]/g, '')}"`;
  const fields = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response=${quoted(hash(`${secret}:${middle}:${what}`))}`,
    ...(hasQop ? ['qop=auth', `nc=${count}`, `cnonce=${quoted(request.clientNonce)}`] : []),
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm.replaceAll(/[^\w-]/g, '')}`]),
    ...(challenge.has('opaque') ? [`opaque=${quoted(challenge.get('opaque') ?? '')}`] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

function hashOf(algorithm: string | undefined): 'md5' | 'sha256' | undefined {
  if (algorithm === undefined || /^md5$/i.test(algorithm)) return 'md5';
  return /^sha-256$/i.test(algorithm) ? 'sha256' : undefined;
}

/** `Digest realm="a, b", nonce=x` → its pairs. */
function parametersOf(challenge: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pairs = /(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g;
  for (const [, name = '', quoted, bare] of challenge.slice(0, 2_048).matchAll(pairs))
    found.set(name.toLowerCase(), quoted ?? bare ?? '');
  return found;
}
