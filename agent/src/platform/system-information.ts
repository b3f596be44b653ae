import { arch, cpus, platform, release, totalmem } from 'node:os';
import type { Inventory } from '@ppe-pulse/protocol';
import { withDeadline } from './deadline.ts';
import { plain } from './plain.ts';

/** The library starts processes on Windows and has no time limit: it gets one here. */
const DEADLINE_MS = 20_000;

/** What Node itself knows of the PC. */
export function baseInventory(): Inventory {
  return {
    platform: plain(platform()),
    arch: plain(arch()),
    osRelease: plain(release()),
    cpuCores: cpus().length,
    ramBytes: totalmem(),
    runtime: plain(`node ${process.versions.node}`),
  };
}

/**
 * Facts of the PC that do not change while it runs. The library costs 8 MB and up to 9 processes a
 * call, so this runs in a child. No host name, no serial number. Never rejects.
 */
export async function readInventory(): Promise<Inventory> {
  const base = baseInventory();
  try {
    const library = await import('systeminformation');
    const [os, cpu] = await withDeadline('systeminformation', DEADLINE_MS, () =>
      Promise.all([library.osInfo(), library.cpu()]),
    );
    return {
      ...base,
      osName: plain(`${os.distro} ${os.release}`),
      cpuModel: plain(`${cpu.manufacturer} ${cpu.brand}`),
    };
  } catch {
    // The agent lives without the names; what it has is already true.
    return base;
  }
}
