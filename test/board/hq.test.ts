import { describe, expect, it } from 'vitest';
import { createHqDecoder } from '@ppe-pulse/protocol/codec';
import type { HqFrame, HqWorkstation } from '@ppe-pulse/protocol';
import { adviceTexts } from '@ppe-pulse/protocol/texts';
import { causesOf, type Cause } from '../../board/src/hq/causes.ts';
import { columnOf } from '../../board/src/rooms/columns.ts';
import { nothingSeen, takeFrame, type HqState } from '../../board/src/hq/hq-state.ts';
import {
  adviceOf,
  causeTitle,
  censusText,
  hqWordsOf,
  placeLabels,
  sinceText,
} from '../../board/src/hq/hq-words.ts';
import { coarseAge } from '../../board/src/rooms/coarse-age.ts';
import { roomsOf } from '../../board/src/rooms/rooms.ts';
import { censusOf } from '../../board/src/rooms/standing.ts';
import { hqRu } from '../../board/src/text/hq-ru.ts';
import { wordsOf } from '../../board/src/text/words-of.ts';
import {
  HQ_AT_MS,
  badFrame,
  calmFrame,
  carried,
  hqFrame,
  hqWorkstation,
  silent,
} from '../support/hq-frames.ts';

const words = hqWordsOf(wordsOf('ru'));
const MIN = 60_000;
const seen = (...frames: HqFrame[]): HqState => frames.reduce(takeFrame, nothingSeen);
const causes = (...workstations: HqWorkstation[]): Cause[] => causesOf(seen(hqFrame(workstations)));
const titles = (list: readonly Cause[]): string[] => list.map((each) => causeTitle(words, each));

describe('the frames of these tests', () => {
  it('are such as a relay may send', () => {
    const decode = createHqDecoder();
    for (const frame of [calmFrame, badFrame]) expect(decode(JSON.stringify(frame))).toEqual(frame);
  });
});

