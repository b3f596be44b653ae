import { describe, expect, it } from 'vitest';
import { MAX_NOTE_LENGTH, type KeptFault } from '@ppe-pulse/protocol';
import type { IncidentAction } from '../../server/src/incidents/incident-book.ts';
import { workstationId } from '../support/rows.ts';
import { BookWorld, MINUTE_MS, NINE_MS, core, done, refusal } from './incident-world.ts';

const fault: KeptFault = {
  sourceId: workstationId(1),
  checkId: 'printer.state',
  incidentId: 'i-1',
  verdict: 'fail',
  reason: 'printerJam',
  evidence: {},
  sinceAtMs: NINE_MS,
};
const comment = (note: string): IncidentAction => ({ kind: 'comment', note });

describe('the incident book', () => {
  it('writes an incident with its fault, its history and the decision, and tells afterwards', () => {
    const world = new BookWorld();
    let inside: readonly unknown[] = [];
    let shownInside: readonly string[] = ['nothing was taken'];
    world.desk.onTake = () => {
      inside = world.database.all('SELECT id, is_open FROM incidents');
      shownInside = [...world.shown];
    };
    world.engine.saves([fault]);
    world.says('opened', { severity: 'critical' });
    expect([inside, shownInside]).toEqual([[{ id: 1, is_open: 1 }], []]);
    expect(world.database.all('SELECT source_id FROM incident_faults')).toHaveLength(1);
    expect([world.shown, world.desk.told, world.desk.wakes]).toEqual([
      ['i-1 open'],
      ['opened i-1'],
      2,
    ]);
    expect(world.book.open()).toMatchObject([{ id: 'i-1', assignee: null, notes: 0 }]);
    expect(world.logOf('i-1')).toEqual(['collector opened']);
    expect(world.book.counts()).toEqual({
      open: 1,
      critical: 1,
      untaken: 1,
      oldestUntakenAtMs: NINE_MS,
      silenced: 0,
    });
  });

  it('makes of each step what receivers are told, in its order', () => {
    const world = new BookWorld();
    world.says('opened');
    world.says('changed', { children: 2 });
    world.says('raised', { severity: 'critical' });
    world.says('opened', { id: 'i-2', level: 'site', node: 'site:4216' });
    const resolvedAtMs = NINE_MS + MINUTE_MS;
    world.engine.says('resolved', { resolvedAtMs, resolution: 'folded', foldedInto: 'i-2' });
    world.says('resolved', { id: 'i-2', resolvedAtMs, resolution: 'healed' });
    expect(world.desk.told).toEqual([
      'opened i-1',
      'raised i-1',
      'opened i-2',
      'folded i-1',
      'resolved i-2',
    ]);
    expect(world.shown).toEqual([
      'i-1 open',
      'i-1 open',
      'i-1 open',
      'i-2 open',
      'i-1 over',
      'i-2 over',
    ]);
    expect(world.logOf('i-1')).toEqual([
      'collector opened',
      'collector raised',
      'collector resolved',
    ]);
    expect(world.book.open()).toEqual([]);
    expect(world.book.find('i-1')).toMatchObject({ resolution: 'folded', foldedInto: 'i-2' });
  });

  it('loses nothing while the disk is full, and tells nobody before it is written', () => {
    const world = new BookWorld();
    world.isFull = true;
    world.engine.saves([fault]);
    world.says('opened');
    world.says('raised', { severity: 'critical' });
    expect([world.shown, world.book.open(), world.book.list({ state: 'all', limit: 9 })]).toEqual([
      [],
      [],
      [],
    ]);
    expect(world.desk.told).toEqual([]);
    world.isFull = false;
    world.pass(250);
    expect(world.desk.told).toEqual(['opened i-1', 'raised i-1']);
    expect(world.shown).toEqual(['i-1 open']);
    expect(world.logOf('i-1')).toEqual(['collector opened', 'collector raised']);
    expect(world.database.all('SELECT source_id FROM incident_faults')).toHaveLength(1);
    world.pass(250);
    expect(world.desk.told).toHaveLength(2);
  });

  it('writes a storm in turns, each incident whole, in its order, and all of it when a person acts', () => {
    const world = new BookWorld();
    const ids = Array.from({ length: 1_300 }, (_, at) => `i-${at + 1}`);
    for (const id of ids) world.engine.says('opened', { id });
    world.engine.saves([{ ...fault, incidentId: 'i-700' }]);
    const written = (table: string): number => world.database.all(`SELECT 1 FROM ${table}`).length;
    world.pass(250);
    expect([world.book.open().length, written('incident_log')]).toEqual([500, 500]);
    expect([world.desk.told.length, written('incident_faults')]).toEqual([500, 0]);
    world.isFull = true;
    world.engine.says('raised', { id: 'i-1', severity: 'critical' });
    world.pass(250);
    world.pass(250);
    expect([world.book.open().length, world.desk.told.length]).toEqual([500, 500]);
    world.isFull = false;
    world.pass(250);
    expect([world.book.open().length, written('incident_faults')]).toEqual([1_000, 1]);
    expect(done(world.book.act('i-1300', { kind: 'ack' }, world.by()))).toMatchObject({
      acknowledgedBy: 'operator',
    });
    expect(world.desk.told).toEqual([
      ...ids.map((id) => `opened ${id}`),
      'raised i-1',
      'acknowledged i-1300',
    ]);
    expect(written('incident_log')).toBe(1_302);
  });

  it('looks for escalations and digests once a second', () => {
    const world = new BookWorld();
    for (let tick = 0; tick < 12; tick += 1) world.pass(250);
    expect(world.desk.ticks).toBe(3);
  });

  it('knows after a restart what was open, and gives no number twice', () => {
    const world = new BookWorld();
    world.engine.saves([fault]);
    world.says('opened', { id: `i-${world.engine.parts.nextNumber()}` });
    world.says('opened', { id: `i-${world.engine.parts.nextNumber()}` });
    done(world.book.act('i-1', { kind: 'ack' }, world.by()));
    const resolvedAtMs = NINE_MS + MINUTE_MS;
    world.says('resolved', { id: 'i-2', resolvedAtMs, resolution: 'healed' });
    world.restart();
    expect(world.engine.restored).toEqual({ incidents: [core()], faults: [fault] });
    expect(world.engine.parts.nextNumber()).toBe(3);
    expect(world.book.open()).toMatchObject([{ id: 'i-1', acknowledgedBy: 'operator' }]);
    world.says('raised', { severity: 'critical' });
    expect(world.book.find('i-1')).toMatchObject({
      severity: 'critical',
      acknowledgedBy: 'operator',
    });
    world.engine.saves([], [fault]);
    world.says('resolved', { resolvedAtMs, resolution: 'healed' });
    expect(world.database.all('SELECT source_id FROM incident_faults')).toEqual([]);
  });

  it('lists the newest first, by state, place and severity, page by page', () => {
    const world = new BookWorld();
    world.says('opened', { id: 'i-1' });
    world.says('opened', { id: 'i-2', siteCode: '0042', siteCodes: ['0042'] });
    const wide = { siteCode: null, siteCodes: ['0042', '4216'], node: 'region' };
    world.says('opened', { id: 'i-3', ...wide, severity: 'critical' });
    world.says('resolved', { id: 'i-1', resolvedAtMs: NINE_MS, resolution: 'gone' });
    const ids = (filter: object): string[] =>
      world.book.list({ state: 'all', limit: 9, ...filter }).map(({ id }) => id);
    expect(ids({})).toEqual(['i-3', 'i-2', 'i-1']);
    expect(ids({ state: 'open' })).toEqual(['i-3', 'i-2']);
    expect(ids({ state: 'resolved' })).toEqual(['i-1']);
    expect(ids({ siteCode: '4216' })).toEqual(['i-3', 'i-1']);
    expect(ids({ siteCode: '0042', severity: 'warning' })).toEqual(['i-2']);
    expect(ids({ beforeId: 'i-3', limit: 1 })).toEqual(['i-2']);
  });
});

