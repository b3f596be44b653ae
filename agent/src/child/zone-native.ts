import { zoneOffset, ZONE_INFORMATION_BYTES } from '../probes/zone/windows-zone.ts';
import type { NativeLibraries } from './native-libraries.ts';

/**
 * Minutes east of UTC that the PC's zone has now (kernel32.dll), for the probe child only: Node keeps
 * the zone of its start. Tried under wine, which proves signatures and decoding; unverified on Windows.
 */
export async function zoneReading(libraries: NativeLibraries): Promise<number | undefined> {
  const { zone } = await libraries.bind('kernel32.dll', {
    zone: 'uint32 __stdcall GetTimeZoneInformation(void *zone)',
  });
  const information = Buffer.alloc(ZONE_INFORMATION_BYTES);
  const season = Number(zone(information));
  return zoneOffset(season, information);
}
