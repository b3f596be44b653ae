import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verdictOf, type CheckVerdict } from '@ppe-pulse/protocol';
import { asRemarks } from '../../agent/src/sheet/as-remarks.ts';
import { hasSettled } from '../../agent/src/cli/await-service.ts';
import {
  sheetHtml,
  sheetName,
  sheetText,
  type CheckSheet,
} from '../../agent/src/sheet/check-sheet.ts';
import { prettyName } from '../../agent/src/sheet/system-name.ts';
import { writeSheet } from '../../agent/src/cli/write-sheet.ts';
import { ConfigError } from '../../agent/src/config-error.ts';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import { tempDir } from '../support/temp-dir.ts';

const verdicts: readonly CheckVerdict[] = [
  { id: 'pc.disk', verdict: 'ok', reason: 'ok', evidence: { value: 51_000_000_000 }, ageMs: 900 },
  { id: 'printer.state', verdict: 'fail', reason: 'jam', evidence: {}, ageMs: 31_000 },
  { id: 'clock.skew', verdict: 'unknown', reason: 'notMeasured', evidence: {}, ageMs: 0 },
];

const sheet: CheckSheet = {
  language: 'ru',
  verdict: 'fail',
  verdicts,
  agentId: 'w-0f3a9c21aabbccdd',
  placement: {
    siteCode: '4216',
    roomCode: '0012',
    role: 'organizer',
    duty: 'main',
    simulated: false,
  },
  validToMs: Date.UTC(2024, 4, 16, 17),
  link: 'live',
  mode: 'prep',
  planVersion: 3,
  agentVersion: '0.1.0',
  runtime: '24.21.0',
  system: 'Astra <Linux> 1.8',
  // Past midnight at the ППЭ, the day before in Greenwich.
  nowMs: Date.UTC(2024, 4, 13, 20, 5),
  timeZone: 'Asia/Novokuznetsk',
};

describe('a readiness sheet', () => {
  it('is named after the place, the local day and the PC, in names that FAT takes', () => {
    expect(sheetName(sheet)).toBe('Готовность-4216-0012-2024-05-14-0f3a9c21.html');
    expect(sheetName({ ...sheet, language: 'en', placement: undefined, agentId: undefined })).toBe(
      'Readiness-0000-0000-2024-05-14-0.html',
    );
  });

  it('says result, place, id, time, service, versions and every check, the worst first', () => {
    const text = sheetText(sheet);
    expect(text).toMatch(/^Лист готовности рабочего места: ППЭ 4216, аудитория 0012\n/);
    expect(text).toContain('Итог: отказ. Проверок без замечаний: 1 из 3');
    expect(text).toContain('Номер этого ПК: w-0f3a9c21aabbccdd');
    expect(text).toContain('Служба агента: работает, связь есть (prep)');
    expect(text).toMatch(/Проверено .*14 мая 2024 г\. в 03:05/);
    expect(text).toMatch(/Регистрация действует до: 17 мая 2024 г\. в 00:00/);
    expect(text).toContain('Версии: 0.1.0 · Node 24.21.0 · Astra <Linux> 1.8');
    const marks = [...text.matchAll(/^\[(.)\]/gm)].map((found) => found[1]);
    expect(marks).toEqual(['✕', '?', '✓']);
  });

  it('is one page of markup in which nothing is anything but text', () => {
    const html = sheetHtml(sheet);
    expect(html).toContain('Astra &lt;Linux&gt; 1.8');
    expect(html).not.toMatch(/<script|<img|<link|https?:/);
    expect(html.match(/<tr class="/g)).toHaveLength(verdicts.length);
  });

  it('says the same in English, and of a PC that nobody enrolled that it is not', () => {
    const bare = {
      ...sheet,
      language: 'en',
      placement: undefined,
      agentId: undefined,
      link: undefined,
    } as const;
    const text = sheetText(bare);
    expect(text).toContain('not enrolled');
    expect(text).toContain('Service of the agent: not running: checked without it');
    expect(text).toContain('Result: failed. Checks without a remark: 1 of 3');
  });

  it('goes into a folder under its own name, also through Cyrillic and blanks, and replaces the last', () => {
    const folder = join(tempDir(), 'Флешка техника 1');
    mkdirSync(folder);
    const path = writeSheet(folder, sheet);
    expect(writeSheet(folder, { ...sheet, verdict: 'ok' })).toBe(path);
    expect(readdirSync(folder)).toEqual([sheetName(sheet)]);
    expect(readFileSync(path, 'utf8')).toContain('Итог: в норме');
    const plain = join(folder, 'лист.txt');
    writeSheet(plain, sheet);
    expect(readFileSync(plain, 'utf8')).toBe(sheetText(sheet));
  });

  it('that the drive does not take is an error with the path and what to do', () => {
    const file = join(tempDir(), 'no-folder');
    writeFileSync(file, '');
    const write = (): string => writeSheet(join(file, 'sheet.html'), sheet);
    expect(write).toThrow(ConfigError);
    expect(write).toThrow(/лист готовности не записан \(ENOTDIR\)/);
  });
});

describe('a service that was just started', () => {
  const status = { link: 'live', refusal: null, verdicts: [] } as unknown as AgentStatus;

  it('has settled once its listener has answered and everything was measured', () => {
    expect(hasSettled({ ...status, verdicts: verdicts.slice(0, 2) })).toBe(true);
    expect(hasSettled({ ...status, verdicts })).toBe(false);
    expect(hasSettled({ ...status, link: 'opening' })).toBe(false);
    const [first] = verdicts;
    const cpu = { ...first, id: 'pc.cpu', verdict: 'fail' } as CheckVerdict;
    // The installation itself was the load.
    expect(hasSettled({ ...status, verdicts: [cpu] })).toBe(false);
    expect(hasSettled({ ...status, link: 'waiting', refusal: 'revoked' })).toBe(true);
  });
});

describe('what a technician is told of a PC', () => {
  const check = (id: string, verdict: CheckVerdict['verdict'], reason: string): CheckVerdict => ({
    id,
    verdict,
    reason,
    evidence: {},
    ageMs: 0,
  });

  it('has a load of this minute and a device that nobody named as remarks', () => {
    const told = asRemarks([
      check('pc.cpu', 'fail', 'tooHigh'),
      check('printer.state', 'unknown', 'notConfigured'),
    ]);
    expect(told.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['warn', 'tooHigh'],
      ['warn', 'notConfigured'],
    ]);
    expect(verdictOf(told)).toBe('warn');
  });

  it('leaves every other verdict as it is', () => {
    const others = [
      check('pc.cpu', 'ok', 'ok'),
      check('pc.cpu', 'unknown', 'notMeasured'),
      check('pc.disk', 'fail', 'tooLow'),
      check('printer.2.state', 'unknown', 'noAnswer'),
      check('line.margin', 'unknown', 'noPlan'),
    ];
    expect(asRemarks(others)).toEqual(others);
  });
});

it('the name of a Linux is read however it is quoted', () => {
  expect(prettyName('ID=astra\nPRETTY_NAME="Astra Linux"\n')).toBe('Astra Linux');
  expect(prettyName("PRETTY_NAME='ALT 11'")).toBe('ALT 11');
  expect(prettyName('PRETTY_NAME=RED')).toBe('RED');
  expect(prettyName('NAME=x')).toBeUndefined();
});
