import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessRefusals } from '../../board/src/access/access-refusals.ts';
import { refusals } from '../../board/src/incidents/refusals.ts';
import { enrolmentRefusals } from '../../server/src/enrolment/decide.ts';

const server = join(import.meta.dirname, '..', '..', 'server', 'src');
const routes = ['accounts', 'displays', 'enrolment', 'own-session', 'session', 'sign-in', 'totp'];
/** Where the refusals of these pages' routes are made. */
const files = [
  ...routes.map((name) => join(server, 'api', 'routes', `${name}.ts`)),
  join(server, 'api', 'authorize.ts'),
  ...['account-desk', 'passwords', 'sign-in'].map((name) => join(server, 'access', `${name}.ts`)),
  ...readdirSync(join(server, 'enrolment')).map((name) => join(server, 'enrolment', name)),
];
/** How the collector's source writes a token of a refusal. */
const writings = [
  /new Problem\(\s*\d+,\s*'([a-zA-Z]+)'/g,
  /\b(?:refused|no)\(\s*'([a-zA-Z]+)'/g,
  /^ {2}\| '([a-zA-Z]+)'/gm,
  /(?:return|\?) '(tooShort|tooLong|isAccount)'/g,
  /^ {2}(wrongCredentials|codeNeeded|wrongCode):/gm,
  /reason: '([a-zA-Z]+)'/g,
];

describe('refusals of the pages of access', () => {
  const written = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return writings.flatMap((writing) =>
      [...text.matchAll(writing)].map((found) => found[1] ?? ''),
    );
  });
  const tokens = new Set([...written, ...enrolmentRefusals]);

  it('have a sentence in both languages for every token that the routes answer with', () => {
    for (const token of [
      'wrongCredentials',
      'adminStays',
      'noAddress',
      'totpIsOn',
      'isAccount',
      'widerIncident',
    ])
      expect(written).toContain(token);
    for (const language of ['ru', 'en'] as const) {
      const known = { ...refusals[language], ...accessRefusals[language] };
      expect([...tokens].filter((token) => !Object.hasOwn(known, token)).sort()).toEqual([]);
    }
  });

  it('are none that nobody answers with, each in its language', () => {
    // Made by the page for the address that a refused sign-in comes back to; said by other layers.
    const elsewhere = ['oidcRefused', 'tooManyTries'];
    const idle = Object.keys(accessRefusals.ru).filter(
      (token) => !tokens.has(token) && !elsewhere.includes(token),
    );
    expect(idle).toEqual([]);
    expect(Object.keys(accessRefusals.ru)).toEqual(Object.keys(accessRefusals.en));
    for (const text of Object.values(accessRefusals.ru))
      expect(text).toMatch(/^[^{}]*[а-яё][^{}]*$/i);
    for (const text of Object.values(accessRefusals.en)) expect(text).toMatch(/^[^{}а-яё]+$/i);
  });
});
