import { describe, expect, it } from 'vitest';
import type { HqIncident, HqWorkstation } from '@ppe-pulse/protocol';
import { causesOf, type Cause } from '../../board/src/hq/causes.ts';
import { nothingSeen, takeFrame } from '../../board/src/hq/hq-state.ts';
import { knowledgeOf, type Knowledge } from '../../board/src/hq/known-incidents.ts';
import { HQ_AT_MS, badFrame, hqFrame, hqWorkstation, silent } from '../support/hq-frames.ts';
import { hqIncident, hqIncidents, providerCut } from '../support/hq-incidents.ts';
import { workstationId } from '../support/rows.ts';

const jammed = hqWorkstation(10, '0001', { said: [['printer.state', 'fail', 'jam']] });

function known(
  workstations: readonly HqWorkstation[],
  ...incidents: HqIncident[]
): Knowledge | null {
  const [cause] = causesOf(takeFrame(nothingSeen, hqFrame(workstations)));
  return knowledgeOf(cause as Cause, hqIncidents(incidents));
}

describe('what the situation centre knows of a fault', () => {
  it('is nothing while no incident covers it', () => {
    expect(known([jammed])).toBeNull();
    const elsewhere = [
      hqIncident(1, { workstationId: workstationId(11) }),
      hqIncident(2, { device: 2 }),
      hqIncident(3, { deviceKind: 'scanner', kind: 'scanner.state' }),
      hqIncident(4, { level: 'room', roomCode: '0002', workstationId: null }),
      hqIncident(5, { level: 'site', siteCode: '0043', roomCode: null, workstationId: null }),
      hqIncident(6, { resolvedAtMs: HQ_AT_MS }),
      hqIncident(7, { level: 'collector', siteCode: null, roomCode: null, workstationId: null }),
      providerCut(8),
    ];
    expect(known([jammed], ...elsewhere)).toBeNull();
  });

  it.each<[string, HqIncident]>([
    ['of the same device', hqIncident(1)],
    [
      'of another check of the same device',
      hqIncident(1, { kind: 'printer.paper', reason: 'low' }),
    ],
    ['of the workstation', hqIncident(1, { level: 'station', deviceKind: null, device: null })],
    ['of the room', hqIncident(1, { level: 'room', workstationId: null })],
    ['of the whole ППЭ', hqIncident(1, { level: 'site', roomCode: null, workstationId: null })],
    ['of the region', providerCut(1, { level: 'region', kind: 'printer.state', reason: 'jam' })],
  ])('is an incident %s', (_, incident) => {
    expect(known([jammed], incident)?.incident).toBe(incident);
  });

  it('is a wider incident only where check and reason are the same', () => {
    const portal = (reason: string): HqWorkstation =>
      hqWorkstation(1, '7777', { role: 'hq', said: [['net.portal', 'fail', reason]] });
    expect(known([portal('noAnswer')], providerCut(1))).toMatchObject({ standing: 'taken' });
    expect(known([portal('dnsFailed')], providerCut(1))).toBeNull();
  });

  it('is as of the worst cared for of its places, and says of how many', () => {
    const rooms = [10, 11, 12].map((number) =>
      hqWorkstation(number, `000${number - 9}`, { said: [['printer.state', 'fail', 'jam']] }),
    );
    const of = (number: number, part: Partial<HqIncident> = {}): HqIncident =>
      hqIncident(number, { workstationId: workstationId(number), ...part });
    const taken = { acknowledgedAtMs: HQ_AT_MS };
    expect(known(rooms, of(10, taken), of(11, taken))).toMatchObject({
      standing: 'taken',
      covered: 2,
    });
    const waiting = of(12);
    expect(known(rooms, of(10, taken), of(11, taken), waiting)).toEqual({
      standing: 'waits',
      covered: 3,
      incident: waiting,
    });
    const setAside = of(12, { snoozedUntilMs: HQ_AT_MS + 600_000 });
    expect(known(rooms, of(10, taken), setAside)).toMatchObject({ standing: 'setAside' });
  });

  it('counts a place as taken that any incident over it is taken for', () => {
    const wide = hqIncident(2, {
      level: 'site',
      roomCode: null,
      workstationId: null,
      acknowledgedAtMs: HQ_AT_MS,
    });
    expect(known([jammed], hqIncident(1), wide)).toMatchObject({
      standing: 'taken',
      incident: wide,
    });
  });

  it('tells silence of a PC by the incident of its silence, or of the whole ППЭ', () => {
    const silence = {
      kind: 'heartbeat',
      reason: 'silent',
      deviceKind: null,
      device: null,
    } as const;
    const ofPc = hqIncident(1, { ...silence, level: 'station', workstationId: workstationId(13) });
    const gone = silent(13, '0004', 17 * 60_000);
    expect(known([gone], ofPc)).toMatchObject({ standing: 'waits' });
    const ofSite = { ...ofPc, level: 'site', roomCode: null, workstationId: null } as const;
    expect(known([gone], ofSite)).toMatchObject({ standing: 'waits' });
  });

  it('says nothing of the line of the Штаб itself: what is known of that is not heard', () => {
    const uplink = causesOf(takeFrame(nothingSeen, badFrame)).find(
      ({ subject }) => subject === 'uplink',
    );
    const silence = { kind: 'heartbeat', reason: 'silent', level: 'site' } as const;
    expect(knowledgeOf(uplink as Cause, hqIncidents([hqIncident(1, silence)]))).toBeNull();
  });
});
