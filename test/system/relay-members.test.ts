import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../agent/src/status-file.ts';
import type { Collector } from '../../server/src/collector.ts';
import { detailsOf, isHeard, enrolled } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';
import { relayProcess, type RelayProcess } from '../support/relay.ts';
import { tempDir } from '../support/temp-dir.ts';

const quick = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000', PPE_PULSE_AGENTS_BACKLOG_PER_SECOND: '50' };

/** An agent of room 0012 that pins the relay in place of the collector. */
async function memberOf(collector: Collector, relay: RelayProcess, url = relay.url) {
  const { config, home, id } = await enrolled(
    collector,
    { collector: { url: url.replace('http', 'ws'), publicKey: relay.publicKey } },
    { role: 'organizer', roomCode: '0012' },
  );
  const status = (): AgentStatus =>
    JSON.parse(readFileSync(join(home, 'data', 'status.json'), 'utf8')) as AgentStatus;
  return { config, home, id, status };
}

const viewOf = async (collector: Collector, id: string) =>
  (await detailsOf(collector, id)) as Awaited<ReturnType<typeof detailsOf>> & {
    relay: string | null;
    carried: { importedAt: string; newestAt: string } | null;
  };

describe('agents that know only their relay', { timeout: 90_000 }, () => {
  it('are seen by the collector, and by their goodbye', async () => {
    const collector = await testCollector({}, quick);
    const relay = await relayProcess(collector);
    const member = await memberOf(collector, relay);
    await until(() => relay.status()?.relay?.membersKnown === 1, 'the roster');
    const agent = start(commands.agent, ['run', '--config', member.config]);
    await until(
      async () => (await detailsOf(collector, member.id)).metrics['net.rtt.ms'] !== undefined,
      'a round trip, to the relay',
    );
    const { metrics } = await detailsOf(collector, member.id);
    expect(await isHeard(collector, member.id)).toBe(true);
    // The relay answers with the collector's time.
    expect(Math.abs(metrics['clock.skew.ms'] ?? 1e9)).toBeLessThan(1_000);
    await until(() => relay.status()?.relay?.membersHere === 1, 'it is here');
    agent.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    await until(
      async () => (await detailsOf(collector, member.id)).reason === 'saidGoodbye',
      'the goodbye goes on to the collector',
    );
    await until(() => relay.status()?.relay?.membersHere === 0, 'it has left');
    expect(member.status().journalLag).toBeLessThanOrEqual(3);
  });

  it('send once what a flash drive has not brought before them', async () => {
    const collector = await testCollector({}, quick);
    const relay = await relayProcess(collector);
    const member = await memberOf(collector, relay, 'http://127.0.0.1:9');
    await until(() => relay.status()?.relay?.membersKnown === 1, 'the roster');
    const isolated = start(commands.agent, ['run', '--config', member.config]);
    await until(() => isolated.errors().includes('agent is up'), 'it is up');
    await until(() => (statusOf(member)?.journalLag ?? 0) >= 3, 'three in the journal');
    isolated.kill('SIGTERM');
    await isolated.ended;

    const stick = tempDir();
    const exported = await runToEnd(commands.agent, ['export', stick, '--config', member.config]);
    expect([exported.code, exported.errors]).toEqual([0, '']);
    const home = join(relay.home, 'agent.yaml');
    const imported = await runToEnd(commands.agent, ['import', stick, '--json', '--config', home]);
    const { newHeartbeats } = JSON.parse(imported.output) as { newHeartbeats: number };
    expect(newHeartbeats).toBeGreaterThanOrEqual(3);
    await until(
      async () => (await viewOf(collector, member.id)).carried !== null,
      'the board says "by flash drive"',
    );
    await until(() => relay.status()?.relay?.spooled === 0, 'all of it is with the collector');
    expect(await isHeard(collector, member.id)).toBe(false);

    // The same PC comes back to the LAN with the same journal: all of it is acked at once.
    const config = JSON.parse(readFileSync(member.config, 'utf8')) as {
      collector: { url: string };
    };
    config.collector.url = relay.url.replace('http', 'ws');
    writeFileSync(member.config, JSON.stringify(config));
    start(commands.agent, ['run', '--config', member.config]);
    await until(() => isHeard(collector, member.id), 'seen');
    await until(() => (statusOf(member)?.journalLag ?? 99) <= 2, 'nothing is left');
    const taken = await countOf(collector, 'ppe_pulse_heartbeats_repeated_total');
    expect(taken).toBe(0);
  });
});

function statusOf(member: { status(): AgentStatus }): AgentStatus | undefined {
  try {
    return member.status();
  } catch {
    // Not written yet.
    return undefined;
  }
}

async function countOf(collector: Collector, name: string): Promise<number> {
  const { text } = (await api(collector, '/metrics')).body as unknown as { text: string };
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
}
