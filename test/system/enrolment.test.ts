import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Site } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { faketimeLibrary } from '../chaos/clock.ts';
import { isHeard } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import {
  dayFromNow,
  examPc,
  getFile,
  onStick,
  plainApi,
  sampleSites,
  shownAt,
  type AskApi,
  type ExamPc,
} from '../support/enrolment.ts';
import { hasPart } from '../support/has-part.ts';
import { until } from '../support/processes.ts';

interface Enrolled {
  readonly agentId: string;
  readonly state: string;
}

const HQ = ['--role', 'hq', '--duty', 'main'] as const;

async function world(env: Record<string, string> = {}) {
  const collector = await testCollector({}, env);
  const ask = plainApi(collector);
  const sites = await sampleSites(ask);
  const site = sites.find((each) => placesOfRole(each, 'kege') > 1);
  if (!site) throw new Error('the sample has no site with a room of КЕГЭ');
  return { collector, ask, site, siteCode: site.code, sites };
}

function placesOfRole({ rooms }: Site, role: string): number {
  return rooms.flatMap(({ workstations }) => workstations).filter((each) => each.role === role)
    .length;
}

async function enrolled(pc: ExamPc, path: string, ...flags: string[]): Promise<Enrolled> {
  const done = await pc.enroll(path, '--json', ...flags);
  expect(done).toMatchObject({ code: 0, errors: '' });
  return JSON.parse(done.output) as Enrolled;
}

const isGone = async (collector: Collector, id: string): Promise<boolean> =>
  (await plainApi(collector)(`/api/v1/workstations/${id}`)).status === 404;

const post = async (ask: AskApi, path: string, body: unknown = {}): Promise<void> =>
  expect(await ask(path, { method: 'POST', body })).toMatchObject({ status: 204 });

const decide = async (
  ask: AskApi,
  codeId: string | undefined,
  how: 'approve' | 'reject',
  workstationId: string | undefined,
): Promise<void> => post(ask, `/api/v1/enrolments/${codeId}/${how}`, { workstationId });

const actions = async (ask: AskApi): Promise<string[]> => {
  const { body } = await ask('/api/v1/audit?limit=50');
  return (body as { items: { action: string }[] }).items.map(({ action }) => action);
};

describe('a workstation with the file of its ППЭ', { timeout: 120_000 }, () => {
  it('is enrolled and heard without a word in its settings, and keeps no code', async () => {
    const { collector, ask, siteCode } = await world();
    const got = await getFile(ask, siteCode);
    const pc = examPc();
    const { agentId } = await enrolled(pc, got.path, ...HQ);
    const child = pc.run();
    await until(async () => isHeard(collector, agentId), 'the workstation is heard');
    expect(await shownAt(ask, siteCode)).toContainEqual(
      expect.objectContaining({ state: 'active', workstationId: agentId, way: 'line' }),
    );
    for (const name of readdirSync(pc.dataDir, { recursive: true, encoding: 'utf8' }))
      if (statSync(join(pc.dataDir, name)).isFile())
        for (const { code } of got.file.places) expect(pc.text(name)).not.toContain(code);
    for (const { code } of got.file.places) expect(child.errors()).not.toContain(code);
    expect(statSync(join(pc.dataDir, 'enrolment.json')).mode & 0o777).toBe(0o600);
    const status = JSON.parse((await pc.command('status', '--json')).output) as object;
    expect(status).toMatchObject({ enrolment: { validToMs: got.file.validToMs } });
    expect((await pc.command('check')).output).toMatch(/Регистрация .*до \/ until/);
    expect(await actions(ask)).toEqual(
      expect.arrayContaining(['enrolment.file', 'workstation.enrol']),
    );
  });

  it('asks again after a lost answer and gets the very same', async () => {
    const { ask, siteCode } = await world();
    const { path } = await getFile(ask, siteCode);
    const pc = examPc();
    const first = await enrolled(pc, path, ...HQ);
    const before = pc.text('enrolment.json');
    // Without a word on its place it takes the one that it has.
    expect(await enrolled(pc, path)).toEqual(first);
    expect(pc.text('enrolment.json')).toBe(before);
  });

  it('takes whichever of equal places of its room is free', async () => {
    const { ask, site, siteCode } = await world();
    const { path } = await getFile(ask, siteCode);
    const room = site.rooms.find(
      ({ workstations }) => workstations.filter(({ role }) => role === 'kege').length > 1,
    );
    const place = ['--room', room?.code ?? '', '--role', 'kege', '--duty', 'main'];
    const [one, other] = [examPc(), examPc()];
    await enrolled(one, path, ...place);
    await enrolled(other, path, ...place);
    const active = (await shownAt(ask, siteCode)).filter(({ state }) => state === 'active');
    expect(active).toHaveLength(2);
    expect((await shownAt(ask, siteCode)).some(({ state }) => state === 'replaceAsked')).toBe(
      false,
    );
  });

  it('is told in one line which places there are, when it must say which is its own', async () => {
    const { ask, siteCode } = await world();
    const { path } = await getFile(ask, siteCode);
    const { code, errors } = await examPc().enroll(path);
    expect(code).toBe(64);
    expect(errors).toMatch(/^ppe-agent: укажите место: .*аудитория 7777.*\n$/);
  });

  it.skipIf(!hasPart(faketimeLibrary() !== undefined, 'faketime'))(
    'is enrolled also when its own clock is years off: the collector’s counts',
    async () => {
      const { ask, siteCode } = await world();
      const { path, file } = await getFile(ask, siteCode);
      const roomOf = (role: string, of = file): string[] => {
        if (role === 'hq') return ['--duty', 'main'];
        const place = of.places.find((each) => each.role === role);
        return ['--room', place?.roomCode ?? '', '--duty', place?.duty ?? ''];
      };
      for (const [at, role] of [
        ['@2011-03-04 05:06:07', 'hq'],
        ['@2041-03-04 05:06:07', 'organizer'],
      ] as const) {
        const clock = { LD_PRELOAD: faketimeLibrary() ?? '', FAKETIME: at };
        const done = await examPc({}, clock).enroll(
          path,
          '--role',
          role,
          '--json',
          ...roomOf(role),
        );
        expect(done).toMatchObject({ code: 0 });
      }
      const late = await getFile(ask, siteCode, {
        validFrom: dayFromNow(3),
        validTo: dayFromNow(5),
      });
      const wanted = ['--role', 'organizer', '--json', ...roomOf('organizer', late.file)];
      const clock = { LD_PRELOAD: faketimeLibrary() ?? '', FAKETIME: `+4d` };
      const early = await examPc({}, clock).enroll(late.path, ...wanted);
      expect(early).toMatchObject({ code: 1 });
      expect(early.errors).toContain('по часам коллектора');
    },
  );
});

