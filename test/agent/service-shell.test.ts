import { describe, expect, it } from 'vitest';
import { createLog } from '../../agent/src/platform/log.ts';
import { noKeeper } from '../../agent/src/service/keeper.ts';
import { handedOver, socketAddress, watchdogOf } from '../../agent/src/service/notify-socket.ts';
import { ServiceShell } from '../../agent/src/service/service-shell.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

const HOUR_MS = 3_600_000;

function setUp(watchdog: number | 'never' = 30_000) {
  const timers = new VirtualTimers();
  const said: string[] = [];
  const collections: number[] = [];
  let alive = 0;
  const shell = new ServiceShell(
    {
      keeper: {
        ...noKeeper,
        watchdogMs: watchdog === 'never' ? undefined : watchdog,
        ready: () => said.push('ready'),
        alive: () => (alive += 1),
        say: (words) => said.push(words),
        stopping: () => said.push('stopping'),
      },
      log: createLog('silent'),
      timers,
      monotonicMs: () => timers.nowMs,
      collect: () => void collections.push(timers.nowMs),
    },
    5_000,
  );
  const beats = async (count: number, link = 'live'): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      await timers.advance(5_000);
      shell.beat({ intervalMs: 5_000, link });
    }
  };
  return { timers, shell, said, collections, beats, alive: () => alive };
}

describe('the shell of a service', () => {
  it('says that it lives every half of what the keeper waits, while the heart beats', async () => {
    const { shell, beats, alive } = setUp();
    shell.up();
    expect(alive()).toBe(1);
    await beats(12);
    expect(alive()).toBe(5);
  });

  it('is silent when the event loop turns and no heartbeat comes, and speaks when one does', async () => {
    const { timers, shell, beats, alive } = setUp();
    shell.up();
    await beats(6);
    const before = alive();
    // Three periods and a little may pass without one: a disk may be slow.
    await timers.advance(15_000);
    expect(alive()).toBe(before + 1);
    await timers.advance(HOUR_MS);
    expect(alive()).toBe(before + 1);
    shell.beat({ intervalMs: 5_000, link: 'live' });
    await timers.advance(15_000);
    expect(alive()).toBe(before + 2);
  });

  it('goes by the period that the collector asked for', async () => {
    const { timers, shell, alive } = setUp();
    shell.up();
    shell.beat({ intervalMs: 300_000, link: 'live' });
    await timers.advance(290_000);
    expect(alive()).toBe(1 + Math.floor(290_000 / 15_000));
  });

  it('tells the link once a change, and its stop', async () => {
    const { shell, said, beats } = setUp();
    shell.up();
    await beats(2, 'waiting');
    await beats(3, 'live');
    shell.stopping();
    expect(said).toEqual(['ready', 'link waiting', 'link live', 'stopping']);
  });

  it('says no word of life where nobody waits for one, nor after its stop', async () => {
    const unwatched = setUp('never');
    unwatched.shell.up();
    await unwatched.beats(12);
    expect(unwatched.alive()).toBe(0);
    const stopped = setUp();
    stopped.shell.up();
    stopped.shell.stopping();
    await stopped.beats(12);
    expect(stopped.alive()).toBe(1);
  });

  it('collects memory after 20 s and every hour, after a heartbeat and not in it', async () => {
    const { timers, shell, collections, beats } = setUp();
    shell.up();
    await beats(3);
    expect(collections).toEqual([]);
    await timers.advance(5_000);
    shell.beat({ intervalMs: 5_000, link: 'live' });
    expect(collections).toEqual([]);
    await timers.advance(1);
    expect(collections).toHaveLength(1);
    await beats(2 * 720);
    await timers.advance(1);
    expect(collections).toHaveLength(3);
  });
});

describe('what systemd hands over', () => {
  it('is an address of a path or an abstract name, and nothing else', () => {
    expect(socketAddress('/run/systemd/notify')).toEqual(
      Buffer.from('\u0001\0/run/systemd/notify\0', 'latin1'),
    );
    expect(socketAddress('@abc')).toEqual(Buffer.from('\u0001\0\0abc', 'latin1'));
    for (const wrong of ['', '/', '@', 'notify', 'vsock:2:1234', `/${'п'.repeat(60)}`])
      expect(socketAddress(wrong)).toBeUndefined();
  });

  it('is a descriptor by its name, for this process alone', () => {
    const env = { LISTEN_PID: '42', LISTEN_FDS: '2', LISTEN_FDNAMES: 'other:notify' };
    expect(handedOver(env, 42)).toBe(4);
    expect(handedOver(env, 43)).toBeUndefined();
    expect(handedOver({ ...env, LISTEN_FDNAMES: 'other' }, 42)).toBeUndefined();
    expect(handedOver({}, 42)).toBeUndefined();
  });

  it('is how long it waits, of this process alone', () => {
    expect(watchdogOf({ WATCHDOG_USEC: '30000000' }, 42)).toBe(30_000);
    expect(watchdogOf({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' }, 42)).toBe(30_000);
    expect(watchdogOf({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' }, 42)).toBeUndefined();
    for (const none of ['', '0', 'soon', '-5'])
      expect(watchdogOf({ WATCHDOG_USEC: none }, 42)).toBeUndefined();
    expect(watchdogOf({}, 42)).toBeUndefined();
  });
});
