import { describe, expect, it } from 'vitest';
import {
  checkIds,
  CLONE_CHECK,
  HEARTBEAT_CHECK,
  metrics,
  reasons,
  roles,
  verdicts,
} from '@ppe-pulse/protocol';
import { domainTexts, formatDuration, formatValue, languages } from '@ppe-pulse/protocol/texts';

describe.each(languages)('texts in %s', (language) => {
  const texts = domainTexts(language);

  it.each([
    ['reason', reasons, texts.reasons],
    ['verdict', verdicts, texts.verdicts],
    ['role', roles, texts.roles],
    ['check', [HEARTBEAT_CHECK, CLONE_CHECK, ...checkIds], texts.checks],
    ['metric', metrics.map((metric) => metric.id), texts.metrics],
  ])('has a text for every %s and none besides', (_, ids, words) => {
    expect(Object.keys(words).sort()).toEqual([...ids].sort());
    for (const text of Object.values(words)) expect(text).not.toBe('');
  });
});

describe('numbers for people', () => {
  it.each([
    [12_500_000, 'bytesPerSecond', '100 Мбит/с', '100 Mbit/s'],
    [125_000, 'bytesPerSecond', '1,0 Мбит/с', '1.0 Mbit/s'],
    [0, 'bytesPerSecond', '0 бит/с', '0 bit/s'],
    [84_436_926_464, 'bytes', '84,4 ГБ', '84.4 GB'],
    [0.975, 'ratio', '97,5 %', '97.5 %'],
    [-1.26, 'ms', '−1,3 мс', '−1.3 ms'],
    [-0.01, 'ms', '0,0 мс', '0.0 ms'],
    [212.4, 'ms', '212 мс', '212 ms'],
    [5_000, 'ms', '5,0 с', '5.0 s'],
    [36_000_000, 'ms', '10 ч 00 мин', '10 h 00 min'],
    [3_725, 'seconds', '1 ч 02 мин', '1 h 02 min'],
    [2, 'count', '2', '2'],
  ] as const)('%d %s reads %s and %s', (value, unit, ru, en) => {
    expect(formatValue(value, unit, 'ru')).toBe(ru);
    expect(formatValue(value, unit, 'en')).toBe(en);
  });

  it.each([
    [59_400, '59 с'],
    [59_600, '1 мин 00 с'],
    [125_000, '2 мин 05 с'],
    [90_000_000, '1 сут 01 ч'],
  ])('%d ms last %s', (ms, text) => {
    expect(formatDuration(ms, 'ru')).toBe(text);
  });
});