describe('a file in the wrong hands', { timeout: 120_000 }, () => {
  it('enrols no second key: both are shown, and a person decides', async () => {
    const { collector, ask, siteCode } = await world({ PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { path } = await getFile(ask, siteCode);
    const [own, strange] = [examPc(), examPc()];
    const { agentId } = await enrolled(own, path, ...HQ);
    own.run();
    await until(async () => isHeard(collector, agentId), 'the first is heard');
    const refused = await strange.enroll(path, ...HQ);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.errors).toContain('место уже занято другим компьютером');
    const asked = (await shownAt(ask, siteCode)).find(({ state }) => state === 'replaceAsked');
    expect(asked).toMatchObject({ workstationId: agentId, role: 'hq' });
    expect(await isHeard(collector, agentId)).toBe(true);

    const strangeId = asked?.askers[0]?.workstationId ?? '';
    expect(refused.errors).toContain(strangeId);
    const approve = `/api/v1/enrolments/${asked?.codeId}/approve`;
    expect(await ask(approve, { method: 'POST', body: {} })).toMatchObject({ status: 400 });
    expect(await ask(approve, { method: 'POST', body: { workstationId: agentId } })).toMatchObject({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:otherAsks' },
    });
    await decide(ask, asked?.codeId, 'reject', strangeId);
    expect((await strange.enroll(path, ...HQ)).errors).toContain('отказал этому компьютеру');

    const third = examPc();
    expect(await third.enroll(path, ...HQ)).toMatchObject({ code: 1 });
    const [waits] = (await shownAt(ask, siteCode)).flatMap(({ askers }) => askers);
    await decide(ask, asked?.codeId, 'approve', waits?.workstationId);
    const { agentId: heir } = await enrolled(third, path, ...HQ);
    third.run();
    await until(async () => isHeard(collector, heir), 'the one in its place is heard');
    expect(await isGone(collector, agentId)).toBe(true);
    await until(() => own.text('status.json').includes('"refusal":"revoked"'), 'it is told why');
    const lagBefore = lagOf(own);
    await until(() => lagOf(own) > lagBefore, 'it goes on writing its journal');
    expect((await own.command('status')).output).toContain('регистрация отозвана');
    expect(await actions(ask)).toEqual(
      expect.arrayContaining([
        'enrolment.ask',
        'enrolment.reject',
        'enrolment.approve',
        'workstation.revoke',
      ]),
    );
  });

  it('is named when it is cut, altered, foreign or no file at all', async () => {
    const { ask, siteCode, sites } = await world();
    const got = await getFile(ask, siteCode);
    const text = JSON.stringify(got.document);
    const other = sites.find(({ code }) => code !== siteCode)?.code ?? '';
    const cases: readonly (readonly [string, string, number])[] = [
      [text.slice(0, -40), 'обрезан', 78],
      [text.replace(siteCode, other), 'повреждён или изменён', 78],
      [text.replace('enrolment.v1', 'enrolment.v2'), 'более новой версией', 78],
      [text.replace('enrolment.v1', 'credential.v1'), 'не файл регистрации', 78],
      ['x'.repeat(500_000), 'слишком большой', 78],
    ];
    for (const [content, words, code] of cases) {
      const pc = examPc();
      const path = join(pc.home, 'broken.json');
      writeFileSync(path, content);
      const done = await pc.enroll(path, ...HQ);
      expect(done).toMatchObject({ code });
      expect(done.errors).toContain(words);
      expect(done.errors.split('\n')).toHaveLength(2);
    }
    expect((await examPc().enroll('/nowhere/file.json')).code).toBe(78);
    const foreign = await world();
    const theirs = await getFile(foreign.ask, foreign.siteCode, {
      validFrom: dayFromNow(-1),
      validTo: dayFromNow(1),
      urls: got.file.collector.urls,
    });
    const refused = await examPc().enroll(theirs.path, ...HQ, '--lang', 'en');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.errors).toContain('the file is of another collector');
  });
});

