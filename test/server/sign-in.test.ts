import { TOTP } from 'otpauth';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAccess, type Access } from '../../server/src/access/access.ts';
import { createPasswords, type Passwords } from '../../server/src/access/passwords.ts';
import { SignInThrottle } from '../../server/src/access/sign-in-throttle.ts';
import { SignIn, type SignInOutcome } from '../../server/src/access/sign-in.ts';
import { newTotpSecret } from '../../server/src/access/totp.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import { openState } from '../../server/src/state/state-store.ts';

/** 15 May 2024, 09:36 in Kuzbass. */
const startMs = Date.parse('2024-05-15T02:36:00Z');
const account = 'chief';
const address = '192.0.2.7';
const password = 'four words of it';

/** An account with a password and a second factor, on a clock of its own. */
async function door(
  seams: (access: Access, passwords: Passwords) => Partial<Passwords> = () => ({}),
) {
  const database = openState(':memory:');
  onTestFinished(() => database.close());
  const access = createAccess(database, 'an-admin-token-of-this-test');
  const audit = createAudit(database);
  const real = createPasswords();
  const clock = { nowMs: startMs };
  access.accounts.add(account, { role: 'admin', municipality: null, siteCode: null }, startMs);
  const hashed = await real.hash(password);
  if (hashed === 'busy') throw new Error('busy');
  access.accounts.setPassword(account, hashed.hash);
  const secret = newTotpSecret();
  access.accounts.holdTotp(account, secret, 0);
  const signIn = new SignIn({
    access,
    audit,
    passwords: { ...real, ...seams(access, real) },
    throttle: new SignInThrottle(),
    wallMs: () => clock.nowMs,
  });
  const said = ({ kind, ...rest }: SignInOutcome): string =>
    'reason' in rest ? rest.reason : kind;
  return {
    clock,
    bursts: () => audit.list(100).filter(({ action }) => action === 'session.guess'),
    code: () => new TOTP({ secret }).generate({ timestamp: clock.nowMs }),
    attempt: async (code?: string, word = password): Promise<string> =>
      said(await signIn.try({ account, password: word, code, address })),
  };
}

/** Six digits that are wrong now. */
function otherThan(code: string): string {
  return String((Number(code) + 500_000) % 1_000_000).padStart(6, '0');
}

describe('guessing the second factor', () => {
  it('is slowed down and audited, also by somebody who has the password', async () => {
    const { attempt, code, bursts, clock } = await door();
    const outcomes: string[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      outcomes.push(await attempt());
      outcomes.push(await attempt(otherThan(code())));
    }
    expect(outcomes.filter((each) => each === 'wrongCode')).toHaveLength(5);
    expect(outcomes.slice(-4)).toEqual(['wait', 'wait', 'wait', 'wait']);
    expect(bursts()).toHaveLength(1);
    clock.nowMs += 60_000;
    expect(await attempt(code())).toBe('in');
    // Whoever is in begins anew.
    expect(await attempt(otherThan(code()))).toBe('wrongCode');
  });

  it('is no guess when the code is only asked for: it comes at once after the password', async () => {
    const { attempt, code, bursts, clock } = await door();
    for (let tries = 0; tries < 5; tries += 1) await attempt(undefined, 'mistyped');
    expect(await attempt()).toBe('wait');
    clock.nowMs += 1_000;
    for (let tries = 0; tries < 30; tries += 1) expect(await attempt()).toBe('codeNeeded');
    expect(await attempt(code())).toBe('in');
    expect(bursts()).toHaveLength(1);
  });
});

describe('a try', () => {
  it('that found others hashing is none', async () => {
    let isBusy = true;
    const { attempt, code, bursts } = await door((_access, real) => ({
      matches: async (word, known) => (isBusy ? 'busy' : real.matches(word, known)),
    }));
    for (let tries = 0; tries < 40; tries += 1) expect(await attempt(code())).toBe('wait');
    isBusy = false;
    expect(await attempt(code())).toBe('in');
    expect(bursts()).toEqual([]);
  });

  it('gets nobody in by a password that was taken away while it was hashed', async () => {
    let isReset = false;
    const { attempt, code } = await door((access, real) => ({
      matches: async (word, known) => {
        const isRight = await real.matches(word, known);
        if (isReset) access.accounts.setPassword(account, null);
        return isRight;
      },
    }));
    isReset = true;
    expect(await attempt(code())).toBe('wrongCredentials');
  });
});
