import type { ScheduledTask } from 'node-cron';
import { ConfigError } from '../config-error.ts';

/** Something that happens at times of the calendar. */
export interface Calendar {
  stop(): void;
}

/**
 * Runs `work` at the times of a cron expression, in local time. The library is loaded only when
 * there is one: it costs more memory than the socket.
 */
export async function startCalendar(
  setting: string,
  cron: string,
  work: () => void,
): Promise<Calendar> {
  if (cron === '') return { stop: () => undefined };
  const { schedule, validate } = await import('node-cron');
  if (!validate(cron)) {
    throw new ConfigError(`${setting} "${cron}" is not a cron expression such as "17 3 * * *"`);
  }
  const task: ScheduledTask = schedule(cron, work);
  return { stop: () => void task.destroy() };
}
