import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AgentPlan } from '@ppe-pulse/protocol';
import { isHeard } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { freePort } from '../support/influxd.ts';
import { builtAgent, installedAgent, partsOf, updateListener } from '../support/installed-agent.ts';
import { runToEnd, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { newSigner, rootOf, updateOf } from '../support/update-kit.ts';

const signers = [newSigner(), newSigner(), newSigner()];
const two = signers.slice(1);

describe('an update', { timeout: 200_000 }, () => {
  let old: { agent: string; launcher: string };
  let next: { agent: string; launcher: string };

  beforeAll(() => {
    old = builtAgent('0.1.0');
    next = builtAgent('0.2.0');
  });

  it('by flash drive, on a PC that has no line, is confirmed by its self-test after a minute', async () => {
    const settings = { collector: { url: 'ws://127.0.0.1:9', publicKey: 'A'.repeat(43) } };
    const pc = await installedAgent(old, signers, settings);
    const stick = tempDir();
    const ask = (file: string) => runToEnd(pc.launcher, ['update', file], pc.env);
    const [good, forged] = [join(stick, 'good.update'), join(stick, 'forged.update')];
    writeFileSync(good, updateOf(next.agent, two).file);
    writeFileSync(forged, updateOf(next.agent, [newSigner(), newSigner()]).file);
    // Nobody runs yet: it is refused at once, or waits.
    expect(await ask(forged)).toMatchObject({ code: 1, errors: expect.stringContaining('ключом') });
    expect(await ask(join(stick, 'none'))).toMatchObject({ code: 78 });
    expect(existsSync(join(pc.dataDir, 'agent.update'))).toBe(false);
    pc.keepAlive();
    await until(() => existsSync(join(pc.dataDir, 'status.json')), 'it runs');
    const told = await ask(good);
    expect(told).toMatchObject({ code: 0, errors: '' });
    expect(told.output).toContain('передано службе');
    expect(told.output).toContain('0.2.0: проверяется');
    expect(told.output.trimEnd().split('\n').at(-1)).toContain('0.2.0: работает');
    expect(existsSync(join(pc.dataDir, 'agent.update'))).toBe(false);
    expect(pc.state().standing).toEqual({ version: '0.2.0', state: 'confirmed', reason: 'ok' });
    expect(pc.runs).toHaveLength(2);
    const { output } = await ask('status');
    expect(output).toContain('0.2.0');
    // Once more: it is here already.
    const again = await ask(good);
    expect(again.code).toBe(1);
    expect(again.output).toContain('не принято');
    await pc.stop();
    const waiting = await ask(good);
    expect(waiting).toMatchObject({ code: 75 });
    expect(existsSync(join(pc.dataDir, 'agent.update'))).toBe(true);
  });

  it('that does not connect is taken back after two tries, as is one whose probe child does not work', async () => {
    const worlds = await Promise.all(
      [
        `process.env.PPE_PULSE_COLLECTOR_URL = 'ws://127.0.0.1:9';\n`,
        `if (process.argv[2] === 'probe-child') process.exit(1);\n`,
      ].map(async (fault) => {
        const centre = await updateListener();
        const pc = await installedAgent(old, signers, centre.settings);
        centre.enrol(pc);
        pc.keepAlive();
        await until(() => centre.isHere(pc.id), 'it is here');
        const update = updateOf(fault + next.agent, two);
        centre.serve(partsOf(update, '0.2.0'));
        centre.offer(pc.id, update);
        return { centre, pc };
      }),
    );
    const reasons = ['notConnected', 'selfTestFailed'];
    await Promise.all(
      worlds.map(({ centre, pc }, at) =>
        until(
          () => centre.statesOf(pc.id).includes(`0.2.0 rolledBack ${reasons[at]}`),
          `it is back from ${reasons[at]}`,
          170_000,
        ),
      ),
    );
    for (const { centre, pc } of worlds) {
      // It says so before its first heartbeat, which names its version.
      await until(() => centre.versions.get(pc.id) === '0.1.0', 'the old version beats');
      expect(pc.state()).toMatchObject({ current: null, trial: null });
      expect(pc.runs).toHaveLength(4);
    }
  });

  it('is refused in the days of a rehearsal that the site takes part in, and in no others', async () => {
    const centre = await updateListener();
    const pc = await installedAgent(old, signers, centre.settings);
    centre.enrol(pc);
    pc.keepAlive();
    await until(() => centre.isHere(pc.id), 'it is here');
    const update = updateOf(next.agent, two);
    centre.serve(partsOf(update, '0.2.0'));
    const plan = (version: number, part: Partial<AgentPlan>): void => {
      const text = JSON.stringify({
        version,
        planId: 'rehearsal',
        agentId: pc.id,
        validFromMs: Date.now() - 60_000,
        validToMs: Date.now() + 86_400_000,
        timeZone: 'Asia/Novokuznetsk',
        isInvolved: true,
        modes: [],
        thresholds: {},
        hosts: { videoPortal: [], emPortal: [] },
        throughput: {
          everyMinutes: 10,
          maxBytes: 1_000_000,
          closedFrom: '00:00',
          closedTo: '00:00',
        },
        print: null,
        ...part,
      });
      const isSent = centre.send(pc.id, { type: 'plan', text, signature: centre.signed(text) });
      expect(isSent).toBe(true);
    };
    plan(1, {});
    await until(() => pc.log().includes('"spans":0'), 'it holds the plan');
    centre.offer(pc.id, update);
    await until(() => centre.statesOf(pc.id).includes('0.2.0 refused frozen'), 'it is refused');
    // Soon enough to be caught in the middle.
    plan(2, { validFromMs: Date.now() + 600_000 });
    await until(() => pc.log().includes('"version":2,"spans"'), 'it holds the next plan');
    centre.offer(pc.id, update);
    await until(() => centre.told.length === 2, 'it is answered');
    expect(centre.statesOf(pc.id).at(-1)).toBe('0.2.0 refused frozen');
    expect(centre.reads).toEqual([]);
    plan(3, { isInvolved: false });
    await until(() => pc.log().includes('"version":3,"spans"'), 'it holds the last plan');
    centre.offer(pc.id, update);
    await until(() => centre.statesOf(pc.id).includes('0.2.0 confirmed'), 'it is updated');
  });

  it('of a room comes from the disk of its relay', async () => {
    const dataDir = tempDir();
    writeFileSync(join(dataDir, 'updates.root'), JSON.stringify(rootOf(signers)));
    const collector = await testCollector(
      { dataDir },
      { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_UPDATES_JITTER_SECONDS: '0' },
    );
    const { body } = await api(collector, '/api/v1/collector');
    const { publicKey } = body as unknown as { publicKey: string };
    const line = { url: collector.url.replace('http', 'ws'), publicKey };
    const [port, pagePort] = [await freePort(), await freePort()];
    const relay = { host: '127.0.0.1', port, page: { port: pagePort } };
    const hq = await installedAgent(old, signers, { collector: line, relay }, ['--relay']);
    const toRelay = { url: `ws://127.0.0.1:${port}`, publicKey: hq.publicKey };
    const room = await installedAgent(old, signers, { collector: toRelay });
    const places = [
      { pc: hq, role: 'hq', roomCode: '7777' },
      { pc: room, role: 'organizer', roomCode: '0012' },
    ];
    for (const { pc, ...place } of places) {
      const placement = { siteCode: '0042', duty: 'main', ...place };
      const asked = { publicKey: pc.publicKey, placement };
      await api(collector, '/api/v1/workstations', { method: 'POST', body: asked });
    }
    hq.keepAlive();
    await until(() => hq.log().includes('the relay listens'), 'the relay listens');
    room.keepAlive();
    const standing = async () =>
      (await api(collector, '/api/v1/updates')).body as unknown as {
        stages: { state: string; progress: Record<string, number> }[];
      };
    await until(async () => isHeard(collector, room.id), 'the room is heard');
    const update = updateOf(next.agent, two);
    const added = await fetch(`${collector.url}/api/v1/updates`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${collector.adminToken}`,
        'content-type': 'application/octet-stream',
      },
      body: Buffer.from(update.file),
    });
    expect(added.status).toBe(201);
    const begun = await api(collector, '/api/v1/updates/0.2.0/stages', {
      method: 'POST',
      body: { scope: { siteCode: '0042' } },
    });
    expect(begun.status).toBe(201);
    await until(
      async () => (await standing()).stages[0]?.progress['confirmed'] === 2,
      'both are confirmed',
      150_000,
    );
    expect([hq.state().current, room.state().current]).toEqual(['0.2.0', '0.2.0']);
    // The relay has what it handed out.
    expect(existsSync(join(hq.versionsDir, 'bundles', '0.2.0.packed'))).toBe(true);
    expect(room.log()).toContain('an update is offered');
  });
});
