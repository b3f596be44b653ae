import type { WinspoolJob, WinspoolReading } from '../probes/printer/winspool-status.ts';
import { serviceState } from '../platform/windows-service.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';
import { serviceReading } from './service-native.ts';

/**
 * Calls of winspool.drv (Microsoft's Print Spooler API), for the probe child only: they block. Tried
 * under wine, which proves signatures and decoding; unverified on Windows.
 */

const SPOOLER = 'Spooler';
/** PRINTER_ENUM_LOCAL and PRINTER_ENUM_CONNECTIONS. */
const LOCAL_AND_CONNECTED = 0x2 | 0x4;
const MAX_BUFFER_BYTES = 4 * 1024 * 1024;
const MAX_JOBS = 200;
/** A job may come between the question for the size and the one for the content. */
const ATTEMPTS = 3;

/** Offsets in the structures on 64-bit Windows. */
const PRINTER_INFO_4_BYTES = 24;
const INFO_2 = { bytes: 136, attributes: 104, status: 124 } as const;
const JOB_INFO_1 = {
  bytes: 96,
  jobId: 0,
  status: 56,
  totalPages: 68,
  pagesPrinted: 72,
  submitted: 76,
} as const;

const prototypes = {
  enumPrinters:
    'int32 __stdcall EnumPrintersW(uint32 flags, str16 name, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
  openPrinter: 'int32 __stdcall OpenPrinterW(str16 name, _Out_ void **handle, void *defaults)',
  getPrinter:
    'int32 __stdcall GetPrinterW(void *handle, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed)',
  enumJobs:
    'int32 __stdcall EnumJobsW(void *handle, uint32 first, uint32 count, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
  closePrinter: 'int32 __stdcall ClosePrinter(void *handle)',
};

/** Names of the queues of this PC. Throws where the spooler does not tell. */
export async function winspoolQueues(libraries: NativeLibraries): Promise<string[]> {
  const calls = await libraries.bind('winspool.drv', prototypes);
  const found = filled((buffer, size, needed, returned) =>
    calls.enumPrinters(LOCAL_AND_CONNECTED, null, 4, buffer, size, needed, returned),
  );
  if (!found) throw new Error(`EnumPrinters failed (${libraries.lastError()})`);
  const names = await Promise.all(
    Array.from({ length: found.count }, (_, at) =>
      libraries.text(found.buffer, at * PRINTER_INFO_4_BYTES),
    ),
  );
  return names.filter((name) => name !== '');
}

/**
 * State and jobs of one queue; undefined when the spooler has none of that name. A spooler that does
 * not run knows no queue at all.
 */
export async function winspoolReading(
  libraries: NativeLibraries,
  printer: string,
): Promise<WinspoolReading | 'spoolerDown' | undefined> {
  const calls = await libraries.bind('winspool.drv', prototypes);
  const handle: [unknown] = [null];
  if (!isTrue(calls.openPrinter(printer, handle, null))) {
    const state = serviceState(await serviceReading(libraries, SPOOLER));
    return state === 'running' ? undefined : 'spoolerDown';
  }
  try {
    const info = filled((buffer, size, needed) =>
      calls.getPrinter(handle[0], 2, buffer, size, needed),
    );
    if (!info || info.buffer.length < INFO_2.bytes)
      throw new Error(`GetPrinter failed (${libraries.lastError()})`);
    const jobs = filled((buffer, size, needed, returned) =>
      calls.enumJobs(handle[0], 0, MAX_JOBS, 1, buffer, size, needed, returned),
    );
    // A list that was not given is not an empty one.
    if (!jobs) throw new Error(`EnumJobs failed (${libraries.lastError()})`);
    return {
      attributes: info.buffer.readUInt32LE(INFO_2.attributes),
      status: info.buffer.readUInt32LE(INFO_2.status),
      jobs: jobsOf(jobs.buffer, jobs.count, Date.now()),
    };
  } finally {
    calls.closePrinter(handle[0]);
  }
}

/** JOB_INFO_1W records. Names of documents and users are in them and are not read. */
export function jobsOf(buffer: Buffer, count: number, nowMs: number): WinspoolJob[] {
  const fitting = Math.min(count, Math.floor(buffer.length / JOB_INFO_1.bytes));
  return Array.from({ length: fitting }, (_, at) => {
    const base = at * JOB_INFO_1.bytes;
    const read = (offset: number): number => buffer.readUInt32LE(base + offset);
    return {
      id: read(JOB_INFO_1.jobId),
      status: read(JOB_INFO_1.status),
      totalPages: read(JOB_INFO_1.totalPages),
      pagesPrinted: read(JOB_INFO_1.pagesPrinted),
      ageMs: nowMs - systemTimeMs(buffer, base + JOB_INFO_1.submitted),
    };
  });
}

/** A SYSTEMTIME is eight 16-bit words in UTC: year, month, weekday, day, hour, minute, second, ms. */
function systemTimeMs(buffer: Buffer, at: number): number {
  const word = (index: number): number => buffer.readUInt16LE(at + index * 2);
  return Date.UTC(word(0), word(1) - 1, word(3), word(4), word(5), word(6), word(7));
}

type Fill = (buffer: Buffer | null, size: number, needed: [number], returned: [number]) => unknown;

/**
 * The two-step call of this API: first the size, then the content. Success at the first step means
 * that there is nothing to give; undefined is a failure.
 */
function filled(call: Fill): { buffer: Buffer; count: number } | undefined {
  const needed: [number] = [0];
  const returned: [number] = [0];
  const isEmpty = isTrue(call(null, 0, needed, returned));
  if (needed[0] === 0) return isEmpty ? { buffer: Buffer.alloc(0), count: 0 } : undefined;
  for (let attempt = 0; attempt < ATTEMPTS && needed[0] <= MAX_BUFFER_BYTES; attempt += 1) {
    const buffer = Buffer.alloc(needed[0]);
    const isOk = isTrue(call(buffer, buffer.length, needed, returned));
    if (isOk) return { buffer, count: returned[0] };
  }
  return undefined;
}
