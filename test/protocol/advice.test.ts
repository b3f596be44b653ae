import { describe, expect, it } from 'vitest';
import {
  CLONE_CHECK,
  HEARTBEAT_CHECK,
  checkIds,
  deviceKinds,
  incidentLevels,
  reasons,
  type IncidentLevel,
} from '@ppe-pulse/protocol';
import {
  adviceFor,
  adviceTexts,
  dutyAdviceFor,
  dutyAdviceTexts,
  languages,
} from '@ppe-pulse/protocol/texts';

const kinds = [HEARTBEAT_CHECK, CLONE_CHECK, 'collector.line', 'collector.store', ...checkIds];
const known: ReadonlySet<string> = new Set(reasons);
const wide: readonly IncidentLevel[] = ['region', 'provider', 'municipality'];
/** Sentences of a text; initials and abbreviations with points are not used in these. */
const sentences = (text: string): number => text.split(/[.!?](?:\s|$)/).filter(Boolean).length;

describe.each(languages)('advice to the technical specialist in %s', (language) => {
  const texts = adviceTexts(language);

  it('is there for every reason of every check, and is never only the unknown', () => {
    for (const reason of reasons) {
      const advice = adviceFor('pc.cpu', reason, language);
      expect([reason, advice.length > 10, advice === texts.unknown]).toEqual([reason, true, false]);
    }
    const all = [...kinds, ...deviceKinds.map((each) => `${each}.state`)].flatMap((kind) =>
      reasons.map((reason) => adviceFor(kind, reason, language)),
    );
    expect(
      all.filter((text) => !/^.{10,160}$/.test(text) || /\.$|undefined|[{}]/.test(text)),
    ).toEqual([]);
  });

  it('names only reasons that exist where a device or a check has its own', () => {
    const own = Object.values(texts.bySubject).flatMap((each) => Object.keys(each));
    expect(own.filter((reason) => !known.has(reason))).toEqual([]);
    const subjects: ReadonlySet<string> = new Set([...deviceKinds, ...kinds]);
    expect(Object.keys(texts.bySubject).filter((each) => !subjects.has(each))).toEqual([]);
  });

  it('has something to say about what a newer version calls wrong', () => {
    expect(adviceFor('printer.state', 'onFire', language)).toBe(texts.unknown);
    expect(adviceFor('x.y', 'toString', language)).toBe(texts.unknown);
    expect(adviceFor('toString', 'constructor', language)).toBe(texts.unknown);
    expect(adviceFor('', '', language)).toBe(texts.unknown);
    expect(adviceFor('collector.store', 'onFire', language)).toBe(texts.ofCollector);
  });
});

describe('advice to the technical specialist', () => {
  it('speaks of the device that it is about', () => {
    const say = (kind: string, reason: string): string => adviceFor(kind, reason, 'ru');
    expect(say('printer.state', 'jam')).toBe('Откройте принтер и уберите замятую бумагу');
    expect(say('printer.state', 'noPaper')).toBe('Добавьте бумагу в принтер');
    expect(say('scanner.state', 'scannerAbsent')).toBe('Проверьте кабель и питание сканера');
    expect(say('camera.1.stream', 'noAnswer')).toContain('камеры');
    expect(say('camera.2.overlay', 'testNever')).toContain('подпись');
    expect(say('printer.2.state', 'noAnswer')).toContain('принтер');
    expect(say('pc.disk', 'low')).toContain('диске');
    expect(say('printer.paper', 'low')).toContain('бумагу');
    expect(say('collector.line', 'cutOff')).toContain('ситуационный центр');
  });

  it('sends nobody to another part of the page that it happens to stand on', () => {
    for (const language of languages) {
      const { byReason, bySubject, unknown } = adviceTexts(language);
      const all = [byReason, ...Object.values(bySubject)].flatMap((each) => Object.values(each));
      for (const text of [unknown, ...all])
        expect(text).not.toMatch(/ ниже| выше|эт(ой|а) страниц|below|above|this page/);
    }
  });

  it('has its own words for the same devices and checks in both languages', () => {
    expect(Object.keys(adviceTexts('en').bySubject).sort()).toEqual(
      Object.keys(adviceTexts('ru').bySubject).sort(),
    );
  });
});

