import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeAll, type CheckVerdict } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../../agent/src/child/probe-host.ts';
import { askUps, type NutTarget } from '../../agent/src/probes/power/nut-client.ts';
import { PowerProbe } from '../../agent/src/probes/power/power-probe.ts';
import { Readings } from '../../agent/src/probes/readings.ts';
import { freePort } from '../support/influxd.ts';
import { until } from '../support/processes.ts';
import { hasNut, startNut } from './nut.ts';

const never = new AbortController().signal;
const well = { 'ups.status': 'OL', 'battery.charge': 100, 'battery.runtime': 1_800 };

/** The power probe and what the check says after each look. */
function watch(nut: NutTarget) {
  const probe = new PowerProbe({ nut }, { host: {} as unknown as ProbeHost });
  const readings = new Readings();
  const look = async (): Promise<CheckVerdict | undefined> => {
    readings.take(probe, await probe.measure(never), performance.now());
    return judgeAll({
      role: 'hq',
      readings: new Map(),
      families: new Map(),
      observations: readings.observations(),
      nowMs: performance.now(),
    }).find(({ id }) => id === 'pc.ups');
  };
  return {
    readings,
    sees: async (verdict: string, reason: string): Promise<CheckVerdict | undefined> => {
      let last: CheckVerdict | undefined;
      await until(
        async () => {
          last = await look();
          return last?.verdict === verdict && last.reason === reason;
        },
        `${verdict} ${reason}`,
        15_000,
      ).catch((error: unknown) => {
        throw new Error(`last seen ${JSON.stringify(last)}`, { cause: error });
      });
      return last;
    },
  };
}

describe.skipIf(!hasNut())('a UPS by NUT', { timeout: 60_000 }, () => {
  it('on mains and full is well; each fault is told apart and goes again', async () => {
    const nut = await startNut({ ups1: { ...well, 'ups.serial': 'SN-0042' } });
    const { sees, readings } = watch({ ...nut, ups: 'ups1' });
    const first = await sees('ok', 'ok');
    expect(first?.evidence).toEqual({ mains: true, value: 1, runtimeMs: 1_800_000 });
    expect(readings.takeFresh()).toMatchObject({
      'pc.battery.ratio': 1,
      'pc.battery.seconds': 1_800,
    });
    nut.set('ups1', { ...well, 'ups.status': 'OB DISCHRG', 'battery.charge': 96 });
    expect((await sees('fail', 'onBattery'))?.evidence).toMatchObject({ mains: false });
    nut.set('ups1', { ...well, 'ups.status': 'OL CHRG', 'battery.charge': 61 });
    expect((await sees('warn', 'lowBattery'))?.evidence).toMatchObject({ value: 0.61 });
    nut.set('ups1', { ...well, 'battery.runtime': 1_199 });
    await until(
      async () => (await sees('warn', 'lowBattery'))?.evidence.runtimeMs === 1_199_000,
      'the runtime',
    );
    nut.set('ups1', { ...well, 'ups.status': 'OL RB' });
    await until(
      async () => (await sees('warn', 'lowBattery'))?.evidence.batteryUnfit === true,
      'the battery that is to be replaced',
    );
    nut.set('ups1', well);
    const last = await sees('ok', 'ok');
    expect(JSON.stringify([first, last])).not.toMatch(/SN-0042|cupboard/);
  });

  it('that has another name is not found; the only one needs no name, of two one is named', async () => {
    const nut = await startNut({ ups1: well });
    await until(async () => (await askUps(nut, never)).kind === 'seen', 'the only one');
    expect(await askUps({ ...nut, ups: 'ups2' }, never)).toEqual({
      kind: 'failed',
      reason: 'notFound',
    });
    const two = await startNut({ ups1: well, ups2: { ...well, 'ups.status': 'OB' } });
    expect(await askUps(two, never)).toEqual({ kind: 'failed', reason: 'notConfigured' });
    await until(async () => {
      const look = await askUps({ ...two, ups: 'ups2' }, never);
      return look.kind === 'seen' && !look.facts.isOnMains;
    }, 'the second');
  });

  it('whose driver hangs is stale, whose driver is gone does not answer', async () => {
    const nut = await startNut({ ups1: well });
    const look = () => askUps({ ...nut, ups: 'ups1' }, never);
    const failsAs = (reason: string) =>
      until(async () => {
        const told = await look();
        return told.kind === 'failed' && told.reason === reason;
      }, reason);
    await until(async () => (await look()).kind === 'seen', 'the UPS');
    nut.driver('ups1').kill('SIGSTOP');
    await failsAs('stale');
    nut.driver('ups1').kill('SIGKILL');
    await failsAs('noAnswer');
  });

  it('whose server is gone has refused, whose server hangs does not answer within 3 s', async () => {
    const nut = await startNut({ ups1: well });
    const { sees } = watch({ ...nut, ups: 'ups1' });
    await sees('ok', 'ok');
    nut.server.kill('SIGSTOP');
    const startMs = performance.now();
    expect(await askUps({ ...nut, ups: 'ups1' }, never)).toEqual({
      kind: 'failed',
      reason: 'noAnswer',
    });
    expect(performance.now() - startMs).toBeLessThan(3_500);
    expect(await askUps({ ...nut, ups: 'ups1' }, AbortSignal.timeout(100))).toMatchObject({
      reason: 'noAnswer',
    });
    nut.server.kill('SIGKILL');
    await once(nut.server, 'exit');
    const gone = { host: nut.host, port: nut.port, ups: 'ups1' };
    expect(await askUps(gone, never)).toEqual({ kind: 'failed', reason: 'refused' });
    // One look that failed does not undo what was seen a moment ago; without any it is unknown.
    expect(await sees('ok', 'ok')).toBeDefined();
    await watch(gone).sees('unknown', 'refused');
  });
});

describe('what is no upsd', () => {
  it('is not there, or its name does not resolve', async () => {
    expect(await askUps({ host: '127.0.0.1', port: await freePort() }, never)).toEqual({
      kind: 'failed',
      reason: 'refused',
    });
    expect(await askUps({ host: 'nobody.invalid', port: 3_493 }, never)).toEqual({
      kind: 'failed',
      reason: 'dnsFailed',
    });
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ['talks of something else', (socket) => socket.write('220 ready\r\n'), 'badAnswer'],
    ['hangs up', (socket) => socket.end(), 'badAnswer'],
    [
      'hangs up in the middle of a word',
      (socket) => socket.end('BEGIN LIST UPS\nUPS up'),
      'badAnswer',
    ],
    [
      'never comes to an end',
      (socket) => {
        const flood = (): void => {
          while (socket.writable && socket.write('BEGIN LIST UPS\n'.repeat(1_000)));
          socket.once('drain', flood);
        };
        flood();
      },
      'badAnswer',
    ],
    ['has no UPS at all', (socket) => socket.write('BEGIN LIST UPS\nEND LIST UPS\n'), 'notFound'],
  ])('%s', async (_, serve, reason) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => serve(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const startMs = performance.now();
    expect(await askUps({ host: '127.0.0.1', port }, never)).toEqual({ kind: 'failed', reason });
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });
});
