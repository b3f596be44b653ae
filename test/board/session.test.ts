import { describe, expect, it } from 'vitest';
import { endOfDay, dateAfter } from '../../board/src/access/end-of-day.ts';
import { viewIdOf, viewIds, wallViews } from '../../board/src/access/wall-views.ts';
import { byWait, placesBySite, wholeSites } from '../../board/src/enrolment/site-places.ts';
import { enrolmentFileName } from '../../board/src/enrolment/save-file.ts';
import { afterSignIn, landingOf, mustFinish } from '../../board/src/session/landing.ts';
import { isOwn, mayOf, seesRegion, type Deed } from '../../board/src/session/may.ts';
import { roles, sessionOf, type Session } from '../../board/src/session/session.ts';
import { passwordFault } from '../../board/src/sign-in/password-faults.ts';
import { menuOf, menuPages, type MenuPage } from '../../board/src/ui/menu-texts.ts';
import { signInHref } from '../../board/src/ui/sign-in-path.ts';
import { permissions } from '../../server/src/api/permissions.ts';
import { enrolmentPlace } from '../support/enrolment-place.ts';

const admin: Session = { account: 'admin', role: 'admin' };
const ppe: Session = { account: 'ppe4216', role: 'ppe', siteCode: '4216' };
const municipal: Session = { account: 'mouo', role: 'municipal', municipality: 'kemerovo' };

/** What the collector's own matrix grants a role. */
function isGranted(role: (typeof roles)[number], route: string): boolean {
  const row = permissions[route];
  if (row === undefined) throw new Error(`there is no route ${route}`);
  return typeof row === 'string' || row.grants[role] !== 'no';
}

describe('what the board offers to a role', () => {
  it.each<[Deed, string[]]>([
    ['act', ['POST /api/v1/incidents/:id/ack', 'POST /api/v1/incidents/:id/resolve']],
    ['claim', ['POST /api/v1/claims']],
    ['silence', ['POST /api/v1/silences', 'DELETE /api/v1/silences/:id']],
    ['handOver', ['GET /api/v1/handovers', 'POST /api/v1/handovers']],
    ['drill', ['POST /api/v1/drills', 'POST /api/v1/em-downloads']],
    [
      'setUp',
      [
        'PUT /api/v1/plan',
        'PUT /api/v1/registry/sites/:code',
        'POST /api/v1/registry/import',
        'POST /api/v1/webhooks',
        'PUT /api/v1/alert-routing',
        'POST /api/v1/workstations/:id/adopt',
        'POST /api/v1/enrolments',
        'POST /api/v1/enrolments/:codeId/renew',
        'POST /api/v1/updates',
        'POST /api/v1/updates/:version/stages',
        'POST /api/v1/update-stages/:id/go-on',
        'POST /api/v1/update-stages/:id/stop',
      ],
    ],
    [
      'decideEnrolment',
      [
        'POST /api/v1/enrolments/:codeId/approve',
        'POST /api/v1/enrolments/requests',
        'POST /api/v1/workstations/:id/revoke',
      ],
    ],
    ['followUpdates', ['GET /api/v1/updates']],
    ['people', ['GET /api/v1/accounts', 'POST /api/v1/displays']],
  ])('%s is what the collector allows', (deed, routes) => {
    for (const role of roles)
      for (const route of routes)
        expect([role, route, mayOf(role, deed)]).toEqual([role, route, isGranted(role, route)]);
  });

  it('is an incident of their places, and no wider one', () => {
    const site = { siteCode: '4216', municipality: 'kemerovo' };
    const whole = { siteCode: null, municipality: 'kemerovo' };
    const other = { siteCode: null, municipality: 'topki' };
    const provider = { siteCode: null, municipality: null };
    const all = [site, whole, other, provider];
    expect(all.map((each) => isOwn(municipal, each))).toEqual([true, true, false, false]);
    expect(all.map((each) => isOwn(ppe, each))).toEqual([true, false, false, false]);
    for (const each of all)
      expect([isOwn(admin, each), isOwn(undefined, each)]).toEqual([true, true]);
  });

  it('is everything before it is known who looks', () => {
    expect(mayOf(undefined, 'people')).toBe(true);
    expect(menuOf(undefined)).toEqual(menuPages);
    expect(menuOf(null)).toEqual(menuPages);
  });

  it('leads to no page whose answers are refused', () => {
    const needed: Readonly<Partial<Record<MenuPage, string>>> = {
      wall: 'WS /live/v1',
      incidents: 'GET /api/v1/incidents',
      plan: 'GET /api/v1/plan',
      registry: 'GET /api/v1/registry',
      agents: 'GET /api/v1/agents',
      enrolment: 'GET /api/v1/enrolments',
      alerts: 'GET /api/v1/webhooks',
      replay: 'GET /api/v1/replay',
      access: 'GET /api/v1/accounts',
      account: 'GET /api/v1/session',
    };
    for (const role of roles)
      for (const page of menuOf({ account: 'x', role })) {
        const route = needed[page];
        if (route !== undefined)
          expect([role, page, isGranted(role, route)]).toEqual([role, page, true]);
      }
    expect(menuOf({ account: 'x', role: 'operator' })).not.toContain('access');
  });

  it('knows who sees the region', () => {
    for (const role of roles)
      expect([role, seesRegion(role)]).toEqual([role, isGranted(role, 'GET /api/v1/registry')]);
  });
});

