import { describe, expect, it } from 'vitest';
import { headersOf, planRange } from '../../server/src/em/range.ts';

const BYTES = 1_000;
const whole = { bytes: BYTES, etag: '"em1-7-1000"' };
const plan = (range?: string, ifRange?: string) => planRange({ range, ifRange }, whole);
const all = { status: 200, from: 0, to: 999 };

describe('a range of the package', () => {
  it('is given as it is asked for', () => {
    expect(plan()).toEqual(all);
    expect(plan('bytes=0-')).toEqual({ status: 206, from: 0, to: 999 });
    expect(plan('bytes=10-19')).toEqual({ status: 206, from: 10, to: 19 });
    expect(plan('bytes=999-')).toEqual({ status: 206, from: 999, to: 999 });
    expect(plan('bytes=-10')).toEqual({ status: 206, from: 990, to: 999 });
    expect(plan('Bytes= 5-5 ')).toEqual({ status: 206, from: 5, to: 5 });
  });

  it('ends at the end of the package, whatever was asked', () => {
    expect(plan('bytes=990-100000')).toEqual({ status: 206, from: 990, to: 999 });
    expect(plan('bytes=-100000')).toEqual({ status: 206, from: 0, to: 999 });
  });

  it('is refused past the end, and where it is empty', () => {
    expect(plan('bytes=1000-')).toEqual({ status: 416 });
    expect(plan('bytes=999999999999999-')).toEqual({ status: 416 });
    expect(plan('bytes=-0')).toEqual({ status: 416 });
    expect(headersOf({ status: 416 }, whole)).toMatchObject({
      'content-range': 'bytes */1000',
      'content-length': 0,
    });
  });

  it('is the whole where it is malformed, of another unit, or a list', () => {
    for (const range of [
      '',
      'bytes',
      'bytes=',
      'bytes=-',
      'bytes=a-b',
      'bytes=20-10',
      'bytes=0-1,5-6',
      'lines=0-9',
      'bytes=+1-2',
      'bytes=1e3-',
      'bytes=0x10-',
      'bytes=1-2-3',
      'bytes=--1',
      'bytes=9999999999999999-',
      `bytes=0-${'9'.repeat(100)}`,
    ])
      expect([range, plan(range)]).toEqual([range, all]);
  });

  it('is given only of the very package that the client knows', () => {
    expect(plan('bytes=10-', whole.etag)).toEqual({ status: 206, from: 10, to: 999 });
    for (const other of ['"em1-8-1000"', `W/${whole.etag}`, '', 'Wed, 21 Oct 2015 07:28:00 GMT'])
      expect([other, plan('bytes=10-', other)]).toEqual([other, all]);
  });

  it('says what it is', () => {
    const answer = { status: 206, from: 10, to: 19 } as const;
    expect(headersOf(answer, whole)).toEqual({
      etag: whole.etag,
      'accept-ranges': 'bytes',
      'cache-control': 'no-store, no-transform',
      'content-type': 'application/octet-stream',
      'content-length': 10,
      'content-range': 'bytes 10-19/1000',
    });
    expect(headersOf(all as { status: 200; from: 0; to: 999 }, whole)).not.toHaveProperty(
      'content-range',
    );
  });

  it('never leaves the package, whatever the header says', () => {
    const seed = Date.now() % 2 ** 31;
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const pieces = [
      'bytes',
      '=',
      '-',
      ',',
      ' ',
      '\t',
      '0',
      '9',
      '999',
      '1000',
      '1e9',
      'x',
      '*',
      '/',
    ];
    for (let round = 0; round < 20_000; round += 1) {
      const free = Array.from({ length: random(9) }, () => pieces[random(pieces.length)]).join('');
      const range = random(2) === 0 ? `bytes=${free}` : free;
      const answer = plan(range);
      const detail = `seed ${seed}, "${range}"`;
      if (answer.status === 416) continue;
      const { status, from, to } = answer;
      const isInside = from >= 0 && from <= to && to < BYTES;
      const isWhole = from === 0 && to === BYTES - 1;
      if (!isInside || (status === 200 && !isWhole)) expect.fail(`${detail}: ${from}-${to}`);
    }
  });
});
