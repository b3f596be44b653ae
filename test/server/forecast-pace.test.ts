import { expect, it } from 'vitest';
import { ForecastPace } from '../../server/src/rehearsal/forecast-pace.ts';

it('a site is forecast every five seconds at most, and never forgotten', () => {
  const pace = new ForecastPace();
  pace.moved('4216');
  expect(pace.take(1_000)).toEqual(['4216']);
  expect(pace.take(9_000)).toEqual([]);
  pace.moved('4216');
  expect(pace.take(10_000)).toEqual(['4216']);
  pace.moved('4216');
  pace.moved('0012');
  expect(pace.take(12_000)).toEqual(['0012']);
  expect(pace.take(15_000)).toEqual(['4216']);
});
