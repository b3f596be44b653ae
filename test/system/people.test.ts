import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { api, testCollector } from '../support/collector.ts';
import { Browser, employ, passwordOf } from '../support/people.ts';

const operator = { account: 'dezhurny', role: 'operator' } as const;

function change(collector: Collector, account: string, body: object) {
  return api(collector, `/api/v1/accounts/${account}`, { method: 'PUT', body });
}

async function audited(collector: Collector): Promise<string[]> {
  const { body } = await api(collector, '/api/v1/audit?limit=200');
  const { items } = body as unknown as {
    items: { action: string; account: string; subject: string }[];
  };
  return items
    .map(({ account, action, subject }) => `${account} ${action} ${subject}`)
    .toReversed();
}

describe('an account', () => {
  it('comes in by its link, may do nothing before it has a password, and signs in by that', async () => {
    const collector = await testCollector();
    const made = await api(collector, '/api/v1/accounts', { method: 'POST', body: operator });
    const path = String(made.body['path']);
    const browser = new Browser(collector);
    const opened = await browser.ask(path);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/sign-in']);
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({
      account: 'dezhurny',
      role: 'operator',
      mustSetPassword: true,
      hasPassword: false,
      totp: 'off',
      oidc: false,
    });
    expect((await browser.ask('/api/v1/overview')).kind).toBe('passwordNeeded');
    expect((await browser.ask('/api/v1/session/totp', { method: 'POST' })).kind).toBe(
      'passwordNeeded',
    );
    await expect(browser.board()).rejects.toThrow('401');
    const short = await browser.ask('/api/v1/session/password', {
      method: 'PUT',
      body: { next: 'short' },
    });
    expect([short.status, short.kind]).toEqual([422, 'tooShort']);
    const set = await browser.ask('/api/v1/session/password', {
      method: 'PUT',
      body: { next: passwordOf('dezhurny') },
    });
    expect(set.body).toMatchObject({ mustSetPassword: false, hasPassword: true });
    expect((await browser.ask('/api/v1/overview')).status).toBe(200);
    // The link is burnt, the password opens.
    expect((await new Browser(collector).ask(path)).kind).toBe('linkUsed');
    const other = new Browser(collector);
    expect((await other.signIn('dezhurny', 'another password')).kind).toBe('wrongCredentials');
    expect((await other.signIn('nobody', passwordOf('dezhurny'))).kind).toBe('wrongCredentials');
    expect((await other.signIn('dezhurny', passwordOf('dezhurny'))).body).toMatchObject({
      account: 'dezhurny',
      mustSetPassword: false,
    });
    expect(await audited(collector)).toEqual(
      expect.arrayContaining([
        'admin account.add dezhurny',
        'dezhurny session.begin dezhurny',
        'dezhurny account.password dezhurny',
      ]),
    );
  });

  it.each([
    [{ account: 'Ivanov', role: 'operator' }, 'badRequest'],
    [{ account: 'kemerovo', role: 'municipal' }, 'municipalityNeeded'],
    [{ account: 'kemerovo', role: 'municipal', municipality: 'nowhere' }, 'unknownMunicipality'],
    [{ account: 'kemerovo', role: 'operator', municipality: 'kemerovo' }, 'municipalityNeeded'],
    [{ account: 'ppe-4216', role: 'ppe' }, 'siteNeeded'],
    [{ account: 'ppe-4216', role: 'ppe', siteCode: '4216' }, 'unknownSite'],
    [{ account: 'ppe-4216', role: 'wall', siteCode: '4216' }, 'siteNeeded'],
    [{ account: 'chief', role: 'owner' }, 'badRequest'],
    [{ account: 'admin', role: 'operator' }, 'accountExists'],
  ])('%o is refused: %s', async (body, kind) => {
    const collector = await testCollector();
    const answer = await api(collector, '/api/v1/accounts', { method: 'POST', body });
    expect(answer.body).toMatchObject({ type: `urn:ppe-pulse:problem:${kind}` });
  });

  it('that is changed, disabled, reset or removed is out at once, with all it holds open', async () => {
    const collector = await testCollector();
    const chances: [string, (account: string) => Promise<unknown>][] = [
      [
        'changed',
        (account) => change(collector, account, { role: 'municipal', municipality: 'kemerovo' }),
      ],
      ['disabled', (account) => change(collector, account, { role: 'operator', disabled: true })],
      [
        'reset',
        (account) => api(collector, `/api/v1/accounts/${account}/links`, { method: 'POST' }),
      ],
      ['removed', (account) => api(collector, `/api/v1/accounts/${account}`, { method: 'DELETE' })],
    ];
    for (const [name, strike] of chances) {
      const account = `post-${name}`;
      const browser = await employ(collector, { account, role: 'operator' });
      const { closed } = await browser.board();
      await strike(account);
      expect([name, await closed]).toEqual([name, 4401]);
      expect([name, (await browser.ask('/api/v1/session')).status]).toEqual([name, 401]);
      const again = await browser.signIn(account, passwordOf(account));
      expect([name, again.status]).toEqual([name, name === 'changed' ? 200 : 401]);
    }
  });

  it('that stands as asked already keeps its sessions', async () => {
    const collector = await testCollector();
    const browser = await employ(collector, operator);
    expect((await change(collector, 'dezhurny', { role: 'operator' })).status).toBe(200);
    expect((await browser.ask('/api/v1/session')).status).toBe(200);
  });

  it('admin stays: nobody locks everybody out', async () => {
    const collector = await testCollector();
    const kinds = await Promise.all([
      change(collector, 'admin', { role: 'operator' }),
      change(collector, 'admin', { role: 'admin', disabled: true }),
      api(collector, '/api/v1/accounts/admin', { method: 'DELETE' }),
    ]);
    for (const { status, body } of kinds) {
      expect(status).toBe(409);
      expect(body).toMatchObject({ type: 'urn:ppe-pulse:problem:adminStays' });
    }
  });
});

