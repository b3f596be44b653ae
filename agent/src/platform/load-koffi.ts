import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type koffiModule from 'koffi';

export type Koffi = typeof koffiModule;

/**
 * The library for native calls: installed it is one file beside the runtime, without the package's
 * JavaScript; in a checkout it is the package.
 */
export async function loadKoffi(
  installDir: string | undefined = process.env['PPE_PULSE_INSTALL_DIR'],
): Promise<Koffi> {
  const file = installDir === undefined ? undefined : join(installDir, 'koffi.node');
  if (file === undefined || !existsSync(file)) return (await import('koffi')).default;
  const loaded: { exports: unknown } = { exports: {} };
  process.dlopen(loaded, file);
  // The package's default export is this very object; a test calls functions of both.
  return loaded.exports as Koffi;
}
