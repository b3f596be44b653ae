import { createHash, randomBytes } from 'node:crypto';

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

/** A challenge is a line of some hundred characters. */
const MAX_CHALLENGE = 2_048;

/**
 * One sign-in at one camera, for RTSP and HTTP alike. Credentials are shown only to a camera that
 * asks for them, and a second time only when its challenge is a new one.
 */
export class SignIn {
  readonly #credentials: Credentials | undefined;
  #challenge: string | undefined;
  #count = 0;

  constructor(credentials: Credentials | undefined) {
    this.#credentials = credentials;
  }

  /** Takes the challenge of a 401. False when there is no sense in asking again. */
  takes(challenge: string | undefined): boolean {
    if (!this.#credentials || challenge === undefined || challenge === this.#challenge)
      return false;
    this.#challenge = challenge;
    this.#count = 0;
    return true;
  }

  /** The Authorization header of a request; undefined while nobody has asked for it. */
  header(method: string, uri: string): string | undefined {
    if (this.#challenge === undefined || !this.#credentials) return undefined;
    this.#count += 1;
    const clientNonce = randomBytes(8).toString('hex');
    const request = { method, uri, clientNonce, count: this.#count };
    return authorization(this.#challenge, this.#credentials, request);
  }
}

/**
 * The Authorization header that answers a camera's WWW-Authenticate (RFC 2617, RFC 7616): digest with
 * MD5 or SHA-256 where it is offered, else basic; undefined for a way that is not known. Several
 * challenges stand on lines of their own or after commas.
 */
export function authorization(
  challenges: string,
  credentials: Credentials,
  request: SignedRequest,
): string | undefined {
  const offered = challengesOf(challenges.slice(0, MAX_CHALLENGE));
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
  const isSession = /-sess$/i.test(algorithm ?? '');
  const count = request.count.toString(16).padStart(8, '0');
  const login = hash(`${username}:${realm}:${password}`);
  const secret = isSession ? hash(`${login}:${nonce}:${request.clientNonce}`) : login;
  const what = hash(`${request.method}:${request.uri}`);
  const middle = hasQop ? `${nonce}:${count}:${request.clientNonce}:auth` : nonce;
  const fields = [
    `username=${quoted(username.replaceAll(/["\\]/g, String.raw`\$&`))}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response=${quoted(hash(`${secret}:${middle}:${what}`))}`,
    ...(hasQop ? ['qop=auth', `nc=${count}`] : []),
    ...(hasQop || isSession ? [`cnonce=${quoted(request.clientNonce)}`] : []),
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(challenge.has('opaque') ? [`opaque=${quoted(challenge.get('opaque') ?? '')}`] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

/** No header of ours has a second line, whatever a camera sent. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\r\n]/g, '')}"`;
}

function hashOf(algorithm: string | undefined): 'md5' | 'sha256' | undefined {
  if (algorithm === undefined || /^md5(?:-sess)?$/i.test(algorithm)) return 'md5';
  return /^sha-256(?:-sess)?$/i.test(algorithm) ? 'sha256' : undefined;
}

/** `Digest realm="a, Basic b", nonce="c", Basic realm="d"` → two challenges. */
function challengesOf(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    let from = 0;
    let isQuoted = false;
    for (let at = 0; at < line.length; at += 1) {
      if (isQuoted && line[at] === '\\') at += 1;
      else if (line[at] === '"') isQuoted = !isQuoted;
      else if (
        !isQuoted &&
        line[at] === ',' &&
        /^, *(?:digest|basic) /i.test(line.slice(at, at + 20))
      ) {
        found.push(line.slice(from, at).trim());
        from = at + 1;
      }
    }
    found.push(line.slice(from).trim());
  }
  return found;
}

/** `Digest realm="a, b", nonce=x` → its pairs. Escapes stay as they are: both sides hash them so. */
function parametersOf(challenge: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const pairs = /(?<!\w)(\w{1,30}) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;
  for (const [, name = '', inQuotes, bare] of challenge.matchAll(pairs))
    found.set(name.toLowerCase(), inQuotes ?? bare ?? '');
  return found;
}
