import type { EnrolmentFile, EnrolmentPlace } from '@ppe-pulse/protocol/enrolment';
import type { Identity } from '../platform/identity.ts';
import { makeRequest } from './make-request.ts';
import { postRequest, type Asked, type PostOutcome } from './post-request.ts';
import type { Way } from './take-credential.ts';

/** What is asked for, and which way. */
export interface PlaceQuestion {
  readonly file: EnrolmentFile;
  /** Equal places, in the order in which they are tried. */
  readonly places: readonly EnrolmentPlace[];
  readonly identity: Pick<Identity, 'publicKey' | 'sign'>;
  /** Address of the Штаб's relay; undefined asks the collector itself. */
  readonly through: string | undefined;
}

export type PlaceAnswer =
  /** Not checked yet. */
  | { readonly kind: 'answered'; readonly credential: string; readonly way: Way }
  | { readonly kind: 'refused'; readonly status: number; readonly problem: string }
  /** Somebody is there who is not to be trusted. */
  | { readonly kind: 'badCertificate'; readonly address: string; readonly error: string }
  | { readonly kind: 'noAnswer'; readonly tried: readonly string[] };

/** Errors of TLS that say who is there, and not that nobody is. */
const NOT_TRUSTED =
  /CERT|PIN_MISMATCH|SELF_SIGNED|ISSUER|VERIFY|UNABLE_TO|HOSTNAME|ALTNAME|EPROTO|ERR_TLS|ERR_SSL/;
/** An HTTP answer that is none of ours: another program listens there. */
const NOT_OURS = 'notARelay';

/**
 * Asks for a place at the first address that answers; of equal places for the first that is free. It ends at
 * somebody who is not to be trusted, and after an address with TLS asks at none without: whoever can cut
 * the line would choose the way otherwise.
 */
export async function askForPlace(question: PlaceQuestion): Promise<PlaceAnswer> {
  const tried: string[] = [];
  let wasSecure = false;
  for (const asked of addressesOf(question)) {
    const isSecure = asked.url.startsWith('wss:');
    if (wasSecure && !isSecure) continue;
    wasSecure ||= isSecure;
    const answer = await askAt(asked, question);
    if (answer.kind !== 'failed') return answer;
    if (NOT_TRUSTED.test(answer.error))
      return { kind: 'badCertificate', address: asked.url, error: answer.error };
    tried.push(`${asked.url} (${answer.error})`);
  }
  return { kind: 'noAnswer', tried };
}

function addressesOf({ file, through }: PlaceQuestion): Asked[] {
  const { urls, relayUrl, caPem, pins, systemRoots = false } = file.collector;
  const common = { caPem: caPem ?? undefined, pins, systemRoots };
  const relay = (url: string): Asked => ({ ...common, url, relayOf: file.siteCode });
  if (through !== undefined) return [relay(through)];
  const direct = urls.map((url) => ({ ...common, url, relayOf: undefined }));
  return relayUrl === undefined ? direct : [...direct, relay(relayUrl)];
}

async function askAt(
  asked: Asked,
  { file, places, identity }: PlaceQuestion,
): Promise<PlaceAnswer | Extract<PostOutcome, { kind: 'failed' }>> {
  let last: PlaceAnswer = { kind: 'refused', status: 0, problem: '' };
  for (const place of places) {
    const outcome = await postRequest(asked, makeRequest(file, place, identity));
    if (outcome.kind === 'failed') return outcome;
    const { status, body, relayKey } = outcome;
    const isRelay = asked.relayOf !== undefined;
    if (status === 200)
      return { kind: 'answered', credential: body, way: { url: asked.url, isRelay, relayKey } };
    last = { kind: 'refused', status, problem: status === 404 ? NOT_OURS : problemOf(body) };
    if (last.problem !== 'placeTaken') break;
  }
  return last;
}

/** The stable kind of a problem document, empty for anything else. */
export function problemOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('type' in value)) return '';
    return /^urn:ppe-pulse:problem:([A-Za-z]{1,48})$/.exec(String(value.type))?.[1] ?? '';
  } catch {
    return '';
  }
}
