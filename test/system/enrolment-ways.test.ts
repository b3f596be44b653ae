import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENROL_PATH } from '@ppe-pulse/protocol/enrolment';
import { testCollector } from '../support/collector.ts';
import {
  examPc,
  getFile,
  plainApi,
  sampleSites,
  shownAt,
  theseDays,
  type AskApi,
  type ExamPc,
  type GotFile,
} from '../support/enrolment.ts';
import { freePort } from '../support/influxd.ts';
import { until, type Child } from '../support/processes.ts';
import { runCollector } from '../support/run-collector.ts';
import { tempDir } from '../support/temp-dir.ts';
import { askOverTls, tlsCollector } from '../support/tls-collector.ts';

const HQ = ['--role', 'hq', '--duty', 'main'] as const;

async function secureWorld() {
  const made = await tlsCollector();
  const ask: AskApi = async (path, init) => {
    const { status, text } = await askOverTls(made, path, init);
    return { status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
  };
  const sites = await sampleSites(ask);
  const siteCode = sites[0]?.code ?? '';
  return { ...made, ask, siteCode, otherCode: sites[1]?.code ?? '' };
}

/** A Штаб with its relay, enrolled by the file. */
async function headquarters(got: GotFile): Promise<{ pc: ExamPc; child: Child; url: string }> {
  const [port, pagePort] = [await freePort(), await freePort()];
  const relay = { host: '127.0.0.1', port, page: { port: pagePort } };
  const pc = examPc({ relay });
  expect(await pc.enroll(got.path, ...HQ)).toMatchObject({ code: 0, errors: '' });
  const child = pc.run('--relay');
  await until(() => child.errors().includes('the relay listens'), 'the relay listens');
  await until(() => child.errors().includes('the roster has come'), 'the relay knows its ППЭ');
  return { pc, child, url: `wss://127.0.0.1:${port}` };
}

/** Flags for the first place of a room's organizer. */
function roomPlace({ file }: GotFile): string[] {
  const place = file.places.find(({ role }) => role === 'organizer');
  return ['--role', 'organizer', '--room', place?.roomCode ?? '', '--duty', place?.duty ?? ''];
}

const isHeard = async (ask: AskApi, id: string): Promise<boolean> => {
  const { body } = await ask(`/api/v1/workstations/${id}`);
  const { checks } = body as { readonly checks?: { id: string; verdict: string }[] };
  return checks?.some((check) => check.id === 'heartbeat' && check.verdict === 'ok') ?? false;
};

const agentOf = (pc: ExamPc): string =>
  (JSON.parse(pc.text('enrolment.json')) as { agentId: string }).agentId;

describe('enrolment over TLS', { timeout: 120_000 }, () => {
  it('goes to nobody but the collector of the file, whatever address stands in it', async () => {
    const own = await secureWorld();
    const other = await tlsCollector();
    const strange = await getFile(own.ask, own.siteCode, {
      ...theseDays,
      urls: [other.collector.url.replace('http', 'ws')],
    });
    const pc = examPc();
    const done = await pc.enroll(strange.path, ...HQ);
    expect(done).toMatchObject({ code: 1 });
    expect(done.errors).toContain('там не наш коллектор');
    expect(readdirSync(pc.dataDir)).toEqual(['agent.key']);
    const silent = await getFile(own.ask, own.siteCode, {
      ...theseDays,
      urls: [`wss://127.0.0.1:${await freePort()}`],
    });
    const nobody = await examPc().enroll(silent.path, ...HQ);
    expect(nobody).toMatchObject({ code: 1 });
    expect(nobody.errors).toContain('никто не отвечает');
  });

  it('names no address in the clear, and lists its places by pages', async () => {
    const { ask, siteCode } = await secureWorld();
    for (const more of [
      { urls: ['ws://pulse.example:8080'] },
      { relayUrl: 'ws://10.0.0.5:8085' },
    ]) {
      const body = { siteCode, ...theseDays, ...more };
      expect(await ask('/api/v1/enrolments', { method: 'POST', body })).toMatchObject({
        status: 422,
        body: { type: 'urn:ppe-pulse:problem:plainAddress' },
      });
    }
    const { file } = await getFile(ask, siteCode);
    const all = (await shownAt(ask, siteCode)).map(({ codeId }) => codeId);
    expect(all).toHaveLength(file.places.length);
    const limit = Math.ceil(all.length / 2);
    const page = async (cursor: string) => {
      const { body } = await ask(`/api/v1/enrolments?limit=${limit}${cursor}`);
      return body as { items: { codeId: string }[]; nextCursor?: string; summary: object };
    };
    const first = await page('');
    expect(first.nextCursor).toBe(all[limit - 1]);
    expect(first.summary).toEqual({ total: all.length, active: 0 });
    const second = await page(`&cursor=${first.nextCursor ?? ''}`);
    expect(second).not.toHaveProperty('nextCursor');
    expect([...first.items, ...second.items].map(({ codeId }) => codeId)).toEqual(all);
    expect((await ask('/api/v1/enrolments?limit=1001')).status).toBe(400);
    const undecided = await ask('/api/v1/enrolments?undecided=true');
    expect(undecided.body).toMatchObject({ items: [] });
  });

  it('goes through the relay of the Штаб, which knows its own ППЭ and says when its line is cut', async () => {
    const { collector, ask, siteCode, otherCode } = await secureWorld();
    const got = await getFile(ask, siteCode);
    const { pc: hq, child, url } = await headquarters(got);
    expect(hq.text('enrolment.json')).toContain('BEGIN CERTIFICATE');
    const room = examPc();
    const enrolled = await room.enroll(got.path, ...roomPlace(got), '--through', url);
    expect(enrolled).toMatchObject({ code: 0, errors: '' });
    const agentId = agentOf(room);
    expect(await shownAt(ask, siteCode)).toContainEqual(
      expect.objectContaining({ workstationId: agentId, state: 'active', way: 'relay' }),
    );
    const member = room.run();
    await until(async () => isHeard(ask, agentId), 'the room is heard through its relay');

    // A file that names the relay needs no word on the way: the collector itself does not answer here.
    const named = await getFile(ask, siteCode, {
      ...theseDays,
      urls: [`wss://127.0.0.1:${await freePort()}`],
      relayUrl: url,
    });
    const spare = examPc();
    expect(await spare.enroll(named.path, ...roomPlace(named))).toMatchObject({ code: 0 });
    expect(spare.text('enrolment.json')).toContain(`"relayOf":"${siteCode}"`);

    const foreign = await getFile(ask, otherCode);
    const strange = await examPc().enroll(foreign.path, ...roomPlace(foreign), '--through', url);
    // Its own relay would show a certificate for its own ППЭ.
    expect(strange.code).toBe(1);
    expect(strange.errors).toContain('там не наш коллектор');

    await ask(`/api/v1/workstations/${agentId}/revoke`, { method: 'POST', body: {} });
    await until(() => member.errors().includes('"code":4403'), 'the relay lets it go');

    await collector.stop();
    await until(() => hq.text('status.json').includes('"link":"waiting"'), 'the line is cut');
    const late = await examPc().enroll(named.path, ...roomPlace(named), '--through', url);
    expect(late).toMatchObject({ code: 1 });
    expect(late.errors).toContain('нет связи с коллектором');
    child.kill();
  });
});

describe('enrolment without TLS', { timeout: 120_000 }, () => {
  it('through a relay takes the key that the collector knows, and nobody floods it', async () => {
    const collector = await testCollector();
    const ask = plainApi(collector);
    const [site] = await sampleSites(ask);
    const got = await getFile(ask, site?.code ?? '');
    const { pc: hq, url } = await headquarters(got);
    const plain = url.replace('wss', 'ws');
    const room = examPc();
    expect(await room.enroll(got.path, ...roomPlace(got), '--through', plain)).toMatchObject({
      code: 0,
    });
    room.run();
    await until(async () => isHeard(ask, agentOf(room)), 'the room is heard');
    expect(agentOf(hq)).not.toBe(agentOf(room));
    const to = new URL(ENROL_PATH, plain.replace('ws', 'http'));
    const statuses: number[] = [];
    for (const body of ['{}', 'x'.repeat(5_000), '[1,2'])
      statuses.push((await fetch(to, { method: 'POST', body })).status);
    expect(statuses).toEqual([400, 400, 400]);
    for (let tries = 0; tries < 40; tries += 1)
      statuses.push((await fetch(to, { method: 'POST', body: '{}' })).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(new URL('/', to))).status).toBe(404);
  });
});