describe('what to fix now', () => {
  it('is nothing when all is well', () => {
    expect(causesOf(seen(calmFrame))).toEqual([]);
    expect(causesOf(nothingSeen)).toEqual([]);
  });

  it('comes worst first: failures, PCs that should be heard, warnings, then the unmeasured', () => {
    const list = causes(
      hqWorkstation(1, '0001', { said: [['printer.state', 'unknown', 'idleUnproven']] }),
      hqWorkstation(2, '0002', { said: [['printer.state', 'warn', 'lowToner']] }),
      silent(3, '0003', 20 * MIN),
      hqWorkstation(4, '0004', { said: [['printer.state', 'fail', 'jam']] }),
      hqWorkstation(5, '0005', { said: [['camera.1.outage', 'fail', 'outageCritical']] }),
    );
    expect(list.map(({ reason }) => reason)).toEqual([
      'outageCritical',
      'jam',
      'silent',
      'lowToner',
      'idleUnproven',
    ]);
  });

  it('has one line for one cause, with every place that it is in', () => {
    const list = causes(
      hqWorkstation(2, '0002', { said: [['camera.1.stream', 'fail', 'unreachable']] }),
      hqWorkstation(3, '0003', {
        said: [
          ['camera.1.stream', 'fail', 'unreachable'],
          ['camera.2.stream', 'fail', 'unreachable'],
        ],
      }),
    );
    expect(titles(list)).toEqual(['Камера: нет маршрута']);
    expect(list.flatMap((each) => placeLabels(words, each)).map(({ text }) => text)).toEqual([
      'ауд. 0002 · камера 1',
      'ауд. 0003 · камера 1',
      'ауд. 0003 · камера 2',
    ]);
  });

  it('joins what one device says in several checks, but not what different things say', () => {
    const list = causes(
      hqWorkstation(2, '0002', {
        said: [
          ['camera.2.outage', 'warn', 'outage'],
          ['camera.2.stream', 'fail', 'noAnswer'],
          ['pc.ram', 'warn', 'high'],
          ['pc.cpu', 'warn', 'high'],
        ],
      }),
    );
    expect(titles(list)).toEqual([
      'Камера 2: не отвечает',
      'Процессор: высокая нагрузка',
      'Память: высокая нагрузка',
    ]);
    expect(list[0]?.alsoReasons).toEqual(['outage']);
    expect(placeLabels(words, list[0] as Cause)).toEqual([
      { roomCode: '0002', text: 'ауд. 0002 · станция организатора' },
    ]);
  });

  it('does not say a thing twice', () => {
    const list = causes(
      hqWorkstation(1, '0001', {
        clones: 1,
        said: [
          ['scanner.state', 'fail', 'scannerAbsent'],
          ['clock.skew', 'fail', 'skewed'],
        ],
      }),
    );
    expect(titles(list)).toEqual([
      'Сканер не найден',
      'Часы расходятся',
      'Два ПК под одним именем',
    ]);
  });

  it('says nothing of a silent PC but its silence: the rest is as old as that', () => {
    const list = causes(
      silent(3, '0003', 17 * MIN, {
        said: [
          ['printer.state', 'fail', 'jam'],
          ['heartbeat', 'unknown', 'silent'],
        ],
      }),
    );
    expect(titles(list)).toEqual(['Компьютер: нет сигнала']);
    expect(sinceText(words, list[0] as Cause, HQ_AT_MS)).toBe('молчит 17 мин');
  });

  it('looks for the cable when many fall silent at once', () => {
    const rooms = ['0001', '0002', '0003', '0004'];
    const many = causes(
      hqWorkstation(9, '7777', { role: 'hq', isRelay: true }),
      ...rooms.map((room, at) => silent(at + 1, room, 2 * MIN)),
    );
    expect(many.map((each) => adviceOf(words, each))).toEqual([hqRu.advice.manySilent]);
    const [one] = causes(silent(1, '0001', 2 * MIN), ...calmFrame.workstations);
    expect(adviceOf(words, one as Cause)).toBe(adviceTexts('ru').byReason.silent);
  });

  it('leaves alone whom the plan takes off the network, and who takes no part', () => {
    const byRule = { verdict: 'silentByRule', reason: 'silentByRule' } as const;
    const said = [
      ['heartbeat', 'silentByRule', 'silentByRule'],
      ['printer.state', 'fail', 'jam'],
    ] as const;
    expect(
      causes(
        hqWorkstation(1, '0001', { ...byRule, said }),
        hqWorkstation(2, '0002', { verdict: 'notInvolved', reason: 'notInvolved', said }),
      ),
    ).toEqual([]);
  });

  it('only mentions what passes by itself, is on purpose or waits for a plan', () => {
    const list = causes(
      hqWorkstation(1, '0001', { said: [['heartbeat', 'warn', 'late']] }),
      hqWorkstation(2, '0002', { said: [['printer.paper', 'unknown', 'noPlan']] }),
      hqWorkstation(3, '0003', { said: [['audio.out', 'unknown', 'notMeasured']] }),
    );
    expect(list.map(({ reason, isNote }) => [reason, isNote])).toEqual([
      ['late', true],
      ['notMeasured', true],
    ]);
  });

  it('takes fresh data of a flash drive for a PC, and asks for it again once they are old', () => {
    const [fresh] = causes(carried(1, '0008', 12 * MIN));
    expect([fresh?.isNote, fresh && adviceOf(words, fresh)]).toEqual([true, hqRu.advice.carried]);
    const [old] = causes(carried(1, '0008', 61 * MIN));
    expect(old?.isNote).toBe(false);
  });

  it('names the cut line outwards, unless it is about to come back', () => {
    const cut = (state: HqFrame['uplink']['state'], agoMs: number): string[] =>
      titles(
        causesOf(
          seen(
            hqFrame(calmFrame.workstations, {
              uplink: { state, sinceMs: HQ_AT_MS - agoMs, spooled: 0, dropped: 0 },
            }),
          ),
        ),
      );
    expect(cut('waiting', 30_000)).toEqual([]);
    expect(cut('live', 3 * MIN)).toEqual([]);
    expect(cut('waiting', 2 * MIN)).toEqual(['Связь с ситуационным центром: связи нет']);
    expect(cut('stopped', 0)).toEqual(['Связь с ситуационным центром: данные не принимаются']);
  });

  it('counts the PCs of a room instead of repeating it', () => {
    const [one] = causes(
      ...[1, 2, 3].map((n) => silent(n, '0010', 5 * MIN, { role: 'kege' })),
      ...calmFrame.workstations,
    );
    expect(placeLabels(words, one as Cause).map(({ text }) => text)).toEqual(['ауд. 0010 ×3']);
  });
});