describe('a session', () => {
  it('has a fresh token after every sign-in, whatever the browser brought along', async () => {
    const collector = await testCollector();
    const victim = await employ(collector, operator);
    const known = victim.cookie;
    // An attacker has put a cookie of his own, or knows the one before.
    const planted = `${known.split('=')[0]}=${'A'.repeat(43)}`;
    const browser = new Browser(collector);
    browser.cookie = planted;
    await browser.signIn('dezhurny', passwordOf('dezhurny'));
    expect(browser.cookie).not.toBe(planted);
    const thief = new Browser(collector);
    thief.cookie = planted;
    expect((await thief.ask('/api/v1/session')).status).toBe(401);
    // Signing in over a session ends that one.
    await victim.signIn('dezhurny', passwordOf('dezhurny'));
    thief.cookie = known;
    expect((await thief.ask('/api/v1/session')).status).toBe(401);
    expect((await victim.ask('/api/v1/session')).status).toBe(200);
  });

  it('has another token after a change of password; the other browsers are out', async () => {
    const collector = await testCollector();
    const [mine, other] = [await employ(collector, operator), new Browser(collector)];
    await other.signIn('dezhurny', passwordOf('dezhurny'));
    const [own, elsewhere] = [await mine.board(), await other.board()];
    const before = mine.cookie;
    const put = (body: object) => mine.ask('/api/v1/session/password', { method: 'PUT', body });
    expect((await put({ next: 'a whole new password' })).kind).toBe('wrongPassword');
    const changed = await put({ current: passwordOf('dezhurny'), next: 'a whole new password' });
    expect(changed.status).toBe(200);
    // The board of this browser comes again with the new token, the other one is signed out.
    expect(await own.closed).toBe(1001);
    expect(await elsewhere.closed).toBe(4401);
    expect((await mine.ask('/api/v1/session')).status).toBe(200);
    const thief = new Browser(collector);
    thief.cookie = before;
    expect((await thief.ask('/api/v1/session')).status).toBe(401);
    expect((await other.ask('/api/v1/session')).status).toBe(401);
    expect((await thief.signIn('dezhurny', passwordOf('dezhurny'))).status).toBe(401);
  });

  it('is ended everywhere at once by its own account', async () => {
    const collector = await testCollector();
    const [mine, other] = [await employ(collector, operator), new Browser(collector)];
    await other.signIn('dezhurny', passwordOf('dezhurny'));
    const { closed } = await other.board();
    expect((await mine.ask('/api/v1/sessions', { method: 'DELETE' })).status).toBe(204);
    expect(await closed).toBe(4401);
    expect((await mine.ask('/api/v1/session')).status).toBe(401);
  });

  it.each([
    ['another site', { origin: 'http://evil.example' }],
    ['a sandbox', { origin: 'null' }],
    ['a neighbour, by the browser’s own word', { 'sec-fetch-site': 'same-site' }],
    ['another site, by the browser’s own word', { 'sec-fetch-site': 'cross-site' }],
  ])('is not begun, used or ended for a page of %s', async (_, headers) => {
    const collector = await testCollector();
    const browser = await employ(collector, operator);
    const foreign = (method: string, path: string, body?: object) =>
      browser.ask(path, { method, headers, ...(body && { body }) });
    const tried = [
      await foreign('POST', '/api/v1/sign-in', { account: 'a', password: 'b' }),
      await foreign('POST', '/api/v1/handovers', { note: 'x' }),
      await foreign('DELETE', '/api/v1/session'),
    ];
    for (const { status, kind } of tried) expect([status, kind]).toEqual([403, 'foreignOrigin']);
    expect((await browser.ask('/api/v1/session')).status).toBe(200);
  });
});

