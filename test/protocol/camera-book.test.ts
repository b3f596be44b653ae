import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CameraBook,
  foldRule,
  unheard,
  type CheckVerdict,
  type Evidence,
  type Placement,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { beat, foldHeartbeat, placement } from '../support/beats.ts';
import { room, site } from './stage-world.ts';

type Verdict = CheckVerdict['verdict'];
/** A camera as a workstation judges it: its stream, and how long its place was dark today. */
type Look = readonly [stream: Verdict, outageSeconds?: number, evidence?: Evidence];

const told = (id: string, verdict: Verdict, evidence: Evidence): CheckVerdict => ({
  id,
  verdict,
  reason: verdict === 'ok' ? 'ok' : 'stalled',
  evidence,
  ageMs: 0,
});

/** A workstation that is heard and looks at cameras 1, 2… */
function looking(id: string, part: Partial<Placement>, looks: readonly Look[]): WorkstationState {
  const verdicts = looks.flatMap(([verdict, seconds, evidence], at) => [
    told(`camera.${at + 1}.stream`, verdict, evidence ?? {}),
    told(`camera.${at + 1}.outage`, 'ok', { value: seconds ?? 0 }),
    told(`camera.${at + 1}.overlay`, 'unknown', {}),
  ]);
  const where = { ...placement, siteCode: '4216', ...part };
  return foldHeartbeat(unheard(id, where), beat(1, { workstationId: id, verdicts }));
}

/** Two rooms of two cameras, and the Штаб with two. */
const one = site('4216', [
  room('7777', ['hq']),
  room('0002', ['written']),
  room('0001', ['written']),
]);

function counted(...states: readonly WorkstationState[]): string {
  const book = new CameraBook();
  book.setSites([one]);
  for (const state of states) book.see(state);
  return shown(book);
}

/** `planned +on −off; dark rooms, over 5, 15 and 20 minutes`. */
function shown(book: CameraBook): string {
  const { planned, on, off, byRule: _, ...dark } = book.counts();
  return `${planned} +${on} −${off}; ${Object.values(dark).join(' ')}`;
}

const ownRoom = { roomCode: '0001', role: 'organizer' } as const;
const watcher = { roomCode: '7777', role: 'video' } as const;