describe.each(languages)('advice to the duty officer in %s', (language) => {
  const texts = dutyAdviceTexts(language);

  it('is there for every rule, reason and level, short, and never only the unknown', () => {
    expect(Object.keys(texts.byKind).sort()).toEqual([...kinds].sort());
    const all = [...kinds, 'x.y'].flatMap((kind) =>
      reasons.flatMap((reason) =>
        incidentLevels.map((level) => ({ kind, reason, level, ...said(kind, reason, level) })),
      ),
    );
    expect(all.length).toBeGreaterThan(20_000);
    expect(all.filter(({ isGood }) => !isGood)).toEqual([]);
  });

  function said(kind: string, reason: string, level: IncidentLevel) {
    const text = dutyAdviceFor(kind, reason, level, language);
    const isWhole = text.length >= 20 && !/\.$|undefined|[{}]/.test(text);
    return { text, isGood: isWhole && text !== texts.unknown && sentences(text) <= 2 };
  }

  it('names only rules, reasons and levels that exist', () => {
    const { bySpecial, byLevel } = texts;
    expect(Object.keys(bySpecial).filter((kind) => !kinds.includes(kind))).toEqual([]);
    const own = Object.values(bySpecial).flatMap((each) => Object.keys(each));
    expect(own.filter((reason) => !known.has(reason))).toEqual([]);
    const levels: readonly string[] = incidentLevels;
    expect(Object.keys(byLevel).filter((level) => !levels.includes(level))).toEqual([]);
    const ofLevels = Object.values(byLevel).flatMap((each) => Object.keys(each));
    expect(ofLevels.filter((kind) => kind !== 'any' && !kinds.includes(kind))).toEqual([]);
  });

  it('has something to say about what a newer version calls wrong', () => {
    expect(dutyAdviceFor('x.y', 'onFire', 'device', language)).toBe(texts.unknown);
    expect(dutyAdviceFor('toString', 'constructor', 'station', language)).toBe(texts.unknown);
    expect(dutyAdviceFor('x.y', 'onFire', 'provider', language)).toBe(
      texts.byLevel['provider']?.['any'],
    );
    expect(dutyAdviceFor('collector.store', 'poisonedPoints', 'collector', language)).toBe(
      texts.byLevel['collector']?.['collector.store'],
    );
  });
});

describe('advice to the duty officer', () => {
  const say = (kind: string, reason: string, level: IncidentLevel): string =>
    dutyAdviceFor(kind, reason, level, 'ru');

  it('sends a wide incident to who can end it, and not to each of its ППЭ', () => {
    expect(say('heartbeat', 'silent', 'provider')).toMatch(/^Звоните провайдеру: назовите число/);
    expect(say('net.loss', 'lossy', 'provider')).toMatch(/^Звоните провайдеру/);
    expect(say('heartbeat', 'silent', 'municipality')).toMatch(/^Звоните в муниципалитет/);
    expect(say('heartbeat', 'silent', 'region')).toContain('проверьте нашу сторону');
    expect(say('collector.line', 'cutOff', 'collector')).toMatch(/^Это мы/);
    expect(say('heartbeat', 'silent', 'station')).toMatch(/^Позвоните в Штаб/);
    expect(say('heartbeat', 'silent', 'site')).toContain('электричество');
    expect(say('heartbeat', 'notReturned', 'room')).toContain('сразу несколько ПК');
    expect(say('heartbeat', 'notReturned', 'station')).toContain('в названный срок');
    for (const kind of kinds)
      for (const level of wide) expect(say(kind, 'silent', level)).not.toMatch(/^Позвоните в Штаб/);
  });

  it('tells what is not seen any more from what is broken', () => {
    expect(say('printer.state', 'probeFailed', 'device')).toContain('перестали это видеть');
    expect(say('printer.state', 'jam', 'device')).toContain('принтер');
    expect(say('heartbeat', 'asleep', 'station')).toContain('уснул');
    expect(say('heartbeat', 'asleep', 'site')).toContain('уснул');
    expect(say('camera.stream', 'unauthorised', 'site')).toContain('настройка');
    expect(say('heartbeat', 'asleep', 'station')).not.toBe(say('heartbeat', 'silent', 'station'));
  });

  it('is another text than the one for the ППЭ', () => {
    const same = languages.flatMap((language) =>
      kinds.flatMap((kind) =>
        reasons.filter(
          (reason) =>
            dutyAdviceFor(kind, reason, 'device', language) === adviceFor(kind, reason, language),
        ),
      ),
    );
    expect(same).toEqual([]);
  });

  it('has the same words of its own in both languages', () => {
    const keys = (language: 'ru' | 'en'): string[] => {
      const { byLevel, bySpecial } = dutyAdviceTexts(language);
      const groups: [string, object][] = [...Object.entries(byLevel), ...Object.entries(bySpecial)];
      return groups.flatMap(([name, each]) => Object.keys(each).map((key) => `${name} ${key}`));
    };
    expect(keys('en')).toEqual(keys('ru'));
  });
});
