import type { PowerLook } from '../probes/power/power-look.ts';
import { powerStatus, POWER_STATUS_BYTES } from '../probes/power/windows-power.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';

/**
 * Mains and battery (kernel32.dll), for the probe child only; a UPS that Windows knows is a battery to
 * it. Tried under wine, which proves signatures and decoding; unverified on Windows.
 */
export async function powerReading(libraries: NativeLibraries): Promise<PowerLook> {
  const { power } = await libraries.bind('kernel32.dll', {
    power: 'int32 __stdcall GetSystemPowerStatus(void *status)',
  });
  const status = Buffer.alloc(POWER_STATUS_BYTES);
  if (!isTrue(power(status)))
    throw new Error(`GetSystemPowerStatus failed (${libraries.lastError()})`);
  return powerStatus(status);
}
