import { describe, expect, it } from 'vitest';
import {
  checkIds,
  CLONE_CHECK,
  dutyRoles,
  HEARTBEAT_CHECK,
  incidentLevels,
  phases,
  reasons,
  resolutions,
  severities,
  type Incident,
} from '@ppe-pulse/protocol';
import {
  counted,
  incidentLine,
  incidentPlace,
  incidentReach,
  incidentTexts,
  incidentTitle,
  kindText,
  languages,
  momentText,
} from '@ppe-pulse/protocol/texts';
import { alertKinds } from '../../server/src/alerts/alert.ts';
import { attemptOutcomes, deliveryStates } from '../../server/src/alerts/delivery.ts';
import { webhookFormats } from '../../server/src/alerts/webhook.ts';
import { callOutcomes, type LogKind } from '../../server/src/incidents/incident-book.ts';
import { plainIncident } from '../support/plain-incident.ts';

const logKinds: Record<LogKind, true> = {
  ack: true,
  assign: true,
  comment: true,
  call: true,
  snooze: true,
  drill: true,
  resolve: true,
  opened: true,
  raised: true,
  resolved: true,
  silenced: true,
  escalated: true,
};

const openedAtMs = Date.parse('2024-05-15T09:20:00+07:00');
const cutProvider = plainIncident(17, openedAtMs, {
  level: 'provider',
  node: 'provider:Связь-1',
  provider: 'Связь-1',
  children: 238,
  peakChildren: 238,
  sites: 14,
  siteCodes: ['4216'],
});
const jam: Incident = {
  ...cutProvider,
  kind: 'printer.state',
  reason: 'jam',
  level: 'device',
  node: 'device:w-91c2000000000000/printer.1',
  siteCode: '4216',
  roomCode: '0012',
  workstationId: 'w-91c2000000000000',
  deviceKind: 'printer',
  device: 1,
  municipality: 'kemerovo',
  provider: null,
  children: 1,
  peakChildren: 1,
  sites: 1,
};

describe.each(languages)('words of incidents in %s', (language) => {
  const texts = incidentTexts(language);

  it.each([
    ['severity', severities, texts.severities],
    ['level', incidentLevels, texts.levels],
    ['duty role', dutyRoles, texts.dutyRoles],
    ['resolution', resolutions, texts.resolutions],
    ['phase', phases, texts.phases],
    ['kind of the log', Object.keys(logKinds), texts.logKinds],
    ['outcome of a call', callOutcomes, texts.callOutcomes],
    ['kind of alert', alertKinds, texts.alertKinds],
    ['kind of silence', ['silence', 'maintenance'], texts.silenceKinds],
    ['outcome of an attempt', attemptOutcomes, texts.attemptOutcomes],
    ['state of a delivery', deliveryStates, texts.deliveryStates],
    ['format of a webhook', webhookFormats, texts.webhookFormats],
  ])('have a text for every %s and none besides', (_, ids, words) => {
    expect(Object.keys(words).sort()).toEqual([...ids].sort());
    for (const text of Object.values(words)) expect(text).not.toBe('');
  });

  it('have the same keys and places to fill in as the other language', () => {
    const other = incidentTexts(language === 'ru' ? 'en' : 'ru');
    expect(shapeOf(texts)).toEqual(shapeOf(other));
  });

  it('choose the form of a number as Intl does', () => {
    const rules = new Intl.PluralRules(language);
    for (let count = 0; count <= 1_200; count += 1)
      expect([count, texts.pluralOf(count)]).toEqual([count, rules.select(count)]);
  });

  it('make a title without a gap of every kind, reason and level', () => {
    const kinds = [HEARTBEAT_CHECK, CLONE_CHECK, ...checkIds, 'collector.line', 'collector.store'];
    for (const level of incidentLevels)
      for (const kind of kinds)
        for (const reason of reasons) {
          const title = incidentTitle({ ...jam, level, kind, reason, provider: 'А' }, language);
          expect(title).not.toMatch(/undefined|null|[{}]|\s\s|: $|^:/);
          expect(title.length).toBeLessThan(140);
        }
  });
});

