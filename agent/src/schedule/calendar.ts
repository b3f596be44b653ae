import type { ScheduledTask } from 'node-cron';
import { ConfigError } from '../config-error.ts';
import type { AgentConfig } from '../config.ts';

/** Something that happens at times of the calendar. */
export interface Calendar {
  stop(): void;
}

/** What the settings name times for. Throws a `ConfigError` for what is no cron expression. */
export async function startCalendars(
  { inventory, line }: AgentConfig,
  work: { readonly takeInventory: () => void; readonly download: () => void },
): Promise<readonly Calendar[]> {
  return [
    await startCalendar('inventory.cron', inventory.cron, work.takeInventory),
    await startCalendar('line.emDownload.cron', line.emDownload?.cron ?? '', work.download),
  ];
}

/**
 * Runs `work` at the times of a cron expression, in local time. The library is loaded only when
 * there is one: it costs more memory than the socket.
 */
async function startCalendar(setting: string, cron: string, work: () => void): Promise<Calendar> {
  if (cron === '') return { stop: () => undefined };
  const { schedule, validate } = await import('node-cron');
  if (!validate(cron)) {
    throw new ConfigError(`${setting} "${cron}" is not a cron expression such as "17 3 * * *"`);
  }
  const task: ScheduledTask = schedule(cron, work);
  return { stop: () => void task.destroy() };
}
