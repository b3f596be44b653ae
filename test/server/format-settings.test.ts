import { describe, expect, it } from 'vitest';
import { incidentTexts, languages } from '@ppe-pulse/protocol/texts';
import { formats } from '../../server/src/alerts/formats/catalogue.ts';
import {
  checkSettings,
  type SettingsDraft,
} from '../../server/src/alerts/formats/check-settings.ts';
import { settingReasons } from '../../server/src/alerts/formats/field-checks.ts';
import { webhookFormats, type WebhookFormatId } from '../../server/src/alerts/webhook.ts';
import { wellSet } from '../support/alert-samples.ts';

function draftOf(format: WebhookFormatId, part: Partial<SettingsDraft> = {}): SettingsDraft {
  return { format, ...wellSet[format], keptSecrets: [], template: null, language: 'ru', ...part };
}

/** `field: reason` of every problem. */
function problems(format: WebhookFormatId, part: Partial<SettingsDraft> = {}): string[] {
  return checkSettings(draftOf(format, part)).map(({ field, reason }) => `${field}: ${reason}`);
}

describe('settings of a receiver', () => {
  it.each(webhookFormats)('that are right are taken: %s', (format) => {
    expect(problems(format)).toEqual([]);
  });

  it('may leave out a secret that is kept, and no other', () => {
    expect(problems('telegram', { secrets: {} })).toEqual(['token: missing']);
    expect(problems('telegram', { secrets: {}, keptSecrets: ['token'] })).toEqual([]);
    expect(problems('json', { settings: {} })).toEqual(['url: missing']);
  });

  it('have no fields but those of the format, and a secret is no setting', () => {
    const settings = { url: 'https://a.example.org', urll: 'x', __proto__x: 1 };
    expect(problems('json', { settings })).toEqual([
      'urll: unknownField',
      '__proto__x: unknownField',
    ]);
    expect(
      problems('slack', { settings: { url: 'https://hooks.example.org/secret' }, secrets: {} }),
    ).toEqual(['url: unknownField', 'url: missing']);
  });

  it.each<[string, string]>([
    ['ftp://a.example.org/x', 'badScheme'],
    ['javascript:alert(1)', 'badScheme'],
    ['file:///etc/passwd', 'badScheme'],
    ['https://user:secret@a.example.org/', 'hasCredentials'],
    ['https://user@a.example.org/', 'hasCredentials'],
    ['//a.example.org/x', 'badUrl'],
    ['a.example.org', 'badUrl'],
    ['https://', 'badUrl'],
    ['https://a.example.org/x#y', 'hasFragment'],
    ['https://a.example.org/x#', 'hasFragment'],
    ['https://a.example.org/ x', 'badUrl'],
    [' https://a.example.org/x', 'badUrl'],
    ['https://a.example.org/\r\nx', 'controlCharacters'],
    ['   ', 'empty'],
    [`https://a.example.org/${'x'.repeat(2_000)}`, 'tooLong'],
  ])('with the URL %j are refused: %s', (url, reason) => {
    for (const format of ['json', 'alertmanager', 'alertmanager-webhook'] as const)
      expect(problems(format, { settings: { url } })).toEqual([`url: ${reason}`]);
    expect(problems('mattermost', { secrets: { url } })).toEqual([`url: ${reason}`]);
  });

  it('never have a secret in what is told of them', () => {
    const secrets = { url: 'ftp://hooks.example.org/very-secret' };
    expect(JSON.stringify(checkSettings(draftOf('slack', { secrets })))).not.toContain(
      'very-secret',
    );
    const token = '123:very-secret\n';
    expect(
      JSON.stringify(checkSettings(draftOf('telegram', { secrets: { token } }))),
    ).not.toContain('very-secret');
  });

  it.each<[WebhookFormatId, Record<string, unknown>, string]>([
    ['json', { url: 5 }, 'url: badType'],
    ['json', { url: { toString: 'x' } }, 'url: badType'],
    ['telegram', { chatId: 'duty' }, 'chatId: badChatId'],
    ['telegram', { chatId: '-100123', threadId: 1.5 }, 'threadId: badThreadId'],
    ['telegram', { chatId: '-100123', apiUrl: 'ftp://x' }, 'apiUrl: badScheme'],
    ['email', { port: 0 }, 'port: badPort'],
    ['email', { port: '587' }, 'port: badType'],
    ['email', { security: 'ssl' }, 'security: notInChoices'],
    ['email', { host: 'smtp example' }, 'host: badHost'],
    ['email', { host: 'smtp.example.org/x' }, 'host: badHost'],
    ['email', { from: 'Пульс <p@example.org>' }, 'from: badAddress'],
    ['email', { to: 'a@example.org, b' }, 'to: badAddress'],
    ['email', { to: 'a@example.org\r\nBcc: b@example.org' }, 'to: controlCharacters'],
    ['email', { to: ',' }, 'to: badAddress'],
    ['email', { to: Array.from({ length: 21 }, () => 'a@b.ru').join(',') }, 'to: tooMany'],
    ['email', { user: 'pulse' }, 'password: incompleteAuth'],
  ])('of %s as %j are refused: %s', (format, settings, problem) => {
    expect(problems(format, { settings: { ...wellSet[format].settings, ...settings } })).toEqual([
      problem,
    ]);
  });

  it.each<[WebhookFormatId, Record<string, unknown>, string]>([
    ['telegram', { token: 'abc' }, 'token: badToken'],
    ['telegram', { token: '123456789:AAAA/../../AAAAAAAAAAAAAAAAAAAAAAAA' }, 'token: badToken'],
    ['json', { signingSecret: 'secret' }, 'signingSecret: badSigningSecret'],
    ['json', { signingSecret: 'whsec_c2hvcnQ=' }, 'signingSecret: badSigningSecret'],
    ['json', { signingSecret: `whsec_${'*'.repeat(40)}` }, 'signingSecret: badSigningSecret'],
    ['alertmanager', { bearerToken: 'a b' }, 'bearerToken: controlCharacters'],
    ['alertmanager', { password: 'x' }, 'user: incompleteAuth'],
  ])('of %s with the secrets %j are refused: %s', (format, secrets, problem) => {
    expect(problems(format, { secrets })).toEqual([problem]);
  });

  it('say who we are in one way only, and never in the open', () => {
    const both = { password: 'x', bearerToken: 'y' };
    const settings = { url: 'https://am.example.org', user: 'pulse' };
    expect(problems('alertmanager', { settings, secrets: both })).toEqual([
      'bearerToken: onlyOneAuth',
    ]);
    const open = { ...wellSet.email.settings, user: 'pulse', security: 'plain' };
    expect(problems('email', { settings: open, keptSecrets: ['password'] })).toEqual([
      'security: plainWithPassword',
    ]);
  });

  it('lead only where the policy lets them', () => {
    const policy = (host: string) =>
      host.startsWith('127.') || host === '[::1]'
        ? { reason: 'addressRefused', detail: `${host} is private` }
        : null;
    const check = (format: WebhookFormatId, settings: Record<string, unknown>) =>
      checkSettings(
        draftOf(format, { settings: { ...wellSet[format].settings, ...settings } }),
        policy,
      );
    expect(check('json', { url: 'http://127.0.0.1:9/' })).toEqual([
      {
        field: 'url',
        reason: 'addressRefused',
        detail: incidentTexts('ru').settingProblems['addressRefused'],
      },
    ]);
    // The way a URL is written does not matter: what it leads to does.
    expect(check('json', { url: 'http://2130706433/' })).toHaveLength(1);
    expect(check('json', { url: 'http://[::1]/' })).toHaveLength(1);
    expect(check('email', { host: '127.0.0.1' })).toHaveLength(1);
    expect(check('json', { url: 'https://example.org/' })).toEqual([]);
  });

  it('take a template only where there is a text, and only one that works', () => {
    expect(problems('json', { template: '{{ title }}' })).toEqual(['template: noTemplate']);
    expect(problems('slack', { template: ' ' })).toEqual(['template: empty']);
    expect(problems('slack', { template: 'x'.repeat(8_001) })).toEqual(['template: tooLong']);
    expect(checkSettings(draftOf('slack', { template: '{{ title }}\n{{ x }}' }))).toEqual([
      { field: 'template', reason: 'badTemplate', detail: 'строка 2: нет переменной x' },
    ]);
    for (const { id, hasTemplate } of formats)
      expect(problems(id, { template: '{{ text }}' })).toHaveLength(hasTemplate ? 0 : 1);
  });

  it('are told of in words of both languages', () => {
    for (const language of languages) {
      const { settingProblems, webhookFields } = incidentTexts(language);
      expect(Object.keys(settingProblems).sort()).toEqual([...settingReasons].sort());
      const names = new Set(formats.flatMap(({ fields }) => fields.map(({ name }) => name)));
      expect(Object.keys(webhookFields).sort()).toEqual([...names, 'template'].sort());
    }
    expect(
      checkSettings(draftOf('json', { settings: { url: 'ftp://x' }, language: 'en' }))[0]?.detail,
    ).toBe('scheme "ftp" does not do: use https or http');
  });
});
