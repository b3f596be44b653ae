import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRoles, type AccountRole } from '../../server/src/access/principal.ts';
import { permissions, type Permission, type RoleRow } from '../../server/src/api/permissions.ts';
import { startCollector, type Collector } from '../../server/src/collector.ts';
import { loadConfig } from '../../server/src/config.ts';
import { createLog } from '../../server/src/log.ts';
import { sampleRegion } from '../../server/src/region/sample-region.ts';
import { api } from '../support/collector.ts';
import { employ, type Answer, type Browser } from '../support/people.ts';
import {
  COLLECTOR_INCIDENT,
  OWN_WORDS,
  WIDE_INCIDENT,
  enrolIn,
  folder,
  twoSites,
  writeIncidents,
  type Side,
} from '../support/two-municipalities.ts';

const sample = { ppe: 40, seed: 668 };

/** A collector with two municipalities that have something of everything, and somebody of each role. */
class World {
  readonly dataDir = folder();
  readonly people = new Map<AccountRole, Browser>();
  collector!: Collector;
  own!: Side;
  foreign!: Side;

  async open(): Promise<void> {
    const [own, foreign] = twoSites(sampleRegion(sample).sites).map(({ code, municipality }) => ({
      siteCode: code,
      municipality,
    }));
    if (!own || !foreign) throw new Error('no sites');
    writeIncidents(this.dataDir, own, foreign);
    const config = loadConfig(undefined, {}, { port: 0, dataDir: this.dataDir });
    this.collector = await startCollector(config, createLog('silent'));
    await api(this.collector, '/api/v1/registry/sample', { method: 'POST', body: sample });
    const workstations = [own, foreign].map(({ siteCode }) => enrolIn(this.collector, siteCode));
    const [ownPc = '', foreignPc = ''] = await Promise.all(workstations);
    this.own = { ...own, workstation: ownPc, incident: 'i-1' };
    this.foreign = { ...foreign, workstation: foreignPc, incident: 'i-2' };
    for (const role of accountRoles) this.people.set(role, await this.#somebody(role));
  }

  /** A route's address with the ids of one side. */
  urlOf(path: string, side: Side): string {
    const id = path.includes('/workstations/')
      ? side.workstation
      : path.includes('/incidents/')
        ? side.incident
        : path.includes('/silences/')
          ? 's-1'
          : path.includes('/displays/')
            ? 'd-999'
            : path.includes('/webhooks/')
              ? 'wh-1'
              : path.includes('/em-downloads/')
                ? '0000000000000000'
                : '1';
    const filled = path
      .replace(':code', side.siteCode)
      .replace(':version', '1')
      .replace(':account', 'nobody-at-all')
      .replace(':codeId', 'no-such-code')
      .replace(':id', id);
    return filled === '/api/v1/forecasts' ? `${filled}?site=${side.siteCode}` : filled;
  }

  person(role: AccountRole): Browser {
    const browser = this.people.get(role);
    if (!browser) throw new Error(`nobody is ${role}`);
    return browser;
  }

  /** Another account of the role, that may be signed out by what is asked. */
  async passing(role: AccountRole): Promise<Browser> {
    this.#passing += 1;
    return this.#somebody(role, `passing-${this.#passing}`);
  }

  #passing = 0;

  async #somebody(role: AccountRole, account = `some-${role}`): Promise<Browser> {
    return employ(this.collector, {
      account,
      role,
      ...(role === 'municipal' && { municipality: this.own.municipality }),
      ...(role === 'ppe' && { siteCode: this.own.siteCode }),
    });
  }
}

const world = new World();
beforeAll(async () => world.open(), 60_000);
afterAll(async () => {
  await world.collector.stop();
  rmSync(world.dataDir, { recursive: true, force: true });
});

/** Bodies that pass a route's shape where its right is judged by the body; none of the rest changes anything. */
function bodyOf(row: RoleRow, side: Side): unknown {
  return row.of === 'claim'
    ? { siteCode: side.siteCode, track: 'written', stage: 'printing' }
    : { thisIsNoBody: true };
}