describe('an enrolment that a person takes back', { timeout: 120_000 }, () => {
  it('ends in the middle of a connection, and a new code lets the PC in again', async () => {
    const { collector, ask, siteCode } = await world({ PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { path } = await getFile(ask, siteCode);
    const pc = examPc();
    const { agentId } = await enrolled(pc, path, ...HQ);
    const child = pc.run();
    await until(async () => isHeard(collector, agentId), 'it is heard');
    await post(ask, `/api/v1/workstations/${agentId}/revoke`, { note: 'взят из чужого ППЭ' });
    expect(await isGone(collector, agentId)).toBe(true);
    await until(() => child.errors().includes('"code":4404'), 'it is told at once');
    const again = await pc.enroll(path, ...HQ);
    expect(again).toMatchObject({ code: 1 });
    expect(again.errors).toContain('отозвана');
    const [revoked] = (await shownAt(ask, siteCode)).filter(({ state }) => state === 'revoked');
    const fresh = await ask(`/api/v1/enrolments/${revoked?.codeId}/renew`, {
      method: 'POST',
      body: {},
    });
    expect(fresh).toMatchObject({ status: 201 });
    const freshFile = onStick(fresh.body);
    expect(await enrolled(pc, freshFile.path)).toMatchObject({ agentId, state: 'pending' });
    await decide(ask, freshFile.file.places[0]?.codeId, 'approve', agentId);
    expect(await enrolled(pc, freshFile.path)).toMatchObject({ agentId, state: 'active' });
    child.kill();
    pc.run();
    await until(async () => isHeard(collector, agentId), 'it is heard again');
  });

  it('waits for a person where the file says so', async () => {
    const { collector, ask, siteCode } = await world();
    const { path } = await getFile(ask, siteCode, {
      validFrom: dayFromNow(-1),
      validTo: dayFromNow(1),
      needsApproval: true,
    });
    const pc = examPc();
    expect(await enrolled(pc, path, ...HQ)).toMatchObject({ state: 'pending' });
    const [pending] = (await shownAt(ask, siteCode)).filter(({ state }) => state === 'pending');
    await decide(ask, pending?.codeId, 'approve', pending?.workstationId);
    const { agentId, state } = await enrolled(pc, path);
    expect(state).toBe('active');
    pc.run();
    await until(async () => isHeard(collector, agentId), 'it is heard');
  });
});

describe('a copied folder of an enrolled PC', { timeout: 120_000 }, () => {
  it('is told from the PC that it was copied from, and the list of enrolments says so', async () => {
    const { collector, ask, siteCode } = await world({ PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { path } = await getFile(ask, siteCode);
    const [pc, copy] = [examPc(), examPc()];
    const { agentId } = await enrolled(pc, path, ...HQ);
    cpSync(pc.dataDir, copy.dataDir, { recursive: true });
    pc.run();
    await until(async () => isHeard(collector, agentId), 'the first is heard');
    copy.run();
    await until(
      async () => (await shownAt(ask, siteCode)).some(({ isCloned }) => isCloned === true),
      'the clone is shown',
    );
    expect(await isHeard(collector, agentId)).toBe(true);
  });
});

function lagOf(pc: ExamPc): number {
  return (JSON.parse(pc.text('status.json')) as { journalLag: number }).journalLag;
}
