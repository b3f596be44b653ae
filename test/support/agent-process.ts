import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Collector } from '../../server/src/collector.ts';
import { api } from './collector.ts';
import { commands, runToEnd } from './processes.ts';
import { tempDir } from './temp-dir.ts';

/** Writes a configuration and enrols the workstation that it makes. */
export async function enrolled(
  collector: Collector,
  extra: object = {},
  place: { siteCode?: string; role?: string; roomCode?: string } = {},
): Promise<{ config: string; home: string; id: string }> {
  const home = tempDir();
  const config = join(home, 'agent.yaml');
  const { body } = await api(collector, '/api/v1/collector');
  const { publicKey } = body as unknown as { publicKey: string };
  writeFileSync(
    config,
    JSON.stringify({
      collector: { url: collector.url.replace('http', 'ws'), publicKey },
      ...extra,
    }),
  );
  const told = await runToEnd(commands.agent, ['identity', '--json', '--config', config]);
  const identity = JSON.parse(told.output) as { agentId: string; publicKey: string };
  const placement = { siteCode: '0042', roomCode: '7777', role: 'hq', duty: 'main', ...place };
  await api(collector, '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: identity.publicKey, placement },
  });
  return { config, home, id: identity.agentId };
}

/** The workstation as the API shows it. */
export const detailsOf = async (collector: Collector, id: string) =>
  (await api(collector, `/api/v1/workstations/${id}`)).body as unknown as {
    verdict: string;
    reason: string;
    journalLag: number;
    agentVersion: string;
    metrics: Record<string, number>;
    checks: {
      id: string;
      verdict: string;
      reason: string;
      evidence: Record<string, unknown>;
    }[];
  };

/** Whether the workstation is heard, whatever its devices are like. */
export const isHeard = async (collector: Collector, id: string): Promise<boolean> => {
  const { checks } = await detailsOf(collector, id);
  return checks.some((check) => check.id === 'heartbeat' && check.verdict === 'ok');
};
