/** TIME_ZONE_INFORMATION. */
export const ZONE_INFORMATION_BYTES = 172;
const ZONE = { bias: 0, standardBias: 84, daylightBias: 168 } as const;
/** TIME_ZONE_ID_…: which of the two is in force now. */
const NO_SEASONS = 0;
const STANDARD = 1;
const DAYLIGHT = 2;

/** Minutes east of UTC now, by Microsoft's documented numbers; undefined when Windows does not tell. */
export function zoneOffset(season: number, information: Buffer): number | undefined {
  const west = information.readInt32LE(ZONE.bias);
  switch (season) {
    case NO_SEASONS:
      return 0 - west;
    case STANDARD:
      return 0 - (west + information.readInt32LE(ZONE.standardBias));
    case DAYLIGHT:
      return 0 - (west + information.readInt32LE(ZONE.daylightBias));
    default:
      return undefined;
  }
}