describe('the age of a fault', () => {
  const jam = hqWorkstation(1, '0001', { said: [['printer.state', 'fail', 'jam']] });
  const at = (ms: number, ...workstations: HqWorkstation[]): HqFrame =>
    hqFrame(workstations, { atMs: HQ_AT_MS + ms });
  const told = (state: HqState, ms: number): string[] =>
    causesOf(state).map((each) => sinceText(words, each, HQ_AT_MS + ms));

  it('counts from the frame that it came with', () => {
    const state = seen(at(0, hqWorkstation(1, '0001')), at(5_000, jam), at(9_000, jam));
    expect(told(state, 9_000)).toEqual(['только что']);
    expect(told(state, 5_000 + 7 * MIN)).toEqual(['7 мин']);
  });

  it('is only known to be longer when the page was opened later', () => {
    const state = seen(at(0, jam));
    expect(told(state, 1_000)).toEqual(['']);
    expect(told(state, 65 * MIN)).toEqual(['больше 1 ч 05 мин']);
  });

  it('starts anew when a fault comes back', () => {
    const state = seen(at(0, jam), at(MIN, hqWorkstation(1, '0001')), at(9 * MIN, jam));
    expect(told(state, 11 * MIN)).toEqual(['2 мин']);
    expect(seen(at(0, jam), at(1, hqWorkstation(1, '0001'))).since.size).toBe(0);
  });

  it('is told in minutes', () => {
    const say = (ms: number): string => coarseAge(ms, 'ru', 'только что');
    expect([59_999, 60_000, 119_000, 3_600_000, 90_000_000].map(say)).toEqual([
      'только что',
      '1 мин',
      '1 мин',
      '1 ч 00 мин',
      '1 сут 01 ч',
    ]);
  });
});

describe('rooms and devices', () => {
  it('have the Штаб first and the rest by number', () => {
    const frame = hqFrame(['0012', '7777', '0003'].map((room, at) => hqWorkstation(at + 1, room)));
    expect(roomsOf(frame).map(({ code }) => code)).toEqual(['7777', '0003', '0012']);
  });

  it('sort checks into columns', () => {
    const ids = ['heartbeat', 'clone', 'clock.skew', 'net.rtt', 'iso.internet', 'printer.2.state'];
    expect(ids.map(columnOf)).toEqual(['pc', 'pc', 'pc', 'line', 'line', 'printer']);
    expect(['camera.1.stream', 'camera.2.outage', 'camera.17.stream'].map(columnOf)).toEqual([
      'camera1',
      'camera2',
      'camera2',
    ]);
  });

  it('show the worst of a room’s PCs and how many of them', () => {
    const [room] = roomsOf(
      hqFrame([
        hqWorkstation(1, '0009', { role: 'speaking' }),
        hqWorkstation(2, '0009', {
          role: 'speaking',
          said: [['audio.headset', 'fail', 'noInput']],
        }),
        hqWorkstation(3, '0009', { role: 'speaking' }),
      ]),
    );
    expect(room?.cells.audio).toMatchObject({
      verdict: 'fail',
      reason: 'noInput',
      upset: 1,
      total: 3,
    });
    expect(room?.cells.printer).toBeUndefined();
    expect(room?.verdict).toBe('fail');
  });

  it('show nothing of a silent PC as known, and of one silent by the plan as calm', () => {
    const cells = (workstation: HqWorkstation) =>
      Object.values(roomsOf(hqFrame([workstation]))[0]?.cells ?? {}).map(({ verdict }) => verdict);
    expect(new Set(cells(silent(1, '0001', MIN)))).toEqual(new Set(['unknown']));
    const byRule = hqWorkstation(1, '0001', { verdict: 'silentByRule', reason: 'silentByRule' });
    expect(new Set(cells(byRule))).toEqual(new Set(['silentByRule']));
  });

  it('say of a carried PC how old its data are, its being well before does not hide it', () => {
    const [room] = roomsOf(hqFrame([carried(1, '0008', 12 * MIN)]));
    expect(room?.cells.pc).toMatchObject({
      verdict: 'silentByRule',
      carriedNewestMs: HQ_AT_MS - 12 * MIN,
    });
  });

  it('are counted in right Russian', () => {
    const say = (total: number, silentByRule = 0): string =>
      censusText(words, { total, live: total - silentByRule, byRule: silentByRule, carried: 0 });
    expect([say(1), say(12), say(21), say(22, 3)]).toEqual([
      '1 из 1 рабочего места на связи',
      '12 из 12 рабочих мест на связи',
      '21 из 21 рабочего места на связи',
      '19 из 22 рабочих мест на связи, 3 по плану без сети',
    ]);
    expect(censusOf(badFrame)).toEqual({ total: 15, live: 11, byRule: 1, carried: 1 });
    expect([1, 3, 1_240].map((n) => words.count(n, hqRu.records).replace('\u00a0', ' '))).toEqual([
      '1 запись',
      '3 записи',
      '1 240 записей',
    ]);
  });
});