describe('what people do with an incident', () => {
  it('is done once however often it is asked for, and audited', () => {
    const world = new BookWorld();
    world.says('opened', { severity: 'critical' });
    const twice = (action: IncidentAction): void => {
      const first = done(world.book.act('i-1', action, world.by(`${action.kind}-1`)));
      expect(done(world.book.act('i-1', action, world.by(`${action.kind}-1`)))).toEqual(first);
      expect(done(world.book.act('i-1', action, world.by('another', 'other')))).toEqual(first);
    };
    twice({ kind: 'ack' });
    twice({ kind: 'assign', assignee: 'technicalSupport' });
    twice({ kind: 'drill', isDrill: true });
    twice({ kind: 'snooze', untilMs: NINE_MS + 30 * MINUTE_MS });
    twice({ kind: 'resolve', resolution: 'fixed', note: 'заменили картридж' });
    expect(world.logOf('i-1')).toEqual([
      'collector opened',
      'operator ack',
      'operator assign',
      'operator drill',
      'operator snooze',
      'operator resolve заменили картридж',
    ]);
    expect(world.audited()).toEqual([
      'operator incident.ack i-1',
      'operator incident.assign i-1',
      'operator incident.drill i-1',
      'operator incident.snooze i-1',
      'operator incident.resolve i-1',
    ]);
    expect(world.desk.told).toEqual(['opened i-1', 'acknowledged i-1', 'resolved i-1']);
    expect(world.book.find('i-1')).toMatchObject({
      acknowledgedBy: 'operator',
      assignee: 'technicalSupport',
      isDrill: true,
      resolution: 'fixed',
      notes: 1,
    });
  });

  it('takes a comment and a call once for a request, and each of two requests', () => {
    const world = new BookWorld();
    world.says('opened');
    world.says('opened', { id: 'i-2' });
    const call: IncidentAction = { kind: 'call', outcome: 'noAnswer', note: '' };
    done(world.book.act('i-1', comment(' звоню в Штаб '), world.by('request-1')));
    done(world.book.act('i-1', comment(' звоню в Штаб '), world.by('request-1')));
    done(world.book.act('i-1', call, world.by('request-2')));
    expect(done(world.book.act('i-1', call, world.by('request-2')))).toMatchObject({ notes: 2 });
    expect(world.logOf('i-1')).toEqual([
      'collector opened',
      'operator comment звоню в Штаб',
      'operator call',
    ]);
    expect(world.book.logOf('i-1').at(-1)?.details).toEqual({ outcome: 'noAnswer' });
    expect(refusal(world.book.act('i-2', comment('другое'), world.by('request-1')))).toBe(
      'requestIdUsed',
    );
    // An id that was used for another action must not swallow this one.
    expect(refusal(world.book.act('i-1', { kind: 'ack' }, world.by('request-1')))).toBe(
      'requestIdUsed',
    );
    expect(JSON.stringify(world.audited())).not.toContain('Штаб');
  });

  it('is refused with a reason when it says nothing, too much, or a time that is none', () => {
    const world = new BookWorld();
    world.says('opened');
    const act = (action: IncidentAction): string =>
      refusal(world.book.act('i-1', action, world.by()));
    expect(act(comment(' \n '))).toBe('noteEmpty');
    expect(act(comment('ю'.repeat(MAX_NOTE_LENGTH)))).toBe('done');
    expect(act(comment('ю'.repeat(MAX_NOTE_LENGTH + 1)))).toBe('noteTooLong');
    expect(act({ kind: 'resolve', resolution: 'other', note: '' })).toBe('noteEmpty');
    const hours = (count: number): number => world.clock.wallMs + count * 60 * MINUTE_MS;
    expect(act({ kind: 'snooze', untilMs: hours(-1) })).toBe('badTime');
    expect(act({ kind: 'snooze', untilMs: hours(25) })).toBe('badTime');
    expect(act({ kind: 'snooze', untilMs: Number.NaN })).toBe('badTime');
    expect(act({ kind: 'snooze', untilMs: hours(24) })).toBe('done');
    expect(refusal(world.book.act('i-9', { kind: 'ack' }, world.by()))).toBe('unknownIncident');
  });

  it('keeps control characters and halves of characters out of notes', () => {
    const world = new BookWorld();
    world.says('opened');
    done(world.book.act('i-1', comment('строка\r\nвторая\u0000\u001b[31m \ud83d'), world.by()));
    expect(world.book.logOf('i-1').at(-1)?.note).toBe('строка\nвторая  [31m \ufffd');
  });

  it('ends with the incident, but for what is learned of it later', () => {
    const world = new BookWorld();
    world.says('opened');
    world.says('resolved', { resolvedAtMs: NINE_MS, resolution: 'healed' });
    const act = (action: IncidentAction): string =>
      refusal(world.book.act('i-1', action, world.by()));
    expect(act({ kind: 'ack' })).toBe('incidentOver');
    expect(act({ kind: 'assign', assignee: 'coordinator' })).toBe('incidentOver');
    expect(act({ kind: 'snooze', untilMs: NINE_MS + MINUTE_MS })).toBe('incidentOver');
    expect(act({ kind: 'resolve', resolution: 'fixed', note: '' })).toBe('done');
    expect(act(comment('застряла скрепка'))).toBe('done');
    expect(act({ kind: 'drill', isDrill: true })).toBe('done');
    expect(world.book.find('i-1')).toMatchObject({ resolution: 'healed', notes: 1, isDrill: true });
    expect(world.shown.slice(1)).toEqual(['i-1 over', 'i-1 over', 'i-1 over']);
  });

  it('changes nothing while the disk is full, and says so', () => {
    const world = new BookWorld();
    world.says('opened');
    world.isFull = true;
    expect(refusal(world.book.act('i-1', { kind: 'ack' }, world.by()))).toBe('notStored');
    expect(refusal(world.book.act('i-1', comment('жду'), world.by('once')))).toBe('notStored');
    expect(world.book.find('i-1')).toMatchObject({ acknowledgedBy: null, notes: 0 });
    world.isFull = false;
    expect(done(world.book.act('i-1', comment('жду'), world.by('once')))).toMatchObject({
      notes: 1,
    });
    expect(world.audited()).toEqual(['operator incident.comment i-1']);
  });

  it('ends an incident when it can be written, once, when the disk was full as somebody said so', () => {
    const world = new BookWorld();
    world.says('opened');
    world.isFull = true;
    const resolve: IncidentAction = { kind: 'resolve', resolution: 'replaced', note: '' };
    expect(refusal(world.book.act('i-1', resolve, world.by('once')))).toBe('notStored');
    expect(world.book.open()).toHaveLength(1);
    world.isFull = false;
    world.pass(250);
    expect([world.book.open(), world.desk.told]).toEqual([[], ['opened i-1', 'resolved i-1']]);
    expect(done(world.book.act('i-1', resolve, world.by('once')))).toMatchObject({
      resolution: 'replaced',
    });
    expect(world.logOf('i-1')).toEqual(['collector opened', 'operator resolve']);
  });

  it('lets a snooze end by itself, or by a person, and receivers hear of it once', () => {
    const world = new BookWorld();
    world.says('opened', { severity: 'critical' });
    const snooze = (untilMs: number | null): void => {
      done(world.book.act('i-1', { kind: 'snooze', untilMs }, world.by()));
    };
    snooze(world.clock.wallMs + 5 * MINUTE_MS);
    expect(world.book.counts()).toMatchObject({ critical: 1, untaken: 0 });
    world.pass(4 * MINUTE_MS);
    expect(world.desk.told).toEqual(['opened i-1']);
    world.restart();
    world.pass(MINUTE_MS);
    world.pass(MINUTE_MS);
    expect(world.desk.told).toEqual(['resumed i-1']);
    expect(world.book.find('i-1')).toMatchObject({ snoozedUntilMs: null });
    snooze(world.clock.wallMs + 5 * MINUTE_MS);
    snooze(null);
    world.pass(6 * MINUTE_MS);
    expect(world.desk.told).toEqual(['resumed i-1', 'resumed i-1']);
  });

  it('is handed over between shifts with what is open', () => {
    const world = new BookWorld();
    world.says('opened');
    world.says('opened', { id: 'i-2' });
    const handover = done(world.book.addHandover(' Смена до 14:00 ', world.by('shift-1')));
    expect(handover).toMatchObject({ note: 'Смена до 14:00', openIncidents: ['i-1', 'i-2'] });
    expect(done(world.book.addHandover('Смена до 14:00', world.by('shift-1')))).toEqual(handover);
    expect(refusal(world.book.addHandover('', world.by()))).toBe('noteEmpty');
    world.restart();
    expect(world.book.handovers(10)).toEqual([handover]);
    expect(world.audited()).toEqual(['operator handover.add handover 1']);
  });
});