/** These end the session that asks. */
const ending: ReadonlySet<string> = new Set(['DELETE /api/v1/session', 'DELETE /api/v1/sessions']);
/** This takes the workstation away that it is asked with. */
const REVOKING = 'POST /api/v1/workstations/:id/revoke';

function permissionRow(route: string): RoleRow {
  const row = permissions[route];
  if (row === undefined || typeof row === 'string') throw new Error(route);
  return row;
}

async function ask(role: AccountRole, route: string, side: Side): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  const row = permissionRow(route);
  const browser = ending.has(route) ? await world.passing(role) : world.person(role);
  const workstation =
    route === REVOKING ? await enrolIn(world.collector, side.siteCode) : side.workstation;
  const url = world.urlOf(path, { ...side, workstation });
  if (method === 'GET' || ending.has(route)) return browser.ask(url, { method });
  return browser.ask(url, { method, body: bodyOf(row, side) });
}

function isRow(entry: [string, Permission]): entry is [string, RoleRow] {
  return typeof entry[1] !== 'string';
}

const rows = Object.entries(permissions).filter(isRow);
const routes = rows.filter(([route]) => !route.startsWith('WS '));
const cases = (is: (row: RoleRow, role: AccountRole) => boolean): [AccountRole, string][] =>
  routes.flatMap(([route, row]) =>
    accountRoles
      .filter((role) => is(row, role))
      .map((role): [AccountRole, string] => [role, route]),
  );
const isById = ({ of }: RoleRow): boolean => of !== 'list' && of !== null;

describe('the permission matrix', () => {
  it('says of every role what it may, and names what an own is of', () => {
    for (const [route, row] of rows) {
      expect([route, Object.keys(row.grants).sort()]).toEqual([route, [...accountRoles].sort()]);
      const hasOwn = Object.values(row.grants).includes('own');
      expect([route, hasOwn]).toEqual([route, row.of !== null]);
      expect([route, row.grants.admin]).toEqual([route, 'all']);
    }
  });

  it.each(cases((row, role) => row.grants[role] === 'no'))('refuses %s %s', async (role, route) => {
    const answer = await ask(role, route, world.own);
    expect([answer.status, answer.kind]).toEqual([403, 'notAllowed']);
  });

  it.each(cases((row, role) => row.grants[role] !== 'no'))(
    'lets %s come to %s, of what is its own',
    async (role, route) => {
      const { status, kind, text } = await ask(role, route, world.own);
      expect([401, 403, 500]).not.toContain(status);
      expect(['unknownSite', 'unknownWorkstation', 'unknownIncident']).not.toContain(kind);
      const { siteCode, workstation } = world.foreign;
      if (permissionRow(route).grants[role] === 'own')
        for (const word of [siteCode, workstation]) expect(text).not.toContain(word);
    },
  );

  it.each(cases((row, role) => row.grants[role] === 'all' && isById(row)))(
    'lets %s come to %s, of any site',
    async (role, route) => {
      const { status, kind } = await ask(role, route, world.foreign);
      expect([401, 403, 500]).not.toContain(status);
      expect(['unknownSite', 'unknownWorkstation', 'unknownIncident']).not.toContain(kind);
    },
  );

  it.each(cases((row, role) => row.grants[role] === 'own' && isById(row)))(
    'hides from %s at %s what is of others, as if it never was',
    async (role, route) => {
      const foreign = await ask(role, route, world.foreign);
      const nowhere = {
        ...world.foreign,
        siteCode: '9999',
        workstation: `w-${'0'.repeat(16)}`,
        incident: 'i-777',
      };
      const missing = await ask(role, route, nowhere);
      expect(foreign.status).toBe(404);
      const plain = (text: string, side: Side): string =>
        text
          .replaceAll(side.siteCode, '')
          .replaceAll(side.workstation, '')
          .replaceAll(side.incident, '');
      expect(plain(foreign.text, world.foreign)).toBe(plain(missing.text, nowhere));
    },
  );

  it.each(cases((row, role) => row.grants[role] === 'own' && row.of === 'list'))(
    'gives %s at %s nothing of others',
    async (role, route) => {
      const answer = await ask(role, route, world.own);
      expect(answer.status).toBe(200);
      const { siteCode, workstation, municipality } = world.foreign;
      for (const word of [
        siteCode,
        workstation,
        `"${municipality}"`,
        `"${world.foreign.incident}"`,
        COLLECTOR_INCIDENT,
      ])
        expect(answer.text).not.toContain(word);
    },
  );
});

