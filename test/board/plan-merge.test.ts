import { describe, expect, it } from 'vitest';
import { planOf } from '@ppe-pulse/protocol';
import { diffLines, hunksOf } from '../../board/src/plan/line-diff.ts';
import { mergeTexts } from '../../board/src/plan/merge-texts.ts';
import { modeSpansOf, trackTimesOf } from '../../board/src/plan/plan-times-table.ts';

const lines = (...texts: string[]): string => texts.join('\n');
const signs = { same: ' ', added: '+', removed: '-' } as const;
const shown = (before: string, after: string): string[] =>
  diffLines(before, after).map(({ kind, text }) => `${signs[kind]}${text}`);

/** A generator of its own: the seed says which texts they were. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('the difference of two texts', () => {
  it('names the lines that came and went, in their place', () => {
    expect(shown(lines('a', 'b', 'c', 'd'), lines('a', 'x', 'c', 'd', 'e'))).toEqual([
      ' a',
      '-b',
      '+x',
      ' c',
      ' d',
      '+e',
    ]);
    expect(shown('', 'a')).toEqual(['-', '+a']);
    expect(shown('a', 'a')).toEqual([' a']);
  });

  it('leads from any text to any other', () => {
    const seed = 20_240_515;
    const next = random(seed);
    for (let round = 0; round < 300; round += 1) {
      const text = (): string =>
        lines(...Array.from({ length: Math.floor(next() * 12) }, () => 'abc'.charAt(next() * 3)));
      const [before, after] = [text(), text()];
      const diff = diffLines(before, after);
      const side = (kind: 'added' | 'removed'): string =>
        lines(...diff.filter((line) => line.kind !== kind).map((line) => line.text));
      expect([seed, round, side('added'), side('removed')]).toEqual([seed, round, before, after]);
    }
  });

  it('gives up on texts that have nothing in common, and still leads from one to the other', () => {
    const text = (word: string): string =>
      lines(...Array.from({ length: 2_000 }, (_, at) => `${word} ${at}`));
    const diff = diffLines(text('a'), text('b'));
    expect(diff).toHaveLength(4_000);
    expect(new Set(diff.map(({ kind }) => kind))).toEqual(new Set(['removed', 'added']));
  });

  it('is read in stretches with a few lines around them', () => {
    const before = lines(...Array.from({ length: 20 }, (_, at) => `${at}`));
    const hunks = hunksOf(diffLines(before, before.replace('\n10\n', '\nten\n')), 1);
    expect(hunks).toEqual([
      {
        skipped: 9,
        lines: [
          { kind: 'same', text: '9' },
          { kind: 'removed', text: '10' },
          { kind: 'added', text: 'ten' },
          { kind: 'same', text: '11' },
        ],
      },
    ]);
    expect(hunksOf(diffLines(before, before))).toEqual([]);
  });
});

describe('two edits of one text', () => {
  const base = lines('a', 'b', 'c', 'd', 'e');

  it('are put together when they changed different lines', () => {
    const mine = lines('A', 'b', 'c', 'd', 'e');
    const theirs = lines('a', 'b', 'c', 'd', 'E', 'f');
    expect(mergeTexts({ base, mine, theirs })).toEqual({
      text: lines('A', 'b', 'c', 'd', 'E', 'f'),
      conflicts: 0,
    });
  });

  it('stand between marks where both changed the same line otherwise', () => {
    const mine = lines('a', 'b', 'mine', 'd', 'e');
    const theirs = lines('a', 'b', 'theirs', 'd', 'e');
    expect(mergeTexts({ base, mine, theirs }, { mine: 'мои', theirs: 'их' })).toEqual({
      text: lines('a', 'b', '<<<<<<< мои', 'mine', '=======', 'theirs', '>>>>>>> их', 'd', 'e'),
      conflicts: 1,
    });
  });

  it('are one where both did the same, and nothing is lost where one did nothing', () => {
    const edited = lines('a', 'x', 'c', 'e');
    expect(mergeTexts({ base, mine: edited, theirs: edited }).text).toBe(edited);
    expect(mergeTexts({ base, mine: base, theirs: edited }).text).toBe(edited);
    expect(mergeTexts({ base, mine: edited, theirs: base }).text).toBe(edited);
  });
});

describe('the times of a plan', () => {
  const plan = planOf({
    id: 'x',
    title: 'x',
    date: '2024-05-15',
    participants: { kinds: ['ppe-main'] },
    video: { participants: ['ppe-main'] },
    exams: [
      { subject: 'russian', kind: 'written', durationMinutes: 210 },
      { subject: 'informatics', kind: 'kege', durationMinutes: 235 },
    ],
  });
  const at = (time: string): number => Date.parse(`2024-05-15T${time}+07:00`);

  it('are moments of the region, each track by its own exams, the video last', () => {
    const tracks = trackTimesOf(plan);
    expect(tracks.map(({ track }) => track)).toEqual(['written', 'kege', 'video']);
    const row = (track: string, stage: string) =>
      tracks.find((each) => each.track === track)?.rows.find((each) => each.stage === stage);
    expect(row('written', 'printing')).toEqual({
      stage: 'printing',
      due: { written: '10:15', atMs: at('10:15') },
      amber: { written: '10:20', atMs: at('10:20') },
      red: { written: '10:30', atMs: at('10:30') },
    });
    expect(row('written', 'examFinished')?.due).toEqual({ written: 'end', atMs: at('13:30') });
    expect(row('kege', 'examFinished')?.due).toEqual({ written: 'end', atMs: at('13:55') });
    expect(row('kege', 'printing')).toBeUndefined();
    expect(row('written', 'techControl')?.due?.atMs).toBe(Date.parse('2024-05-14T17:00+07:00'));
    expect(row('video', 'protocol')).toMatchObject({ due: null, amber: null, red: null });
  });

  it('of isolation stand together for the roles that share them', () => {
    expect(
      modeSpansOf(plan).map(({ roles, from, to }) => [roles.join(' '), from.atMs, to.atMs]),
    ).toEqual([
      ['organizer print scan', at('09:30'), at('13:30')],
      // Nobody speaks that day: their isolation lasts as long as any exam does.
      ['kege speaking', at('09:30'), at('13:55')],
    ]);
  });
});
