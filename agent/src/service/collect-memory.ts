import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What V8's own `gc` takes. */
type Collect = (how?: {
  readonly type: 'major';
  readonly execution: 'sync';
  readonly flavor: 'last-resort';
}) => void;

/** The runtime that is shipped. Older ones take these words for a small collection, and none for a full. */
const KNOWS_LAST_RESORT = 24;

/**
 * Collects garbage as a process would that is out of memory. V8 never runs a full collection in a
 * process that is mostly idle: without this the agent's memory grows for days, though it holds nothing.
 */
export function collectMemory(): void {
  setFlagsFromString('--expose-gc');
  // V8 hands the function to contexts that are made after the flag was set.
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  if (Number.parseInt(process.versions.node, 10) < KNOWS_LAST_RESORT) collect();
  else collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
