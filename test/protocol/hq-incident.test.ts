import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, hqPartOf, limits, type Incident, type Incidents } from '@ppe-pulse/protocol';
import { createCollectorDecoder, createIncidentsReader } from '@ppe-pulse/protocol/codec';
import { HQ_AT_MS } from '../support/hq-frames.ts';
import { hqIncident, providerCut } from '../support/hq-incidents.ts';

const frames = join(import.meta.dirname, '..', 'fixtures', 'frames');
const frameOf = (incidents: readonly Incident[]): Incidents => {
  const { total, items } = hqPartOf(incidents, '0042');
  return { type: 'incidents', atMs: HQ_AT_MS, total, items: [...items] };
};
const read = createIncidentsReader();
const decode = createCollectorDecoder();

describe('what a ППЭ is told of incidents', () => {
  it('is never who took one, what was written, or which other ППЭ it is about', () => {
    const ofTomorrow = { callNote: 'Иванов не отвечает' };
    const open: Incident = {
      ...ofTomorrow,
      ...providerCut(17),
      siteCodes: ['0041', '0042', '0043'],
      acknowledgedBy: 'ivanov',
      notes: 4,
      lastNoteAtMs: HQ_AT_MS,
    };
    const [item] = frameOf([open]).items;
    expect(item).toEqual({ ...providerCut(17), siteCodes: ['0042'] });
    expect(item).toMatchObject({ sites: 14, acknowledgedAtMs: HQ_AT_MS - 180_000 });
  });

  it('is open ones only, what waits for somebody first, the older before the younger', () => {
    const order = hqPartOf(
      [
        hqIncident(1, { severity: 'warning' }),
        hqIncident(2, { acknowledgedAtMs: HQ_AT_MS }),
        hqIncident(3, { silencedUntilMs: HQ_AT_MS }),
        hqIncident(4),
        hqIncident(5, { openedAtMs: HQ_AT_MS - 3_600_000 }),
        hqIncident(6, { resolvedAtMs: HQ_AT_MS, resolution: 'healed' }),
      ],
      '0042',
    );
    expect(order.items.map(({ id }) => id)).toEqual(['i-5', 'i-4', 'i-2', 'i-1', 'i-3']);
    expect(order.total).toBe(5);
  });

  it('always fits into a frame, and says how many did not', () => {
    const long = 'Ж'.repeat(190);
    const evidence = Object.fromEntries(
      Array.from({ length: limits.evidenceKeys }, (_, at) => [`key${at}`, 'x'.repeat(80)]),
    );
    const huge = (number: number): Incident =>
      hqIncident(number, { provider: long, node: `provider:${long}`, evidence });
    const many = Array.from({ length: 300 }, (_, at) => huge(at + 1));
    const bytes = Buffer.byteLength(encode(frameOf(many)));
    expect(bytes).toBeLessThanOrEqual(limits.collectorFrameBytes);
    expect(bytes).toBeGreaterThan(limits.collectorFrameBytes * 0.9);
    expect(frameOf(many).total).toBe(300);
    const small = Array.from({ length: 300 }, (_, at) => hqIncident(at + 1));
    const frame = frameOf(small);
    expect([frame.items.length, frame.total]).toEqual([limits.hqIncidents, 300]);
    expect(decode(encode(frame))).toEqual(frame);
    expect(read(frame.items)).toEqual(frame.items);
  });

  it('fits whatever the incidents are', () => {
    const incident = fc
      .record({
        id: fc.integer({ min: 1, max: 1e12 - 1 }).map((number) => `i-${number}`),
        provider: fc.option(fc.string({ maxLength: 200, unit: 'binary' })),
        openedAtMs: fc.integer({ min: 0, max: HQ_AT_MS }),
        sites: fc.nat(6_000),
      })
      .map((part) => hqIncident(1, part));
    fc.assert(
      fc.property(fc.array(incident, { maxLength: 120 }), (incidents) => {
        const frame = frameOf(incidents);
        const text = encode(frame);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.collectorFrameBytes);
        expect(frame.total).toBe(incidents.length);
        expect(read(frame.items)).toHaveLength(frame.items.length);
      }),
      { seed: 668, numRuns: 100 },
    );
  });
});

describe('a list of incidents that a relay reads', () => {
  const golden = JSON.parse(
    readFileSync(join(frames, 'collector-incidents.json'), 'utf8'),
  ) as Incidents;

  it('is read as it was written', () => {
    expect(read(golden.items)).toEqual(golden.items);
  });

  it('loses what is odd and not its line: a collector of tomorrow knows more words', () => {
    const good = hqIncident(1);
    const odd = [
      null,
      'i-1',
      {},
      { ...good, assignee: 'astronaut' },
      { ...good, level: 'galaxy' },
      { ...good, openedAtMs: -1 },
      { ...good, evidence: { path: '/media/stick/x' } },
      { ...good, acknowledgedBy: 'ivanov' },
    ];
    const frame: Incidents = { type: 'incidents', atMs: HQ_AT_MS, total: 9, items: [...odd, good] };
    expect(decode(encode(frame))).toEqual(frame);
    expect(read(frame.items)).toEqual([good]);
  });

  it('is kept without fields that nobody here knows', () => {
    expect(read([{ ...hqIncident(1), takenBy: 'ivanov' }])).toEqual([hqIncident(1)]);
  });

  it('is refused whole when it is longer than anybody may send', () => {
    const items = Array.from({ length: limits.hqIncidents + 1 }, () => 0);
    const frame: Incidents = { type: 'incidents', atMs: HQ_AT_MS, total: 51, items };
    expect(() => decode(encode(frame))).toThrow('incidents');
  });
});
