import { matchPlanned, type EnrolledWorkstation, type Room, type Site } from '@ppe-pulse/protocol';
import { describe, expect, it } from 'vitest';

describe('planned and enrolled workstations', () => {
  it('puts the one that came first into the lowest number of its room, role and duty', () => {
    const site = siteOf(roomOf('0012', 'kege', ['main', 'main', 'reserve']));
    const found = matchPlanned(site, [
      agent('late', '0012', { atMs: 20 }),
      agent('early', '0012', { atMs: 10 }),
      agent('spare', '0012', { duty: 'reserve', atMs: 5 }),
    ]);
    expect(found.matched.get('4216-0012-kege-main-1')).toBe('early');
    expect(found.matched.get('4216-0012-kege-main-2')).toBe('late');
    expect(found.matched.get('4216-0012-kege-reserve-1')).toBe('spare');
    expect(found.notYetHeard).toEqual([]);
    expect(found.unplanned).toEqual([]);
  });

  it('is the same in whatever order the agents are handed in', () => {
    const site = siteOf(roomOf('0012', 'kege', ['main', 'main', 'main']));
    const agents = ['c', 'a', 'b', 'd'].map((id) => agent(id, '0012', { atMs: 7 }));
    const found = matchPlanned(site, agents);
    for (const order of [agents.toReversed(), agents.toSorted((x, y) => (x.id < y.id ? 1 : -1))])
      expect(matchPlanned(site, order)).toEqual(found);
    expect([...found.matched.values()]).toEqual(['a', 'b', 'c']);
    expect(found.unplanned).toEqual(['d']);
  });

  it('does not let a reserve, another role or another room fill a main place', () => {
    const site = siteOf(
      roomOf('0012', 'organizer', ['main']),
      roomOf('0013', 'organizer', ['main']),
    );
    const found = matchPlanned(site, [
      agent('spare', '0012', { role: 'organizer', duty: 'reserve' }),
      agent('scan', '0012', { role: 'scan' }),
      agent('next', '0013', { role: 'organizer' }),
    ]);
    expect([...found.matched]).toEqual([['4216-0013-organizer-main-1', 'next']]);
    expect(found.notYetHeard).toEqual(['4216-0012-organizer-main-1']);
    expect(found.unplanned).toEqual(['scan', 'spare']);
  });

  it('counts an agent that has a key and never spoke as not yet heard, in its place', () => {
    const site = siteOf(roomOf('0012', 'kege', ['main']));
    const found = matchPlanned(site, [{ ...agent('mute', '0012', {}), wasHeard: false }]);
    expect(found.matched.get('4216-0012-kege-main-1')).toBe('mute');
    expect(found.notYetHeard).toEqual(['4216-0012-kege-main-1']);
    expect(found.unplanned).toEqual([]);
  });

  it('leaves agents of other sites out', () => {
    const site = siteOf(roomOf('0012', 'kege', ['main']));
    const stranger = agent('other', '0012', {});
    const found = matchPlanned(site, [
      { ...stranger, placement: { ...stranger.placement, siteCode: '4217' } },
    ]);
    expect(found).toEqual({
      matched: new Map(),
      notYetHeard: ['4216-0012-kege-main-1'],
      unplanned: [],
    });
  });
});

type Duty = Room['workstations'][number]['duty'];
type Role = Room['workstations'][number]['role'];

function agent(
  id: string,
  roomCode: string,
  { role = 'kege', duty = 'main', atMs = 1 }: { role?: Role; duty?: Duty; atMs?: number },
): EnrolledWorkstation {
  return {
    id,
    placement: { siteCode: '4216', roomCode, role, duty, simulated: false },
    enrolledAtMs: atMs,
  };
}

function roomOf(code: string, role: Role, duties: readonly Duty[]): Room {
  const workstations = duties.map((duty, index) => {
    const number = duties.slice(0, index + 1).filter((each) => each === duty).length;
    const id = `4216-${code}-${role}-${duty}-${number}`;
    return { id, role, duty, number, origin: 'imported' as const };
  });
  return { code, purposes: ['kege'], seats: 15, cameras: 2, workstations };
}

function siteOf(...rooms: Room[]): Site {
  return {
    code: '4216',
    kind: 'ppe',
    period: 'main',
    commission: null,
    name: 'Школа № 1',
    municipality: 'kemerovo',
    address: '',
    timeZone: null,
    isRemote: false,
    provider: null,
    contractBytesPerSecond: null,
    dutyPhone: null,
    rooms,
  };
}