describe('guessing', () => {
  it('gets slower, says when to come again, and stands in the audit once', async () => {
    const collector = await testCollector();
    await employ(collector, operator);
    const guesser = new Browser(collector);
    const answers = [];
    for (let tries = 0; tries < 8; tries += 1)
      answers.push(await guesser.signIn('dezhurny', `guess number ${tries}`));
    expect(answers.slice(0, 5).every(({ kind }) => kind === 'wrongCredentials')).toBe(true);
    const stopped = answers.filter(({ kind }) => kind === 'tooManyTries');
    expect(stopped.length).toBeGreaterThan(0);
    for (const { status, headers } of stopped) {
      expect(status).toBe(429);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // The right password must wait as well, or waiting would say that it is right.
    const noted = (await audited(collector)).filter((each) => each.includes('session.guess'));
    expect(noted).toEqual(['dezhurny session.guess dezhurny']);
  });

  it('names no account in the audit that is none: it may be a password in the wrong field', async () => {
    const collector = await testCollector();
    const guesser = new Browser(collector);
    for (let tries = 0; tries < 6; tries += 1) await guesser.signIn('my secret password', 'x');
    const noted = (await audited(collector)).filter((each) => each.includes('session.guess'));
    expect(noted).toEqual(['unknown session.guess unknown']);
  });
});

describe('a second factor', () => {
  async function withTotp(collector: Collector) {
    const browser = await employ(collector, { account: 'chief', role: 'admin' });
    const asked = await browser.ask('/api/v1/session/totp', { method: 'POST' });
    const { secret } = asked.body as { secret: string };
    const code = (steps = 0): string =>
      new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    return { browser, code };
  }

  it('holds when its first code was right, and is asked for after the password', async () => {
    const collector = await testCollector();
    const { browser, code } = await withTotp(collector);
    const put = (text: string) =>
      browser.ask('/api/v1/session/totp', { method: 'PUT', body: { code: text } });
    expect((await put('000000')).kind).toBe('wrongCode');
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({ totp: 'off' });
    const before = browser.cookie;
    expect((await put(code())).body).toMatchObject({ totp: 'on' });
    expect(browser.cookie).not.toBe(before);
    const other = new Browser(collector);
    expect((await other.signIn('chief', 'a wrong password')).kind).toBe('wrongCredentials');
    expect((await other.signIn('chief', passwordOf('chief'))).kind).toBe('codeNeeded');
    expect((await other.signIn('chief', passwordOf('chief'), '123')).kind).toBe('wrongCode');
    // The code that switched it on was used.
    expect((await other.signIn('chief', passwordOf('chief'), code())).kind).toBe('wrongCode');
    const next = code(1);
    expect((await other.signIn('chief', passwordOf('chief'), next)).status).toBe(200);
    expect((await new Browser(collector).signIn('chief', passwordOf('chief'), next)).kind).toBe(
      'wrongCode',
    );
    expect(await audited(collector)).toContain('chief account.totpOn chief');
  });

  it('is forgotten when an admin resets the account', async () => {
    const collector = await testCollector();
    const { browser, code } = await withTotp(collector);
    await browser.ask('/api/v1/session/totp', { method: 'PUT', body: { code: code() } });
    const reset = await api(collector, '/api/v1/accounts/chief/links', { method: 'POST' });
    await browser.ask(String(reset.body['path']));
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({
      totp: 'off',
      mustSetPassword: true,
      hasPassword: false,
    });
  });

  it('that an installation wants is set up before an admin does anything else', async () => {
    const collector = await testCollector({}, { PPE_PULSE_ACCESS_TOTP: 'required' });
    const { browser, code } = await withTotp(collector);
    expect((await browser.ask('/api/v1/session')).body).toMatchObject({ totp: 'needed' });
    expect((await browser.ask('/api/v1/overview')).kind).toBe('totpNeeded');
    await expect(browser.board()).rejects.toThrow('401');
    await browser.ask('/api/v1/session/totp', { method: 'PUT', body: { code: code() } });
    expect((await browser.ask('/api/v1/overview')).status).toBe(200);
    // Others are not asked for one, and scripts have none.
    const other = await employ(collector, operator);
    expect((await other.ask('/api/v1/overview')).status).toBe(200);
  });
});
