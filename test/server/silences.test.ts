import { describe, expect, it } from 'vitest';
import type { IncidentCore, SitePlace } from '@ppe-pulse/protocol';
import type { SilenceDraft } from '../../server/src/incidents/incident-book.ts';
import { parseNode } from '../../server/src/incidents/node-grammar.ts';
import { isCovered, nodesOf } from '../../server/src/incidents/silenced-by.ts';
import { MAX_LIVE_SILENCES } from '../../server/src/incidents/silence-check.ts';
import { workstationId } from '../support/rows.ts';
import { BookWorld, MINUTE_MS, NINE_MS, core, done, refusal } from './incident-world.ts';

const place: SitePlace = { municipality: 'kemerovo', provider: 'Сибирьтелеком' };
const HOUR_MS = 60 * MINUTE_MS;

function draft(changes: Partial<SilenceDraft> = {}): SilenceDraft {
  return {
    kind: 'silence',
    node: 'site:4216',
    checkId: null,
    fromMs: NINE_MS,
    toMs: NINE_MS + 10 * MINUTE_MS,
    comment: 'меняют коммутатор',
    ...changes,
  };
}

describe('what a silence covers', () => {
  const coveredBy = (
    incident: IncidentCore,
    node: string,
    checkId: string | null = null,
  ): boolean =>
    isCovered(
      incident,
      nodesOf(incident, () => place),
      { node, checkId },
    );

  it('is its node and everything below it', () => {
    const ancestors = [
      'region',
      'municipality:kemerovo',
      'provider:Сибирьтелеком',
      'site:4216',
      'room:4216-0012',
      `station:${workstationId(1)}`,
      `device:${workstationId(1)}/printer.1`,
    ];
    expect(ancestors.filter((node) => !coveredBy(core(), node))).toEqual([]);
    const others = [
      'collector',
      'municipality:belovo',
      'provider:Другой',
      'site:4217',
      'room:4216-0013',
      'room:4217-0012',
      `station:${workstationId(2)}`,
      `device:${workstationId(1)}/printer.2`,
    ];
    expect(others.filter((node) => coveredBy(core(), node))).toEqual([]);
  });

  it('is never what is above it or beside it', () => {
    const site = core({ level: 'site', node: 'site:4216', roomCode: null, workstationId: null });
    expect(coveredBy(site, 'room:4216-0012')).toBe(false);
    expect(coveredBy(site, 'provider:Сибирьтелеком')).toBe(true);
    const provider = core({ ...site, level: 'provider', node: 'provider:Сибирьтелеком' });
    expect(coveredBy({ ...provider, siteCode: null }, 'municipality:kemerovo')).toBe(false);
    const own = core({ level: 'collector', node: 'collector', siteCode: null });
    expect([coveredBy(own, 'region'), coveredBy(own, 'collector')]).toEqual([false, true]);
  });

  it('is one check where it names one', () => {
    expect(coveredBy(core(), 'site:4216', 'printer.state')).toBe(true);
    expect(coveredBy(core(), 'site:4216', 'scanner.state')).toBe(false);
  });

  it('is written in the grammar of the tree and in no other', () => {
    const good = [
      'region',
      'collector',
      'municipality:kemerovo',
      'provider:ООО «Связь»',
      'site:0042',
      'room:0042-7777',
      `station:${workstationId(1)}`,
      `device:${workstationId(1)}/camera.12`,
    ];
    expect(good.filter((node) => parseNode(node) === null)).toEqual([]);
    const bad = [
      '',
      'Region',
      'site:',
      'site:42',
      'room:0042',
      'station:w-1',
      `device:${workstationId(1)}/mouse.1`,
      `device:${workstationId(1)}/printer.0`,
      'municipality:',
      `provider:${'x'.repeat(181)}`,
      'street:5',
      ':4216',
    ];
    expect(bad.filter((node) => parseNode(node) !== null)).toEqual([]);
  });
});

