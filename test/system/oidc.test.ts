import { describe, expect, it } from 'vitest';
import { api, testCollector } from '../support/collector.ts';
import { oidcProvider, type TestProvider } from '../support/oidc-provider.ts';
import { Browser } from '../support/people.ts';
import type { Collector } from '../../server/src/collector.ts';

async function world() {
  let collector: Collector | undefined;
  const provider = await oidcProvider(() => `${collector?.url}/oidc/callback`);
  collector = await testCollector({}, settingsOf(provider));
  const body = { account: 'dezhurny', role: 'operator' };
  await api(collector, '/api/v1/accounts', { method: 'POST', body });
  return { collector, provider };
}

function settingsOf({ issuer, clientId, clientSecret }: TestProvider): Record<string, string> {
  return {
    PPE_PULSE_OIDC_ISSUER: issuer,
    PPE_PULSE_OIDC_CLIENT_ID: clientId,
    PPE_PULSE_OIDC_CLIENT_SECRET: clientSecret,
    PPE_PULSE_OIDC_LABEL: 'Вход через портал',
  };
}

/** To the provider and as far as the address that it sends the browser back to. */
async function away(collector: Collector, provider: TestProvider, login: string) {
  const browser = new Browser(collector);
  const started = await browser.ask('/oidc/start');
  expect(started.status).toBe(303);
  const to = new URL(started.headers.get('location') ?? '');
  const back = new URL(await provider.visit(to.href, login));
  return { browser, to, back };
}

async function comeBack(browser: Browser, back: URL) {
  return browser.ask(back.pathname + back.search);
}

describe('signing in by a provider', () => {
  it('lets an account in that is here already, by code, PKCE, state and nonce', async () => {
    const { collector, provider } = await world();
    expect((await api(collector, '/api/v1/sign-in')).body).toEqual({
      oidc: true,
      oidcLabel: 'Вход через портал',
    });
    const { browser, to, back } = await away(collector, provider, 'dezhurny');
    expect(to.searchParams.get('response_type')).toBe('code');
    expect(to.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(to.searchParams.get(name)?.length ?? 0).toBeGreaterThan(30);
    const returned = await comeBack(browser, back);
    expect([returned.status, returned.headers.get('location')]).toEqual([303, '/']);
    const session = returned.headers.getSetCookie().find((each) => each.includes('session'));
    expect(session).toMatch(/HttpOnly.*SameSite=Strict/);
    browser.cookie = session?.split(';')[0] ?? '';
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({
      account: 'dezhurny',
      role: 'operator',
      mustSetPassword: false,
    });
  });

  it('lets nobody in whose account is not here, or was disabled', async () => {
    const { collector, provider } = await world();
    const body = { role: 'operator', disabled: true };
    await api(collector, '/api/v1/accounts/dezhurny', { method: 'PUT', body });
    for (const login of ['stranger', 'dezhurny', 'wall:d-1']) {
      const { browser, back } = await away(collector, provider, login);
      const returned = await comeBack(browser, back);
      expect(returned.headers.get('location')).toBe('/sign-in?refused=oidc');
      expect(returned.headers.getSetCookie().join()).not.toContain('session');
    }
  });

  it('is finished only by the browser that began it, once, and as it was begun', async () => {
    const { collector, provider } = await world();
    const { browser, back } = await away(collector, provider, 'dezhurny');
    const refused = async (by: Browser, url: URL): Promise<void> => {
      const returned = await comeBack(by, url);
      expect(returned.headers.get('location')).toBe('/sign-in?refused=oidc');
      expect(returned.headers.getSetCookie().join()).not.toContain('session');
    };
    await refused(new Browser(collector), back);
    const ticket = browser.cookie;
    const forged = new URL(back);
    forged.searchParams.set('state', 'A'.repeat(43));
    await refused(browser, forged);
    // The attempt burnt the ticket: the right address comes too late.
    browser.cookie = ticket;
    await refused(browser, back);
    const other = await away(collector, provider, 'dezhurny');
    other.back.searchParams.set('code', 'not-the-code');
    await refused(other.browser, other.back);
  });

  it('is not there where nobody set it up', async () => {
    const collector = await testCollector();
    expect((await api(collector, '/api/v1/sign-in')).body).toEqual({ oidc: false });
    expect((await new Browser(collector).ask('/oidc/start')).kind).toBe('noOidc');
  });

  it('says that the provider does not answer, and tries anew with the next person', async () => {
    let collector: Collector | undefined;
    const provider = await oidcProvider(() => `${collector?.url}/oidc/callback`);
    const env = { ...settingsOf(provider), PPE_PULSE_OIDC_ISSUER: 'http://127.0.0.1:9/' };
    collector = await testCollector({}, env);
    const answer = await new Browser(collector).ask('/oidc/start');
    expect([answer.status, answer.kind]).toEqual([503, 'noProvider']);
  });

  it.each(['http://sso.example/', 'ftp://127.0.0.1/'])(
    'takes no issuer such as %s',
    async (issuer) => {
      const env = { PPE_PULSE_OIDC_ISSUER: issuer, PPE_PULSE_OIDC_CLIENT_ID: 'x' };
      await expect(testCollector({}, env)).rejects.toThrow('oidc');
    },
  );
});
