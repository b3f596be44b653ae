import { roles } from '../placement.ts';
import type { CheckDefinition } from './check.ts';

/** The exam program's process. Applies only where a process to watch is configured. */
export const appRunning: CheckDefinition = {
  id: 'app.running',
  roles,
  family: 'app',
  metrics: ['app.running.count'],
  maxAgeMs: 60_000,
  judge: ([count = 0]) =>
    count > 0
      ? { verdict: 'ok', reason: 'ok', evidence: { value: count } }
      : { verdict: 'fail', reason: 'notRunning', evidence: { value: count } },
};
