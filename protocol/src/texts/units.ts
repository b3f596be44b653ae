import type { Unit } from '../checks/metrics.ts';
import type { Language } from './domain-texts.ts';

const words = {
  ru: {
    bit: ['бит/с', 'кбит/с', 'Мбит/с', 'Гбит/с'],
    byte: ['Б', 'кБ', 'МБ', 'ГБ', 'ТБ'],
    ms: 'мс',
    s: 'с',
    min: 'мин',
    h: 'ч',
    d: 'сут',
    perSecond: '1/с',
    pagesPerMinute: 'стр/мин',
    fps: 'к/с',
    pixels: 'пкс',
    decibels: 'дБ',
  },
  en: {
    bit: ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'],
    byte: ['B', 'kB', 'MB', 'GB', 'TB'],
    ms: 'ms',
    s: 's',
    min: 'min',
    h: 'h',
    d: 'd',
    perSecond: '1/s',
    pagesPerMinute: 'ppm',
    fps: 'fps',
    pixels: 'px',
    decibels: 'dB',
  },
} as const;

/** A value with its unit as people of the field read it: `12,4 Мбит/с`, `3,2 ГБ`, `97,5 %`. */
export function formatValue(value: number, unit: Unit, language: Language): string {
  const word = words[language];
  switch (unit) {
    case 'bytesPerSecond':
      return scaled(value * 8, word.bit, language);
    case 'bytes':
      return scaled(value, word.byte, language);
    case 'ratio':
      return `${number(value * 100, 1, language)} %`;
    case 'ms':
      return formatMilliseconds(value, language);
    case 'seconds':
      return formatDuration(value * 1_000, language);
    case 'count':
      return number(value, 0, language);
    case 'perSecond':
      return `${number(value, 2, language)} ${word.perSecond}`;
    case 'days':
      return `${number(value, 0, language)} ${word.d}`;
    case 'pixels':
      return `${number(value, 0, language)} ${word.pixels}`;
    case 'pagesPerMinute':
    case 'fps':
    case 'decibels':
      return `${number(value, 1, language)} ${word[unit]}`;
  }
}

/** A duration in its two largest units: `2 мин 05 с`, `3 ч 12 мин`. */
export function formatDuration(ms: number, language: Language): string {
  const word = words[language];
  const sign = ms < 0 ? '−' : '';
  const total = Math.round(Math.abs(ms) / 1_000);
  const pair = (big: number, bigWord: string, small: number, smallWord: string): string =>
    `${sign}${big} ${bigWord} ${String(small).padStart(2, '0')} ${smallWord}`;
  if (total < 60) return `${sign}${total} ${word.s}`;
  if (total < 3_600) return pair(Math.floor(total / 60), word.min, total % 60, word.s);
  if (total < 86_400)
    return pair(Math.floor(total / 3_600), word.h, Math.floor((total % 3_600) / 60), word.min);
  return pair(Math.floor(total / 86_400), word.d, Math.floor((total % 86_400) / 3_600), word.h);
}

function formatMilliseconds(value: number, language: Language): string {
  const word = words[language];
  if (Math.abs(value) >= 10_000) return formatDuration(value, language);
  if (Math.abs(value) >= 1_000) return `${number(value / 1_000, 1, language)} ${word.s}`;
  return `${number(value, Math.abs(value) < 10 ? 1 : 0, language)} ${word.ms}`;
}

function scaled(value: number, names: readonly string[], language: Language): string {
  let step = 0;
  let left = value;
  while (Math.abs(left) >= 1_000 && step < names.length - 1) {
    left /= 1_000;
    step += 1;
  }
  return `${number(left, step === 0 || Math.abs(left) >= 100 ? 0 : 1, language)} ${names[step] ?? ''}`;
}

/** Fixed digits with the language's decimal sign; no grouping, numbers here are short. */
function number(value: number, decimals: number, language: Language): string {
  const text = value
    .toFixed(decimals)
    .replace(/^-(0(?:\.0+)?)$/, '$1')
    .replace('-', '−');
  return language === 'ru' ? text.replace('.', ',') : text;
}