describe('where somebody begins', () => {
  it('is the own place for who has one', () => {
    expect([admin, ppe, municipal].map(landingOf)).toEqual([
      '/',
      '/ppe/4216',
      '/municipalities/kemerovo',
    ]);
  });

  it('is the page that asked, and never another site or the sign-in itself', () => {
    const origin = 'https://board.example';
    const to = (from: string): string =>
      afterSignIn(`?from=${encodeURIComponent(from)}`, origin, ppe);
    expect(to('/incidents?kiosk=1')).toBe('/incidents?kiosk=1');
    for (const bad of [
      '//evil.example/',
      '/\\evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
      '/sign-in',
      '/',
      '',
    ])
      expect([bad, to(bad)]).toEqual([bad, '/ppe/4216']);
    const here = { pathname: '/ppe/4216', search: '?a=1&b=2' } as Location;
    expect(afterSignIn(new URL(signInHref(here), origin).search, origin, admin)).toBe(
      '/ppe/4216?a=1&b=2',
    );
  });

  it('is not reached before a password or a second factor is set', () => {
    expect(mustFinish({ ...admin, mustSetPassword: true })).toBe(true);
    expect(mustFinish({ ...admin, totp: 'needed' })).toBe(true);
    expect(mustFinish({ ...admin, mustSetPassword: false, totp: 'on' })).toBe(false);
  });

  it('takes nothing for a session that is none', () => {
    for (const none of [null, undefined, 7, {}, { items: [] }, { account: 'x', role: 'root' }])
      expect(sessionOf(none)).toBeUndefined();
    expect(sessionOf(ppe)).toEqual(ppe);
  });
});

describe('a password that is chosen', () => {
  const fault = (next: string, again = next) =>
    passwordFault({ account: 'operator2-night', next, again });

  it('has twelve characters at least, counted as people count them', () => {
    expect(fault('')).toEqual({ kind: 'tooShort', missing: 12 });
    expect(fault('пароль из 11')).toBeUndefined();
    expect(fault('🙂'.repeat(11))).toEqual({ kind: 'tooShort', missing: 1 });
  });

  it('is not the account, and is typed twice', () => {
    expect(fault('Operator2-Night')).toEqual({ kind: 'equalsAccount' });
    expect(fault('four words of it', 'four words of iT')).toEqual({ kind: 'notSame' });
    expect(fault('four words of it')).toBeUndefined();
  });
});

describe('a screen', () => {
  it('holds until the end of a day of the region', () => {
    expect(endOfDay('2024-05-15', 'Asia/Novokuznetsk')).toBe('2024-05-16T00:00:00+07:00');
    expect(endOfDay('2024-02-30', 'Asia/Novokuznetsk')).toBeUndefined();
    expect(dateAfter(Date.parse('2024-05-15T18:30:00Z'), 1, 'Asia/Novokuznetsk')).toBe(
      '2024-05-17',
    );
  });

  it('shows a view that the page knows by its address', () => {
    for (const id of viewIds) expect(viewIdOf(wallViews[id])).toBe(id);
    expect(viewIdOf(undefined)).toBe('wall');
    expect(viewIdOf('/ppe/4216')).toBeUndefined();
  });
});

describe('places of files', () => {
  const items = [
    enrolmentPlace('c1', {
      siteCode: '4217',
      state: 'pending',
      askers: [{ workstationId: 'w-1', askedAt: '2024-05-10T03:00:00Z', way: 'line' }],
    }),
    enrolmentPlace('c2', { state: 'active' }),
    enrolmentPlace('c3', {
      state: 'replaceAsked',
      askers: [{ workstationId: 'w-2', askedAt: '2024-05-10T02:00:00Z', way: 'line' }],
    }),
    enrolmentPlace('c4', { state: 'unused' }),
  ];

  it('stand by ППЭ, with how many stand how, the urgent first', () => {
    const [first, second] = placesBySite(items);
    expect([first?.siteCode, [...(first?.counts ?? [])]]).toEqual([
      '4216',
      [
        ['replaceAsked', 1],
        ['unused', 1],
        ['active', 1],
      ],
    ]);
    expect(second?.siteCode).toBe('4217');
  });

  it('wait for a person in the order in which they asked', () => {
    const waiting = items.filter(({ askers }) => askers.length > 0);
    expect(byWait(waiting).map(({ codeId }) => codeId)).toEqual(['c3', 'c1']);
  });

  it('come by whole ППЭ: what the end of a page cuts is the next one’s', () => {
    const summary = { total: 9, active: 0 };
    const at = (siteCode: string, ...ids: string[]) =>
      ids.map((id) => enrolmentPlace(id, { siteCode }));
    const two = [...at('4216', 'c1', 'c2'), ...at('4217', 'c3')];
    expect(wholeSites({ summary, items: two })).toEqual({ items: two });
    expect(wholeSites({ summary, items: two, nextCursor: 'c3' })).toEqual({
      items: two.slice(0, 2),
      nextCursor: 'c2',
    });
    const [one] = [at('4216', 'c1', 'c2')];
    expect(wholeSites({ summary, items: one, nextCursor: 'c2' })).toEqual({
      items: one,
      nextCursor: 'c2',
    });
  });

  it('have files that are told apart', () => {
    expect(enrolmentFileName('4216')).toBe('ppe-4216.enrolment.json');
    expect(enrolmentFileName('4216', '0012')).toBe('ppe-4216-0012.enrolment.json');
  });
});
