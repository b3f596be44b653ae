import { describe, expect, it } from 'vitest';
import { alertsPageEn } from '../../board/src/alerts/alerts-page-en.ts';
import { alertsPageRu } from '../../board/src/alerts/alerts-page-ru.ts';
import { incidentPageEn } from '../../board/src/incidents/incident-page-en.ts';
import { incidentPageRu } from '../../board/src/incidents/incident-page-ru.ts';
import { logText } from '../../board/src/incidents/log-text.ts';
import { spanText } from '../../board/src/incidents/span-text.ts';
import { dayStateEn } from '../../board/src/day-state/day-state-en.ts';
import { dayStateRu } from '../../board/src/day-state/day-state-ru.ts';
import { wordsOf } from '../../board/src/text/words-of.ts';
import { incidentTexts } from '@ppe-pulse/protocol/texts';

/** Every text under its path; functions are called with words in place of their values. */
function said(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return [[path, String((value as (...of: unknown[]) => unknown)('7', '8'))]];
  return Object.entries(value as object).flatMap(([key, each]) => said(each, `${path}.${key}`));
}

const MINUTE_MS = 60_000;

describe('words of incidents and alerts on the board', () => {
  it.each([
    ['incidents', incidentPageRu, incidentPageEn],
    ['alerts', alertsPageRu, alertsPageEn],
    ['warnings', dayStateRu.warnings, dayStateEn.warnings],
  ])('are complete in both languages and each in its own: %s', (_, russian, english) => {
    const keys = (texts: object): string[] => said(texts).map(([path]) => path);
    expect(keys(russian).sort()).toEqual(keys(english).sort());
    for (const [path, text] of said(russian)) expect([path, text]).toEqual([path, anyCyrillic]);
    for (const [path, text] of said(english)) expect([path, text]).not.toEqual([path, anyCyrillic]);
  });

  it('name every warning about receivers', () => {
    for (const token of ['webhookTestFailed', 'webhookUntested', 'noWebhooks'])
      expect([token, (dayStateRu.warnings[token] ?? '').length > 20]).toEqual([token, true]);
  });
});

const anyCyrillic = expect.stringMatching(/[а-яё]/i) as unknown;

describe('spans', () => {
  it.each([
    [59_999, 'меньше минуты'],
    [MINUTE_MS, '1 мин'],
    [59 * MINUTE_MS, '59 мин'],
    [65 * MINUTE_MS, '1 ч 05 мин'],
    [24 * 60 * MINUTE_MS, '1 день'],
    [5 * 24 * 60 * MINUTE_MS, '5 дней'],
  ])('of %d ms are said as people say them', (spanMs, expected) => {
    expect(spanText({ ...wordsOf('ru'), own: incidentPageRu }, spanMs)).toBe(expected);
  });
});

describe('a line of the history', () => {
  const words = { own: incidentPageRu, incident: incidentTexts('ru') };
  const time = (): string => '09:51';
  it.each([
    ['ack', {}, 'принят в работу'],
    ['assign', { assignee: 'provider' }, 'назначен: провайдер'],
    ['assign', { assignee: null }, 'назначение снято'],
    ['call', { outcome: 'noAnswer' }, 'звонок: не отвечают'],
    ['snooze', { untilMs: 5 }, 'отложен до 09:51'],
    ['snooze', { untilMs: null }, 'больше не отложен'],
    ['drill', { isDrill: true }, 'отметка «учебный»'],
    ['drill', { isDrill: false }, 'снята отметка «учебный»'],
    ['resolve', { resolution: 'fixed' }, 'закрыт вручную: исправлено'],
    ['call', { outcome: 'toString' }, 'звонок: toString'],
    ['constructor', {}, 'constructor'],
  ])('%s says %j in words', (kind, details, expected) => {
    expect(logText(words, { kind, details }, time)).toBe(expected);
  });
});
