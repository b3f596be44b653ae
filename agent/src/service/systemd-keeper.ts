import type { Keeper } from './keeper.ts';
import type { Notify } from './notify-socket.ts';

/** systemd's words (sd_notify(3)). It asks for a stop by SIGTERM, which the process hears itself. */
export function systemdKeeper(notify: Notify, watchdogMs: number | undefined): Keeper {
  const ask = (...lines: readonly string[]): void => void notify(lines.join('\n'));
  return {
    watchdogMs,
    stopAsked: new Promise(() => undefined),
    ready: () => ask('READY=1'),
    alive: () => ask('WATCHDOG=1'),
    say: (words) => ask(`STATUS=${words}`),
    stopping: () => ask('STOPPING=1', 'STATUS=stopping'),
    ended: (how) => {
      if (how.kind === 'failed') ask(`STATUS=${how.reason.replaceAll(/\s+/g, ' ')}`);
    },
  };
}
