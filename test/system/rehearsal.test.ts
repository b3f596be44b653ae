import { describe, expect, it } from 'vitest';
import { readSite, type AgentPlan, type Site, type ToBoard } from '@ppe-pulse/protocol';
import { isSignedBy } from '../../server/src/access/keys.ts';
import { AgentPeer } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import {
  MARCH,
  MAY,
  beating,
  behindIs,
  enrolAt,
  ok,
  overview,
  ppeOf,
  prepared,
  putPlan,
  siteAt,
  stageOf,
  until,
  watching,
} from '../support/rehearsal.ts';

describe('a rehearsal', () => {
  it('counts who is planned and never heard, and who is heard and was not planned', async () => {
    const { collector, sites } = await prepared({ ppe: 3 });
    const before = await overview(collector);
    expect(before.rehearsal).toMatchObject({ planId: '2024-05-15', planVersion: 1, speed: 1 });
    expect(before.workstations.seen).toBe(0);
    expect(before.workstations.notYetHeard).toBe(before.workstations.planned);
    expect(before.workstations.planned).toBeGreaterThan(20);
    const site = ppeOf(sites);
    const identity = await enrolAt(collector, site, { roomCode: '7777', role: 'hq' });
    const stranger = await enrolAt(collector, site, { roomCode: '0999', role: 'print' });
    await beating(collector, identity);
    await beating(collector, stranger);
    const heard = await until(
      () => overview(collector),
      ({ workstations: { notYetHeard, seen } }) =>
        notYetHeard === before.workstations.planned - 1 && seen === 2,
    );
    expect(heard.workstations).toMatchObject({ seen: 2, unplanned: 1 });
    const { items } = await ok(collector, '/api/v1/workstations/unplanned');
    expect(items).toEqual([
      expect.objectContaining({ id: stranger.agentId, roomCode: '0999', wasHeard: true }),
    ]);
    const adopted = await api(collector, `/api/v1/workstations/${stranger.agentId}/adopt`, {
      method: 'POST',
    });
    expect(adopted).toMatchObject({
      status: 201,
      body: { plannedId: `${site.code}-0999-print-main-1` },
    });
    const after = await until(
      () => overview(collector),
      ({ workstations }) => workstations.unplanned === 0,
    );
    expect(after.workstations.planned).toBe(before.workstations.planned + 1);
    const again = await api(collector, `/api/v1/workstations/${stranger.agentId}/adopt`, {
      method: 'POST',
    });
    expect(again).toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('notUnplanned') },
    });
  });

  it('brings each agent its own part of the plan, signed, and shows who does not hold it', async () => {
    const { collector, sites, key } = await prepared({ ppe: 2 });
    const identity = await enrolAt(collector, ppeOf(sites), { role: 'organizer' });
    const peer = await AgentPeer.join(collector.url, identity);
    const { text, signature } = await peer.next('plan');
    expect(isSignedBy(key, text, signature)).toBe(true);
    const plan = JSON.parse(text) as AgentPlan;
    expect(plan).toMatchObject({ version: 1, agentId: identity.agentId, isInvolved: true });
    // From 09:30 until the Russian exam ends at 13:30, in Kuzbass.
    expect(plan.modes).toEqual([
      {
        mode: 'quiet',
        fromMs: Date.parse('2024-05-15T09:30+07:00'),
        toMs: Date.parse('2024-05-15T13:30+07:00'),
      },
    ]);
    peer.send(peer.heartbeat(1));
    await until(() => overview(collector), behindIs(1));
    peer.send(peer.heartbeat(2, { planVersion: 1 }));
    await until(() => overview(collector), behindIs(0));
    // Edited while the day goes on: the agent gets the next version without asking.
    const edit = await putPlan(
      collector,
      MAY.replace("red: '10:30' }\n  examStarted", "red: '10:40' }\n  examStarted"),
      1,
    );
    expect(edit.status).toBe(200);
    const next = JSON.parse((await peer.next('plan')).text) as AgentPlan;
    expect(next.version).toBe(2);
    await until(() => overview(collector), behindIs(1));
  });

  it('takes a person’s word, says who said it, and refuses what makes no sense', async () => {
    const { collector, sites } = await prepared({ ppe: 2 });
    const { code } = ppeOf(sites);
    const claim = (body: object) =>
      api(collector, '/api/v1/claims', { method: 'POST', body: { siteCode: code, ...body } });
    const made = await claim({ track: 'written', stage: 'keyDownload' });
    expect(made).toMatchObject({ status: 201, body: { by: 'admin', isMade: true } });
    const site = await until(
      () => siteAt(collector, code),
      (each) => stageOf(each, 'keyDownload').done === 1,
    );
    expect(stageOf(site, 'keyDownload')).toMatchObject({ verdict: 'ok', total: 1 });
    await claim({ track: 'written', stage: 'keyDownload', isMade: false });
    await until(
      () => siteAt(collector, code),
      (each) => stageOf(each, 'keyDownload').done === 0,
    );
    const { items } = await ok(collector, `/api/v1/sites/${code}/claims`);
    expect(items).toMatchObject([{ isMade: false }, { isMade: true }]);
    for (const [body, reason] of [
      [{ track: 'written', stage: 'anglesOk' }, 'noSuchStage'],
      [{ track: 'written', stage: 'printing', done: 5_000 }, 'tooMany'],
      [{ track: 'written', stage: 'printing', roomCode: '9998' }, 'unknownRoom'],
      [{ siteCode: '9999', track: 'written', stage: 'printing' }, 'unknownSite'],
    ] as const)
      expect(await claim(body)).toMatchObject({
        status: 422,
        body: { type: expect.stringContaining(reason) },
      });
    expect((await claim({ track: 'written', stage: 'lunch' })).status).toBe(400);
    // What was said before a played day began.
    const at = '2024-05-14T16:00:00+07:00';
    expect((await claim({ track: 'written', stage: 'techControl', at })).status).toBe(201);
    const before = await until(
      () => siteAt(collector, code),
      (each) => stageOf(each, 'techControl').done === 1,
    );
    expect(stageOf(before, 'techControl')).toMatchObject({
      reason: 'reached',
      reachedAtMs: Date.parse(at),
    });
    const later = await claim({ track: 'written', stage: 'actsSent', at: '2024-05-15T20:00:00Z' });
    expect(later).toMatchObject({
      status: 422,
      body: { type: expect.stringContaining('momentRefused') },
    });
  });

  it('keeps claims, signals and readiness over a restart', async () => {
    const { collector, sites, dataDir } = await prepared({ ppe: 2, isReal: true });
    const { code } = ppeOf(sites);
    const body = { siteCode: code, track: 'written', stage: 'keyDownload' };
    expect((await api(collector, '/api/v1/claims', { method: 'POST', body })).status).toBe(201);
    await collector.stop();
    const again = await testCollector({ dataDir });
    const site = await siteAt(again, code);
    expect(stageOf(site, 'keyDownload').done).toBe(1);
    expect((await overview(again)).rehearsal?.planVersion).toBe(1);
  });

  it('shows one ППЭ taking part on 5 March, and the others as not involved', async () => {
    const { collector, sites } = await prepared({ ppe: 85, plan: null });
    const code = sites.find(({ kind, period }) => kind === 'ppe' && period === 'early')?.code ?? '';
    const plan = MARCH.replace('only: []', `only: ["${code}"]`);
    const edit = await putPlan(collector, plan, 0);
    expect(edit).toMatchObject({ status: 200 });
    const { sites: counted } = await overview(collector);
    expect(counted.byVerdict.notInvolved).toBe(84);
    expect(counted.total - counted.involved).toBe(84);
    const other = sites.find((each) => each.period === 'main');
    const identity = await enrolAt(collector, other, { role: 'hq', roomCode: '7777' });
    await beating(collector, identity);
    const shown = await until(
      () => ok(collector, `/api/v1/workstations/${identity.agentId}`),
      ({ verdict }) => verdict === 'notInvolved',
    );
    expect(shown).toMatchObject({ reason: 'notInvolved' });
    const refusedAt = async (site: Site | undefined): Promise<string> => {
      const body = { siteCode: site?.code, track: 'written', stage: 'keyDownload' };
      const { status, body: told } = await api(collector, '/api/v1/claims', {
        method: 'POST',
        body,
      });
      expect(status).toBe(422);
      return String((told as { type?: string }).type);
    };
    const idle = sites.find((each) => each.period === 'early' && each.code !== code);
    expect(await refusedAt(idle)).toContain('notInvolved');
    // Its municipality tests the cameras of this one: it holds no exam all the same.
    expect(await refusedAt(other)).toContain('noSuchStage');
  });

  it('tells boards of sites: whole at first, then those that changed', async () => {
    const { collector, sites } = await prepared({ ppe: 2 });
    const board = await watching(collector);
    const snapshot = await board.next((frame) => frame.type === 'snapshot');
    const shown = snapshot.type === 'snapshot' ? snapshot.sites : [];
    expect(shown.map(({ code }) => code)).toEqual(sites.map(({ code }) => code));
    const { code } = ppeOf(sites);
    const changeOf = async (isMade: boolean): Promise<ToBoard> => {
      const body = { siteCode: code, track: 'written', stage: 'keyDownload', isMade };
      await api(collector, '/api/v1/claims', { method: 'POST', body });
      const done = isMade ? 1 : 0;
      return board.next(
        (frame) =>
          frame.type === 'delta' &&
          frame.sites.some(
            (row) => row.code === code && stageOf(readSite(row), 'keyDownload').done === done,
          ),
      );
    };
    await changeOf(true);
    const delta = await changeOf(false);
    expect(delta.type === 'delta' && delta.sites.map((each) => each.code)).toEqual([code]);
  });
});