describe('enrolment by a flash drive', { timeout: 120_000 }, () => {
  it('takes a request out and a credential back, through the Штаб or the situation centre', async () => {
    const { dataDir, ask, siteCode } = await secureWorld();
    const got = await getFile(ask, siteCode);
    const { pc: hq } = await headquarters(got);
    const stick = tempDir();
    const room = examPc();
    const place = roomPlace(got);
    expect(await room.enroll(got.path, ...place, '--request', stick)).toMatchObject({ code: 0 });
    const [name = ''] = readdirSync(stick);
    for (const { code } of got.file.places)
      expect(readFileSync(join(stick, name), 'utf8')).not.toContain(code);
    const carried = await hq.command('import', stick);
    expect(carried).toMatchObject({ code: 0 });
    expect(carried.output).toContain('свидетельство записано на флешку');
    const credential = join(stick, readdirSync(stick).find((each) => each !== name) ?? '');
    const done = await room.enroll(got.path, ...place, '--credential', credential);
    expect(done).toMatchObject({ code: 0, errors: '' });
    expect(await shownAt(ask, siteCode)).toContainEqual(
      expect.objectContaining({ workstationId: agentOf(room), way: 'drive' }),
    );

    const other = examPc();
    const wrong = await other.enroll(got.path, ...place, '--credential', credential);
    expect(wrong).toMatchObject({ code: 78 });
    expect(wrong.errors).toContain('выдано другому компьютеру');
    const stolen = tempDir();
    await other.enroll(got.path, ...place, '--request', stolen);
    const [request = ''] = readdirSync(stolen);
    const taken = join(stolen, 'credential.json');
    const accept = ['enroll', 'accept', join(stolen, request), '--data', dataDir];
    const refused = await runCollector(...accept, '--out', taken);
    expect(refused.code).toBe(78);
    expect(refused.err.join(' ')).toContain('another workstation has this place');
    expect(readdirSync(stolen)).toEqual([request]);
    writeFileSync(join(stolen, request), '{"format":"ppe-pulse.enrolment-request.v1"}');
    expect((await hq.command('import', stolen)).output).toContain('запроса повреждён');
  });

  it('is ordered, listed and accepted by the collector’s command line', async () => {
    const { dataDir, ask, siteCode } = await secureWorld();
    const stick = tempDir();
    const file = join(stick, 'ppe.enrolment.json');
    const { validFrom: from, validTo: to } = theseDays;
    const order = ['enroll', 'create', '--ppe', siteCode, '--out', file, '--data', dataDir];
    expect((await runCollector(...order)).err.join(' ')).toContain('name both dates');
    expect(readdirSync(stick)).toEqual([]);
    expect((await runCollector(...order, '--from', from, '--to', to)).code).toBe(0);
    expect((await runCollector(...order, '--from', from, '--to', to)).err.join(' ')).toContain(
      'is there already',
    );
    const pc = examPc();
    const place = ['--role', 'hq', '--duty', 'main'];
    await pc.enroll(file, ...place, '--request', stick);
    const request = readdirSync(stick).find((each) => each.includes('request')) ?? '';
    const credential = join(stick, 'back.json');
    const accept = ['enroll', 'accept', join(stick, request), '--out', credential];
    expect(await runCollector(...accept, '--data', dataDir)).toMatchObject({ code: 0 });
    const done = await pc.enroll(file, ...place, '--credential', credential);
    expect(done).toMatchObject({ code: 0 });
    const { code, out } = await runCollector(
      'enroll',
      'list',
      '--ppe',
      siteCode,
      '--data',
      dataDir,
    );
    expect(code).toBe(0);
    expect(out.filter((line) => line.includes(agentOf(pc)))).toHaveLength(1);
    pc.run();
    await until(async () => isHeard(ask, agentOf(pc)), 'it is heard');
  });
});
