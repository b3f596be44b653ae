import { noKeeper, type Keeper } from './keeper.ts';
import { openNotify, watchdogOf } from './notify-socket.ts';
import { systemdKeeper } from './systemd-keeper.ts';
import type { WindowsNews } from './windows-keeper.ts';

/** How this process was started. */
export interface Start {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  /** By the command line of the service. */
  readonly isService: boolean;
}

/** Finds out who watches over this process, and begins to talk to it. */
export async function openKeeper(start: Start, news: WindowsNews): Promise<Keeper> {
  const { env, pid, platform, isService } = start;
  if (platform === 'win32') {
    // Asked for nothing else: a person's `run` on a console has nobody to talk to.
    if (!isService) return noKeeper;
    return (await import('./windows-keeper.ts')).windowsKeeper(news);
  }
  const notify = platform === 'linux' ? await openNotify(env, pid) : undefined;
  return notify ? systemdKeeper(notify, watchdogOf(env, pid)) : noKeeper;
}
