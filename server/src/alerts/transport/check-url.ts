import { isAllowed, type AddressKind, type AddressPolicy } from './address-policy.ts';
import { addressesOf, type ResolveName } from './host-resolver.ts';
import { MAX_URL_LENGTH } from './transport-limits.ts';

/** Why an address of a receiver is not taken. */
export const addressProblems = [
  'tooLong',
  'notAUrl',
  'badScheme',
  'hasCredentials',
  'hasFragment',
  'addressRefused',
] as const;

export interface AddressProblem {
  readonly reason: (typeof addressProblems)[number];
  /** One line for a person: what to write instead. */
  readonly detail: string;
}

/** What can be said of a URL before anybody is asked; null for good. */
export function checkUrl(
  text: string,
  allowsPrivate: boolean,
  policy: AddressPolicy,
): AddressProblem | null {
  if (text.length > MAX_URL_LENGTH) {
    return problem('tooLong', `shorten the address to ${MAX_URL_LENGTH} characters`);
  }
  // A URL drops spaces and line ends silently; who typed them did not mean what is left.
  const url = /\s/.test(text) || !URL.canParse(text) ? null : new URL(text);
  if (!url) return problem('notAUrl', 'write a whole address: https://host/path');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return problem('badScheme', 'only https:// and http:// are possible');
  }
  if (url.username !== '' || url.password !== '') {
    const detail =
      'remove the name and the password from the address: secrets have their own field';
    return problem('hasCredentials', detail);
  }
  if (url.hash !== '' || text.endsWith('#')) {
    return problem('hasFragment', 'remove “#” and what follows: it is never sent');
  }
  return checkName(url.hostname, allowsPrivate, policy);
}

/** The same of a bare host, of a mail server. */
export function checkName(
  host: string,
  allowsPrivate: boolean,
  policy: AddressPolicy,
): AddressProblem | null {
  const kind = policy.kindOfName(host);
  return isAllowed(kind, allowsPrivate) ? null : refused(kind);
}

/** Asks where the host of a URL, or a bare host, leads. A name that is not known now may be, later. */
export async function checkHost(
  urlOrHost: string,
  allowsPrivate: boolean,
  by: { readonly policy: AddressPolicy; readonly resolve: ResolveName },
): Promise<AddressProblem | null> {
  const isUrl = /^https?:/i.test(urlOrHost) && URL.canParse(urlOrHost);
  const host = isUrl ? new URL(urlOrHost).hostname : urlOrHost;
  const found = await addressesOf(host, allowsPrivate, by);
  return found.kind === 'refused' ? refused(allowsPrivate ? 'forbidden' : 'private') : null;
}

function refused(kind: AddressKind): AddressProblem {
  const detail =
    kind === 'private'
      ? 'the host is in a private network: name a public one, or allow private addresses for this webhook'
      : 'the host is of a kind that alerts are never sent to: name the receiver itself';
  return problem('addressRefused', detail);
}

function problem(reason: AddressProblem['reason'], detail: string): AddressProblem {
  return { reason, detail };
}
