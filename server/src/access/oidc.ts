import { isLoopback } from '@ppe-pulse/protocol';
import type * as OpenId from 'openid-client';
import type { CollectorConfig } from '../config.ts';
import { hashToken, randomToken } from './secrets.ts';

/** What a browser takes along to the provider, and where to send it. */
export interface OidcStart {
  readonly url: string;
  /** Of the browser's cookie: nobody else can finish what it began. */
  readonly ticket: string;
}

export type OidcOutcome =
  | { readonly kind: 'known'; readonly account: string }
  /** `noTicket`: another browser began it, or it took too long. */
  | { readonly kind: 'refused'; readonly reason: 'noTicket' | 'refusedByProvider' | 'noClaim' };

/** Signing in by the provider of an installation. */
export interface Oidc {
  /** What people read on its button. */
  readonly label: string;
  /** `callback` is this collector's address as the browser sees it. Rejects when nobody answers. */
  start(callback: string, nowMs: number): Promise<OidcStart>;
  /** `url` is the callback with what the provider said. */
  finish(ticket: string | undefined, url: URL, nowMs: number): Promise<OidcOutcome>;
}

/** Time for a person to sign in there. */
export const OIDC_TICKET_MS = 10 * 60_000;
/** People who are away at the provider at the same time; the oldest is forgotten first. */
const MAX_AWAY = 200;

interface Away {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly untilMs: number;
}

/**
 * Authorization code with PKCE, state and nonce (OpenID Connect Core 3.1; RFC 9700). The library is
 * loaded, and the provider asked who it is, when the first person comes.
 */
export function createOidc(settings: CollectorConfig['oidc']): Oidc | undefined {
  const { issuer, clientId, clientSecret, claim, label } = settings;
  if (issuer === '') return undefined;
  const away = new Map<string, Away>();
  let provider: Promise<Provider> | undefined;
  const open = async (): Promise<Provider> => {
    provider ??= discover({ issuer, clientId, clientSecret });
    try {
      return await provider;
    } catch (error) {
      // The next person asks again.
      provider = undefined;
      throw error;
    }
  };
  return {
    label,
    start: async (callback, nowMs) => {
      const { client, configuration } = await open();
      const [ticket, state, nonce] = [randomToken(), client.randomState(), client.randomNonce()];
      const verifier = client.randomPKCECodeVerifier();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      away.set(hashToken(ticket), { verifier, state, nonce, untilMs: nowMs + OIDC_TICKET_MS });
      const oldest = away.keys().next().value;
      if (away.size > MAX_AWAY && oldest !== undefined) away.delete(oldest);
      return { url: url.href, ticket };
    },
    finish: async (ticket, url, nowMs) => {
      const hash = hashToken(ticket ?? '');
      const known = away.get(hash);
      away.delete(hash);
      if (!known || known.untilMs < nowMs) return { kind: 'refused', reason: 'noTicket' };
      const { client, configuration } = await open();
      try {
        const tokens = await client.authorizationCodeGrant(configuration, url, {
          pkceCodeVerifier: known.verifier,
          expectedState: known.state,
          expectedNonce: known.nonce,
          idTokenExpected: true,
        });
        const account = tokens.claims()?.[claim];
        if (typeof account === 'string') return { kind: 'known', account };
        return { kind: 'refused', reason: 'noClaim' };
      } catch (error) {
        if (!isOfProvider(error)) throw error;
        return { kind: 'refused', reason: 'refusedByProvider' };
      }
    },
  };
}

interface Provider {
  readonly client: typeof OpenId;
  readonly configuration: OpenId.Configuration;
}

async function discover({
  issuer,
  clientId,
  clientSecret,
}: Pick<CollectorConfig['oidc'], 'issuer' | 'clientId' | 'clientSecret'>): Promise<Provider> {
  const client = await import('openid-client');
  const server = new URL(issuer);
  // The settings let plain HTTP through on this machine only.
  const execute = isLoopback(server.hostname) ? [client.allowInsecureRequests] : [];
  const own = clientSecret === '' ? client.None() : client.ClientSecretPost(clientSecret);
  const configuration = await client.discovery(server, clientId, undefined, own, {
    execute,
    timeout: ANSWER_SECONDS,
  });
  return { client, configuration };
}

const ANSWER_SECONDS = 10;

/** What the provider said, or did not say, is no mistake of ours. */
function isOfProvider(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('OAUTH_');
}
