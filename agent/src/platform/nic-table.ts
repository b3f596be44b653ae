/** Counters of one network interface since boot. The name is for telling them apart and stays here. */
export interface NicCounters {
  readonly name: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly errors: number;
}

/** MIB_IF_ROW2 on 64-bit Windows. */
export const IF_ROW_BYTES = 1_352;
const ROW = {
  luid: 0,
  type: 1_128,
  flags: 1_152,
  receivedBytes: 1_208,
  receiveErrors: 1_240,
  sentBytes: 1_280,
  sendErrors: 1_312,
} as const;
/** IF_TYPE_SOFTWARE_LOOPBACK. */
const LOOPBACK = 24;
/** Bits of InterfaceAndOperStatusFlags. */
const HARDWARE = 0x1;
const FILTER = 0x2;

/**
 * Rows of Windows' interface table: the cards, or where none calls itself one everything but loopback
 * and the filters, which count a card's bytes a second time.
 */
export function nicsOfTable(rows: Buffer): NicCounters[] {
  const all = Array.from({ length: Math.floor(rows.length / IF_ROW_BYTES) }, (_, at) =>
    rows.subarray(at * IF_ROW_BYTES, (at + 1) * IF_ROW_BYTES),
  );
  const flags = (row: Buffer): number => row.readUInt8(ROW.flags);
  const usable = all.filter(
    (row) => row.readUInt32LE(ROW.type) !== LOOPBACK && (flags(row) & FILTER) === 0,
  );
  const cards = usable.filter((row) => (flags(row) & HARDWARE) !== 0);
  return (cards.length > 0 ? cards : usable).map((row) => ({
    name: row.toString('hex', ROW.luid, ROW.luid + 8),
    receivedBytes: Number(row.readBigUInt64LE(ROW.receivedBytes)),
    sentBytes: Number(row.readBigUInt64LE(ROW.sentBytes)),
    errors: Number(row.readBigUInt64LE(ROW.receiveErrors) + row.readBigUInt64LE(ROW.sendErrors)),
  }));
}
