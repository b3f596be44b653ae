import { IF_ROW_BYTES, nicsOfTable, type NicCounters } from '../platform/nic-table.ts';
import type { NativeLibraries } from './native-libraries.ts';

/** Interfaces that are looked at; filters and tunnels make 60 of a few cards. */
const MAX_ROWS = 1_000;
/** NumEntries and its padding before the first row. */
const HEADER_BYTES = 8;

const prototypes = {
  table: 'uint32 __stdcall GetIfTable2(_Out_ void **table)',
  free: 'void __stdcall FreeMibTable(void *table)',
};

/**
 * Counters of the network cards (iphlpapi.dll), for the probe child only: the call may block. Tried
 * under wine, which proves signatures and decoding; unverified on Windows.
 */
export async function nicReading(libraries: NativeLibraries): Promise<NicCounters[]> {
  const calls = await libraries.bind('iphlpapi.dll', prototypes);
  const table: [unknown] = [null];
  const code = calls.table(table);
  if (code !== 0 || table[0] === null) throw new Error(`GetIfTable2 failed (${String(code)})`);
  try {
    const count = (await libraries.bytes(table[0], HEADER_BYTES)).readUInt32LE();
    const rows = Math.min(count, MAX_ROWS);
    const whole = await libraries.bytes(table[0], HEADER_BYTES + rows * IF_ROW_BYTES);
    return nicsOfTable(whole.subarray(HEADER_BYTES));
  } finally {
    calls.free(table[0]);
  }
}
