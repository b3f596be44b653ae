import type { ScheduledTask } from 'node-cron';
import { ConfigError } from '../config-error.ts';
import type { AgentConfig } from '../config.ts';
import { systemTimers } from '../platform/timers.ts';
import { dailyTimeOf, everyDay } from './daily.ts';

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
 * Runs `work` at the times of a cron expression, in local time. A time of every day needs no
 * library: node-cron, and the dates and languages that it asks for, take 9 MB.
 */
async function startCalendar(setting: string, cron: string, work: () => void): Promise<Calendar> {
  if (cron === '') return { stop: () => undefined };
  const daily = dailyTimeOf(cron);
  if (daily) return everyDay(daily, work, { timers: systemTimers(), nowMs: Date.now });
  const { schedule, validate } = await import('node-cron');
  if (!validate(cron)) {
    throw new ConfigError(`${setting} "${cron}" is not a cron expression such as "17 3 * * *"`);
  }
  const task: ScheduledTask = schedule(cron, work);
  return { stop: () => void task.destroy() };
}
