import { describe, expect, it } from 'vitest';
import {
  createPasswords,
  passwordProblem,
  type Passwords,
} from '../../server/src/access/passwords.ts';

async function hashed(passwords: Passwords, password: string): Promise<string> {
  const outcome = await passwords.hash(password);
  if (outcome === 'busy') throw new Error('busy');
  return outcome.hash;
}

describe('passwords', () => {
  it.each([
    ['eleven char', 'tooShort'],
    ['twelve chars', undefined],
    // Characters count and not bytes.
    ['двенадцать12', undefined],
    ['x'.repeat(128), undefined],
    ['x'.repeat(129), 'tooLong'],
    ['Kemerovo.Duty-1', 'isAccount'],
  ])('"%s" of kemerovo.duty-1: %s', (password, problem) => {
    expect(passwordProblem(password, 'kemerovo.duty-1')).toBe(problem);
  });

  it('are kept as Argon2id with the parameters of OWASP, each with a salt of its own', async () => {
    const passwords = createPasswords();
    const first = await hashed(passwords, 'correct horse battery');
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hashed(passwords, 'correct horse battery')).not.toBe(first);
    expect(await passwords.matches('correct horse battery', first)).toBe(true);
    expect(await passwords.matches('correct horse batterz', first)).toBe(false);
  });

  it('written in the two ways of a keyboard are one', async () => {
    const passwords = createPasswords();
    const composed = 'Учебный йод'.padEnd(14, '!');
    const known = await hashed(passwords, composed.normalize('NFC'));
    expect(await passwords.matches(composed.normalize('NFD'), known)).toBe(true);
  });

  it('of nobody are compared as well: the same work is done, and it is never right', async () => {
    const passwords = createPasswords();
    expect(await passwords.matches('nobody has this password', null)).toBe(false);
  });

  it('are hashed a few at a time, beside the event loop', async () => {
    const passwords = createPasswords();
    let turns = 0;
    const beating = setInterval(() => (turns += 1), 1);
    const results = await Promise.all(
      Array.from({ length: 30 }, () => passwords.matches('wrong', null)),
    );
    clearInterval(beating);
    expect(results.filter((each) => each === 'busy')).toHaveLength(22);
    expect(turns).toBeGreaterThan(3);
    // When they are done there is room again.
    expect(await passwords.matches('wrong', null)).toBe(false);
  });
});
