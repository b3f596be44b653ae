import type { Inventory } from '@ppe-pulse/protocol';
import type { ProbeHost } from '../child/probe-host.ts';
import { baseInventory } from './system-information.ts';

/** systeminformation starts processes and has no time limit: PowerShell has been seen to hang. */
const DEADLINE_MS = 25_000;

/** Facts of the PC, read in the probe child. Never rejects: without it there is what Node knows. */
export async function inventory(host: ProbeHost): Promise<Inventory> {
  try {
    return await host.run('inventory', null, DEADLINE_MS);
  } catch {
    return baseInventory();
  }
}
