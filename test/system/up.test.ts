import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../agent/src/platform/process-use.ts';
import { commands, runToEnd, start, until, type Child } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Series {
  readonly points: readonly { readonly at: string; readonly count: number }[];
}

/** Starts `npm run up`'s script and answers how to ask its collector. */
async function up(data: string): Promise<{ child: Child; get: <T>(path: string) => Promise<T> }> {
  const child = start(commands.up, ['--port', '0', '--data', data]);
  await until(
    () => child.output().includes('/sign-in/') || child.process.exitCode !== null,
    'the banner',
    60_000,
  );
  expect(child.output()).toContain('ППЭ·Пульс работает');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(child.output())?.[0] ?? '';
  const token = readFileSync(join(data, 'collector', 'admin.token'), 'utf8').trim();
  const get = async <T>(path: string): Promise<T> =>
    (await (
      await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as T;
  return { child, get };
}

describe('npm run up', () => {
  it(
    'shows this machine, stops all of itself on Ctrl-C, and has its history afterwards',
    { timeout: 120_000 },
    async () => {
      const data = join(tempDir(), 'папка с пробелом');
      const first = await up(data);
      const list = () =>
        first.get<{ items: { id: string; verdict: string; metrics: Record<string, number> }[] }>(
          '/api/v1/workstations',
        );
      await until(
        async () => (await list()).items[0]?.metrics['pc.cpu.ratio'] !== undefined,
        'a real value',
      );
      const { items } = await list();
      expect(items).toHaveLength(1);
      expect(await first.get('/api/v1/overview')).toMatchObject({
        workstations: { planned: 1, seen: 1, simulated: 0 },
      });
      const id = items[0]?.id ?? '';
      const collectorPid = Number(readFileSync(join(data, 'collector', 'collector.pid'), 'utf8'));
      const status = () =>
        JSON.parse(readFileSync(join(data, 'agent', 'data', 'status.json'), 'utf8')) as {
          pid: number;
        };
      const agentPid = status().pid;
      first.child.kill('SIGINT');
      expect(await first.child.ended).toBe(0);
      expect([isAlive(collectorPid), isAlive(agentPid)]).toEqual([false, false]);

      const stoppedAt = Date.now();
      const second = await up(data);
      const history = await second.get<Series>(
        `/api/v1/workstations/${id}/series?metric=pc.uptime.seconds`,
      );
      const before = history.points.filter((point) => Date.parse(point.at) < stoppedAt);
      expect(before.length).toBeGreaterThan(0);
      second.child.kill('SIGTERM');
      expect(await second.child.ended).toBe(0);
    },
  );

  it('passes the collector’s own words on when it cannot start, and refuses a wrong flag', async () => {
    const data = tempDir();
    const first = await up(data);
    const second = await runToEnd(commands.up, ['--port', '0', '--data', data]);
    expect(second.code).toBe(75);
    expect(second.errors).toContain('in use by another collector');
    first.child.kill('SIGINT');
    await first.child.ended;
    const wrong = await runToEnd(commands.up, ['--prt', '1']);
    expect([wrong.code, wrong.errors.trim().split('\n').length]).toEqual([64, 1]);
  });
});