describe('a silence', () => {
  it('keeps what opens below it quiet, shows so, and receivers hear of what is left when it ends', () => {
    const world = new BookWorld();
    world.says('opened');
    const silence = done(world.book.addSilence(draft(), world.by()));
    expect(silence).toMatchObject({ id: 's-1', createdBy: 'operator' });
    expect(world.book.silences()).toEqual([{ ...silence, covers: 1 }]);
    expect(world.book.find('i-1')).toMatchObject({ silencedUntilMs: silence.toMs });
    world.says('opened', { id: 'i-2', severity: 'critical' });
    world.says('opened', { id: 'i-3', siteCode: '0042', municipality: 'belovo' });
    world.says('raised', { severity: 'critical' });
    expect(world.desk.told).toEqual([
      'opened i-1',
      'opened i-2 silenced',
      'opened i-3',
      'raised i-1 silenced',
    ]);
    expect(world.book.silences()).toMatchObject([{ covers: 2 }]);
    expect(world.book.counts()).toMatchObject({ open: 3, critical: 2, untaken: 0, silenced: 2 });
    world.says('resolved', { id: 'i-2', resolvedAtMs: world.clock.wallMs, resolution: 'healed' });
    expect(world.desk.told.slice(4)).toEqual(['resolved i-2 silenced']);

    world.silencesTold = 0;
    world.pass(9 * MINUTE_MS);
    expect([world.book.silences().length, world.silencesTold]).toEqual([1, 0]);
    world.pass(MINUTE_MS);
    world.pass(MINUTE_MS);
    expect(world.desk.told.slice(5)).toEqual(['resumed i-1']);
    expect([world.book.silences(), world.silencesTold]).toEqual([[], 1]);
    expect(world.book.find('i-1')).toMatchObject({ silencedUntilMs: null, severity: 'critical' });
    expect(world.logOf('i-1')).toEqual([
      'collector opened',
      'collector silenced',
      'collector raised',
    ]);
    expect(world.audited()).toEqual(['operator silence.add s-1', 'collector silence.expire s-1']);
    expect(world.database.all('SELECT ended_by, ended_at_ms FROM silences')).toEqual([
      { ended_by: 'collector', ended_at_ms: silence.toMs },
    ]);
  });

  it('begins by itself when it was planned, and is shown before', () => {
    const world = new BookWorld();
    world.says('opened');
    const fromMs = NINE_MS + HOUR_MS;
    const planned = draft({ kind: 'maintenance', fromMs, toMs: fromMs + HOUR_MS });
    done(world.book.addSilence(planned, world.by()));
    expect(world.book.silences()).toMatchObject([{ kind: 'maintenance', covers: 0 }]);
    expect(world.book.counts().silenced).toBe(0);
    world.pass(HOUR_MS);
    expect(world.book.silences()).toMatchObject([{ covers: 1 }]);
    expect(world.book.counts().silenced).toBe(1);
    expect(world.logOf('i-1')).toEqual(['collector opened', 'collector silenced']);
  });

  it('ends by a word, once, and the longer one of two holds on', () => {
    const world = new BookWorld();
    world.says('opened');
    const [short, long] = [draft(), draft({ node: 'region', toMs: NINE_MS + HOUR_MS })].map(
      (each) => done(world.book.addSilence(each, world.by())),
    );
    expect(world.book.find('i-1')).toMatchObject({ silencedUntilMs: long?.toMs });
    done(world.book.endSilence(long?.id ?? '', world.by()));
    expect(world.book.find('i-1')).toMatchObject({ silencedUntilMs: short?.toMs });
    expect(world.desk.told).toEqual(['opened i-1']);
    done(world.book.endSilence(short?.id ?? '', world.by()));
    done(world.book.endSilence(short?.id ?? '', world.by('again', 'other')));
    expect(world.desk.told).toEqual(['opened i-1', 'resumed i-1']);
    expect(world.audited().slice(2)).toEqual([
      'operator silence.end s-2',
      'operator silence.end s-1',
    ]);
    expect(refusal(world.book.endSilence('s-9', world.by()))).toBe('unknownSilence');
  });

  it('holds over a restart, and one that ended meanwhile is over', () => {
    const world = new BookWorld();
    world.says('opened');
    done(world.book.addSilence(draft(), world.by()));
    done(world.book.addSilence(draft({ toMs: NINE_MS + HOUR_MS }), world.by()));
    world.restart();
    world.pass(250);
    expect(world.book.silences()).toMatchObject([{ covers: 1 }, { covers: 1 }]);
    expect(world.desk.told).toEqual([]);
    world.book.close();
    world.clock.wallMs += 2 * HOUR_MS;
    world.start();
    world.pass(250);
    expect([world.book.silences(), world.desk.told]).toEqual([[], ['resumed i-1']]);
    expect(world.audited().filter((line) => line.includes('expire'))).toHaveLength(2);
    expect(
      done(world.book.addSilence(draft({ toMs: world.clock.wallMs + 1 }), world.by())),
    ).toMatchObject({ id: 's-3' });
  });

  it('keeps quiet on until the snooze ends, too', () => {
    const world = new BookWorld();
    world.says('opened');
    done(world.book.addSilence(draft(), world.by()));
    const untilMs = NINE_MS + 20 * MINUTE_MS;
    done(world.book.act('i-1', { kind: 'snooze', untilMs }, world.by()));
    world.pass(15 * MINUTE_MS);
    expect(world.desk.told).toEqual(['opened i-1']);
    world.pass(5 * MINUTE_MS);
    expect(world.desk.told).toEqual(['opened i-1', 'resumed i-1']);
  });

  it('is made once for one request', () => {
    const world = new BookWorld();
    const first = done(world.book.addSilence(draft(), world.by('request-1')));
    expect(done(world.book.addSilence(draft(), world.by('request-1')))).toEqual(first);
    expect(world.book.silences()).toHaveLength(1);
    expect(world.audited()).toHaveLength(1);
  });

  it('is refused where it says nothing, is of nowhere, or never', () => {
    const world = new BookWorld();
    world.unknown = ['4217', 'atlantis'];
    const add = (changes: Partial<SilenceDraft>): string =>
      refusal(world.book.addSilence(draft(changes), world.by()));
    expect(add({ comment: ' ' })).toBe('noteEmpty');
    expect(add({ comment: 'x'.repeat(2_001) })).toBe('noteTooLong');
    expect(add({ node: 'ППЭ 4216' })).toBe('badNode');
    expect(add({ node: 'site:4217' })).toBe('badNode');
    expect(add({ node: 'room:4217-0001' })).toBe('badNode');
    expect(add({ node: 'municipality:atlantis' })).toBe('badNode');
    expect(add({ checkId: 'printer.2.state' })).toBe('badCheck');
    expect(add({ toMs: NINE_MS })).toBe('badTime');
    expect(add({ fromMs: NINE_MS - HOUR_MS, toMs: NINE_MS - MINUTE_MS })).toBe('badTime');
    expect(add({ toMs: NINE_MS + 7 * 24 * HOUR_MS + 1 })).toBe('badTime');
    expect(add({ fromMs: NINE_MS + 400 * 24 * HOUR_MS, toMs: NINE_MS + 401 * 24 * HOUR_MS })).toBe(
      'badTime',
    );
    expect(add({ toMs: Number.NaN })).toBe('badTime');
    expect(add({ toMs: NINE_MS + 7 * 24 * HOUR_MS, checkId: 'printer.state' })).toBe('done');
    expect(world.book.silences()).toHaveLength(1);
  });

  it('is not there when it could not be written, and there are only so many', () => {
    const world = new BookWorld();
    world.isFull = true;
    expect(refusal(world.book.addSilence(draft(), world.by()))).toBe('notStored');
    world.isFull = false;
    expect(world.book.silences()).toEqual([]);
    for (let count = 0; count < MAX_LIVE_SILENCES; count += 1)
      done(world.book.addSilence(draft(), world.by()));
    expect(refusal(world.book.addSilence(draft(), world.by()))).toBe('tooManySilences');
  });
});
