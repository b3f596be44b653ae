import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import OidcProvider from 'oidc-provider';
import { onTestFinished } from 'vitest';

/** A provider of OpenID Connect on loopback: a certified one, whose people sign in by saying who they are. */
export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A person with a browser there: signs in as `login`, and is sent back to where it came from. */
  visit(url: string, login: string): Promise<string>;
}

const clientId = 'ppe-pulse';
const clientSecret = 'a-secret-of-this-test-and-no-other';

/** `redirectUri` is all that this client may be sent back to. Goes with the test. */
export async function oidcProvider(redirectUri: () => string): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let provider: OidcProvider | undefined;
  server.on('request', (request, response) => {
    // Made when the first asks: by then the collector has its address.
    provider ??= new OidcProvider(issuer, {
      clients: [
        { client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri()] },
      ],
      claims: { openid: ['sub', 'preferred_username'] },
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: `subject of ${id}`, preferred_username: id }),
      }),
      cookies: { keys: ['a-key-of-this-test'] },
    });
    void provider.callback()(request, response);
  });
  onTestFinished(() => void server.close());
  return { issuer, clientId, clientSecret, visit: (url, login) => visit(url, login) };
}

/** Follows redirects and fills in the provider's own development forms until it is sent elsewhere. */
async function visit(start: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(start);
  let [url, body]: [string, URLSearchParams | undefined] = [start, undefined];
  for (let step = 0; step < 20; step += 1) {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body && { body }),
    });
    for (const each of response.headers.getSetCookie()) {
      const [pair = ''] = each.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location !== null) {
      url = new URL(location, url).href;
      body = undefined;
      if (!url.startsWith(origin)) return url;
      continue;
    }
    const html = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
    if (action === undefined) throw new Error(`no form at ${url}: ${html.slice(0, 300)}`);
    url = new URL(action, url).href;
    const prompt = html.includes('name="login"') ? 'login' : 'consent';
    body = new URLSearchParams({ prompt, ...(prompt === 'login' && { login, password: 'any' }) });
  }
  throw new Error('the provider sends its visitors in circles');
}