describe('cameras of the region', () => {
  it('are planned by the registry, and what nobody sees is neither on nor off', () => {
    expect(counted()).toBe('6 +0 −0; 0 0 0 0');
    expect(counted(looking('a', ownRoom, [['ok'], ['unknown']]))).toBe('6 +1 −0; 0 0 0 0');
  });

  it('are seen by whoever works in their room, also where it is one of informatics or of speaking', () => {
    for (const role of ['organizer', 'kege', 'speaking'] as const)
      expect(counted(looking('a', { roomCode: '0001', role }, [['ok'], ['ok']]))).toBe(
        '6 +2 −0; 0 0 0 0',
      );
    // It prints and scans for others, and looks at nothing.
    expect(counted(looking('a', { roomCode: '0001', role: 'scan' }, [['ok']]))).toBe(
      '6 +0 −0; 0 0 0 0',
    );
  });

  it('are off by a stream that is none, also where that is a mere warning', () => {
    const off = looking('a', ownRoom, [['ok'], ['warn']]);
    expect(counted(off)).toBe('6 +1 −1; 0 0 0 0');
    const slow = looking('a', ownRoom, [['ok'], ['warn', 0, { picture: 'moving' }]]);
    expect(counted(slow)).toBe('6 +2 −0; 0 0 0 0');
  });

  it.each([
    [299, '1 0 0 0'],
    [300, '1 1 0 0'],
    [900, '1 1 1 0'],
    [1_200, '1 1 1 1'],
  ])('make a room dark for the least of their outages: %d s', (seconds, dark) => {
    const state = looking('a', ownRoom, [
      ['fail', seconds + 600],
      ['fail', seconds],
    ]);
    expect(counted(state)).toBe(`6 +0 −2; ${dark}`);
  });

  it('make no room dark that may have video: one is on, or nobody can tell', () => {
    const lit = looking('a', ownRoom, [
      ['fail', 1_500],
      ['ok', 1_500],
    ]);
    expect(counted(lit)).toBe('6 +1 −1; 0 0 0 0');
    const untold = looking('a', ownRoom, [
      ['fail', 1_500],
      ['unknown', 1_500],
    ]);
    expect(counted(untold)).toBe('6 +0 −1; 0 0 0 0');
  });

  it('are counted once where two see the same ones, by the better sight', () => {
    const dark = looking('a', ownRoom, [
      ['fail', 1_300],
      ['fail', 1_300],
    ]);
    // The cameras of its own room come first, then those of the others by code.
    const all = looking('v', watcher, [
      ['ok'],
      ['ok'],
      ['ok'],
      ['ok'],
      ['fail', 400],
      ['fail', 400],
    ]);
    expect(counted(dark, all)).toBe('6 +4 −2; 1 1 0 0');
    const twin = looking('b', ownRoom, [['ok'], ['ok']]);
    expect(counted(looking('a', ownRoom, [['ok'], ['ok']]), twin)).toBe('6 +2 −0; 0 0 0 0');
    const blind = looking('a', ownRoom, [['unknown'], ['unknown']]);
    const off = looking('v', watcher, [['ok'], ['ok'], ['fail', 60], ['fail', 60]]);
    expect(counted(blind, off)).toBe('6 +2 −2; 1 0 0 0');
  });

  it('are not seen any more by one that is silent or takes no part', () => {
    const seen = looking('a', ownRoom, [
      ['fail', 1_300],
      ['fail', 1_300],
    ]);
    expect(counted(seen, foldRule(seen, 'notInvolved', 0))).toBe('6 +0 −0; 0 0 0 0');
    expect(counted(seen, unheard('a', { ...placement, ...ownRoom, siteCode: '4216' }))).toBe(
      '6 +0 −0; 0 0 0 0',
    );
  });

  it('are hidden by the plan where it has silenced the PC that looks at them', () => {
    const quiet = (state: WorkstationState): WorkstationState =>
      foldRule(state, 'isolated', Number.MAX_SAFE_INTEGER);
    const byRule = (...states: readonly WorkstationState[]): number => {
      const book = new CameraBook();
      book.setSites([one]);
      for (const state of states) book.see(state);
      return book.counts().byRule;
    };
    const both = looking('a', ownRoom, [['ok'], ['fail', 1_300]]);
    expect(quiet(both).standing.verdict).toBe('silentByRule');
    expect(byRule(both)).toBe(0);
    expect(byRule(quiet(both))).toBe(2);
    // It looked at one of two, or at none: of the rest nobody knows, with a plan or without one.
    expect(byRule(quiet(looking('a', ownRoom, [['ok']])))).toBe(1);
    const blind = foldHeartbeat(
      unheard('a', { ...placement, siteCode: '4216', ...ownRoom }),
      beat(1, { workstationId: 'a', verdicts: [told('pc.cpu', 'ok', {})] }),
    );
    expect(byRule(quiet(blind))).toBe(0);
    // One that was never heard is there for its room, or as a watcher for the site.
    const never = (part: Partial<Placement>): WorkstationState =>
      quiet(unheard('n', { ...placement, siteCode: '4216', ...part }));
    expect(byRule(never(ownRoom))).toBe(2);
    expect(byRule(never(watcher))).toBe(6);
    expect(byRule(never({ ...ownRoom, role: 'print' }))).toBe(0);
    // What another PC sees, or says that it cannot tell, is not hidden.
    expect(byRule(quiet(both), looking('v', watcher, [['ok'], ['ok'], ['ok'], ['fail']]))).toBe(0);
    expect(byRule(quiet(both), looking('v', watcher, [['ok'], ['ok'], ['ok'], ['unknown']]))).toBe(
      0,
    );
    expect(byRule(quiet(both), looking('b', ownRoom, [['ok']]))).toBe(1);
  });

  it('are those of the sites that take part, whoever looks on elsewhere', () => {
    const book = new CameraBook();
    book.see(looking('a', ownRoom, [['ok'], ['ok']]));
    expect(shown(book)).toBe('0 +0 −0; 0 0 0 0');
    book.setSites([one, site('4217', [room('0001', ['written'])])]);
    expect(shown(book)).toBe('8 +2 −0; 0 0 0 0');
    book.setSites([site('4217', [room('0001', ['written'])])]);
    expect(shown(book)).toBe('2 +0 −0; 0 0 0 0');
  });

  it('are the same counted step by step as counted once at the end', () => {
    const sites = ['4216', '4217', '4218'].map((code) => ({ ...one, code }));
    const look = fc.tuple(
      fc.constantFrom<Verdict>('ok', 'fail', 'unknown'),
      fc.constantFrom(0, 400, 1_000, 1_300),
    );
    const step = fc.record({
      who: fc.nat(5),
      siteCode: fc.constantFrom('4216', '4217', '4218', '9999'),
      roomCode: fc.constantFrom('0001', '0002', '7777'),
      role: fc.constantFrom('organizer', 'hq', 'video', 'kege'),
      looks: fc.array(look, { maxLength: 6 }),
      isAsked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const book = new CameraBook();
        book.setSites(sites);
        const newest = new Map<string, WorkstationState>();
        for (const { who, siteCode, roomCode, role, looks, isAsked } of steps) {
          const id = `w${who}`;
          const where = { siteCode, roomCode, role } as const;
          const state = looking(id, where, looks);
          newest.set(id, state);
          book.see(state);
          if (isAsked) book.counts();
        }
        const anew = new CameraBook();
        anew.setSites(sites);
        for (const state of newest.values()) anew.see(state);
        expect(book.counts()).toEqual(anew.counts());
      }),
      { seed: 1_905, numRuns: 200 },
    );
  });
});
