import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Inventory } from '@ppe-pulse/protocol';
import { baseInventory } from './system-information.ts';

/** The child is killed after this: PowerShell has been seen to hang for ever. */
const DEADLINE_MS = 25_000;

/**
 * Facts of the PC, read in a child process that ends at once: systeminformation costs 8 MB and
 * starts processes without a time limit, which a service that runs for days should not carry.
 * Never rejects: without the child there is what Node itself knows.
 */
export function inventory(): Promise<Inventory> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('inventory-child.js', import.meta.url)), {
      // Flags of the service (memory limits) are its own.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
    child.once('message', (found) => resolve(found as Inventory));
    child.once('error', () => resolve(baseInventory()));
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(baseInventory());
    });
  });
}