describe('somebody who sees a part', () => {
  it.each(['municipal', 'ppe'] as const)(
    '%s is given what is its own in every list',
    async (role) => {
      const person = world.person(role);
      const { siteCode, workstation, incident } = world.own;
      for (const [path, word] of [
        ['/api/v1/sites', siteCode],
        ['/api/v1/workstations', workstation],
        ['/api/v1/agents', workstation],
        ['/api/v1/registry/sites', siteCode],
        ['/api/v1/incidents', incident],
      ] as const)
        expect((await person.ask(path)).text).toContain(word);
    },
  );

  it.each(['municipal', 'ppe'] as const)(
    '%s reads a wider incident as far as it is its own, and acts on none',
    async (role) => {
      const person = world.person(role);
      const { body, status } = await person.ask(`/api/v1/incidents/${WIDE_INCIDENT}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        siteCodes: [world.own.siteCode],
        sites: 1,
        children: 20,
        evidence: {},
        log: [],
      });
      const acted = await person.ask(`/api/v1/incidents/${WIDE_INCIDENT}/comment`, {
        method: 'POST',
        body: { note: 'звонили' },
      });
      expect([acted.status, acted.kind]).toEqual([
        403,
        role === 'municipal' ? 'widerIncident' : 'notAllowed',
      ]);
    },
  );

  it('counts only what is its own in the overview', async () => {
    const read = async (role: AccountRole) =>
      (await world.person(role).ask('/api/v1/overview')).body as unknown as {
        sites: { total: number };
        workstations: { planned: number; unplanned: number; byVerdict: Record<string, number> };
      };
    const [all, part, one] = [await read('admin'), await read('municipal'), await read('ppe')];
    expect(one.sites.total).toBe(1);
    expect(part.sites.total).toBeGreaterThanOrEqual(1);
    expect(all.sites.total).toBeGreaterThan(part.sites.total);
    expect(all.workstations.planned).toBeGreaterThan(part.workstations.planned);
    const counted = Object.values(part.workstations.byVerdict).reduce((sum, n) => sum + n, 0);
    expect(counted).toBe(part.workstations.planned + part.workstations.unplanned);
  });

  it.each(['municipal', 'ppe'] as const)(
    '%s reads what people wrote about its own incidents, and not about wider ones',
    async (role) => {
      const path = `/api/v1/sites/${world.own.siteCode}/timeline`;
      const { text } = await world.person(role).ask(path);
      expect(text).toContain(OWN_WORDS);
      expect(text).toContain(`"${WIDE_INCIDENT}"`);
      expect(text).not.toContain(world.foreign.siteCode);
      expect((await world.person('operator').ask(path)).text).toContain(world.foreign.siteCode);
    },
  );

  it('must name one of its sites where a list has no other bound', async () => {
    const person = world.person('municipal');
    expect((await person.ask('/api/v1/forecasts')).kind).toBe('siteNeeded');
    expect((await person.ask(`/api/v1/forecasts?site=${world.foreign.siteCode}`)).status).toBe(404);
    const twice = `/api/v1/forecasts?site=${world.own.siteCode}&site=${world.foreign.siteCode}`;
    expect((await person.ask(twice)).status).toBe(404);
  });
});