describe('an incident reads', () => {
  it.each<[Partial<Incident>, string, string]>([
    [cutProvider, 'Провайдер «Связь-1»: нет сигнала', 'Provider "Связь-1": no signal'],
    [
      jam,
      'ППЭ 4216, ауд. 0012: принтер, замятие бумаги',
      'PPE 4216, room 0012: printer, paper jam',
    ],
    [
      { ...jam, device: 2, kind: 'camera.outage', reason: 'outageCritical', roomCode: '7777' },
      'ППЭ 4216, Штаб: камера 2 (перерывы), без видео дольше допустимого',
      'PPE 4216, HQ: camera 2 (outage), without video for longer than allowed',
    ],
    [
      { ...jam, level: 'region', device: null, kind: 'camera.stream', reason: 'noStream' },
      'Регион: камера, нет видеопотока',
      'Region: camera, no stream',
    ],
    [
      { ...jam, level: 'station', device: null, kind: 'pc.cpu', reason: 'tooHigh' },
      'ППЭ 4216, ауд. 0012, ПК w-91c2: процессор, нагрузка слишком высокая',
      'PPE 4216, room 0012, PC w-91c2: CPU, the load is too high',
    ],
    [
      { ...jam, level: 'site', device: null, kind: 'net.reserve', reason: 'reserveDead' },
      'ППЭ 4216: резервный канал не работает',
      'PPE 4216: the reserve route is dead',
    ],
    [
      { ...cutProvider, level: 'collector', kind: 'collector.line', reason: 'cutOff' },
      'Коллектор: отрезан от сети',
      'Collector: cut off from the network',
    ],
    [
      { ...jam, level: 'site', kind: 'lab.newCheck', reason: 'newReason' },
      'ППЭ 4216: lab.newCheck, newReason',
      'PPE 4216: lab.newCheck, newReason',
    ],
  ])('%#: by place and fault', (part, ru, en) => {
    const incident = { ...cutProvider, ...part };
    expect(incidentTitle(incident, 'ru')).toBe(ru);
    expect(incidentTitle(incident, 'en')).toBe(en);
  });

  it('with the names that the registry knows', () => {
    const names = {
      municipality: (slug: string) => (slug === 'kemerovo' ? 'Кемерово' : undefined),
      siteKind: () => 'rcoi' as const,
    };
    const ofTown: Incident = { ...jam, level: 'municipality', siteCode: null };
    expect(incidentPlace(ofTown, 'ru', names)).toBe('Кемерово');
    expect(incidentPlace(ofTown, 'ru')).toBe('kemerovo');
    expect(incidentPlace(jam, 'ru', names)).toBe('РЦОИ 4216, ауд. 0012');
  });

  it('without quotation marks around a name that has some', () => {
    const provider = 'ООО «Связь $& Ко»';
    expect(incidentPlace({ ...cutProvider, provider }, 'ru')).toBe('Провайдер ООО «Связь $& Ко»');
  });

  it('by how much it hits, at the most so far once it is over', () => {
    expect(incidentReach(cutProvider, 'ru')).toBe('14 ППЭ, 238 рабочих мест');
    expect(incidentReach(cutProvider, 'en')).toBe('14 sites, 238 workstations');
    const over = { ...cutProvider, children: 0, resolvedAtMs: openedAtMs + 360_000 };
    expect(incidentReach(over, 'ru')).toBe('14 ППЭ, 238 рабочих мест');
    expect(incidentReach({ ...jam, level: 'site', children: 22 }, 'ru')).toBe('22 рабочих места');
    expect(incidentReach(jam, 'ru')).toBe('');
  });

  it.each([
    [1, '1 рабочее место'],
    [2, '2 рабочих места'],
    [5, '5 рабочих мест'],
    [11, '11 рабочих мест'],
    [21, '21 рабочее место'],
    [112, '112 рабочих мест'],
  ])('%d in the right form', (count, text) => {
    expect(counted(count, incidentTexts('ru').reach.stations, 'ru')).toBe(text);
  });

  it('the kind alone with its part in brackets', () => {
    expect(kindText({ kind: 'printer.paper', device: 2 }, 'ru')).toBe('принтер 2 (бумага)');
    expect(kindText({ kind: 'collector.store', device: null }, 'ru')).toBe('хранилище коллектора');
  });
});

describe('a line for a phone', () => {
  const view = { timeZone: 'Asia/Novokuznetsk', nowMs: openedAtMs + 60_000 };

  it('says what happened first', () => {
    expect(incidentLine(cutProvider, 'ru', view)).toBe(
      'КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)',
    );
    expect(incidentLine(cutProvider, 'en', view)).toBe(
      'CRITICAL · open · Provider "Связь-1": no signal · 14 sites, 238 workstations · since 09:20 (Kuzbass)',
    );
  });

  it('begins with the marks of what has not really happened', () => {
    const marked = { ...jam, isDrill: true, isSimulated: true, resolvedAtMs: openedAtMs + 360_000 };
    expect(incidentLine(marked, 'ru', view)).toBe(
      'УЧЕБНАЯ · ИМИТАЦИЯ · КРИТИЧНО · закрыт · ППЭ 4216, ауд. 0012: принтер, замятие бумаги · 09:20–09:26 (Кузбасс)',
    );
  });

  it('gives a date to another day and the offset to a zone without a name', () => {
    const later = { timeZone: 'Asia/Omsk', nowMs: openedAtMs + 86_400_000 };
    expect(incidentLine(jam, 'ru', later)).toMatch(/ · с 15\.05 08:20 \(UTC\+6\)$/);
    expect(momentText(openedAtMs, 'en', later)).toBe('15/05 08:20');
  });
});

/** Keys, and the places that each text fills in. Plural forms differ between languages. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'function') return 'function';
  if (typeof value === 'string') return (value.match(/\{\w+\}/g) ?? []).sort();
  const entries = Object.entries(value as Record<string, unknown>);
  if (
    entries.some(([key]) => key === 'other') &&
    entries.every(([, text]) => /\{count\}/.test(String(text)))
  )
    return ['{count}'];
  return Object.fromEntries(entries.map(([key, each]) => [key, shapeOf(each)]));
}
