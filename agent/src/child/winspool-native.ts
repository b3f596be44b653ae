import type { WinspoolJob, WinspoolReading } from '../probes/printer/winspool-status.ts';

/**
 * Calls of winspool.drv (Microsoft's Print Spooler API), for the probe child only: they block. Tried
 * under wine, which proves signatures and decoding; unverified on Windows.
 */

/** PRINTER_ENUM_LOCAL and PRINTER_ENUM_CONNECTIONS. */
const LOCAL_AND_CONNECTED = 0x2 | 0x4;
const MAX_BUFFER_BYTES = 4 * 1024 * 1024;
const MAX_JOBS = 200;

/** Offsets in the structures on 64-bit Windows. */
const PRINTER_INFO_4_BYTES = 24;
const INFO_2 = { attributes: 104, status: 124 } as const;
const JOB_INFO_1 = {
  bytes: 96,
  jobId: 0,
  status: 56,
  totalPages: 68,
  pagesPrinted: 72,
  submitted: 76,
} as const;

/** Names of the queues of this PC. */
export async function winspoolQueues(): Promise<string[]> {
  const { koffi, calls } = await library();
  const found = await filled((buffer, size, needed, returned) =>
    calls.enumPrinters(LOCAL_AND_CONNECTED, null, 4, buffer, size, needed, returned),
  );
  if (!found) return [];
  return Array.from({ length: found.count }, (_, at) => {
    return String(koffi.decode(found.buffer, at * PRINTER_INFO_4_BYTES, 'str16'));
  }).filter((name) => name !== '');
}

/** State and jobs of one queue; undefined when there is none of that name. */
export async function winspoolReading(printer: string): Promise<WinspoolReading | undefined> {
  const { calls } = await library();
  const handle: [unknown] = [null];
  if (!calls.openPrinter(printer, handle, null)) return undefined;
  try {
    const info = await filled((buffer, size, needed) =>
      calls.getPrinter(handle[0], 2, buffer, size, needed),
    );
    if (!info) return undefined;
    const jobs = await filled((buffer, size, needed, returned) =>
      calls.enumJobs(handle[0], 0, MAX_JOBS, 1, buffer, size, needed, returned),
    );
    return {
      attributes: info.buffer.readUInt32LE(INFO_2.attributes),
      status: info.buffer.readUInt32LE(INFO_2.status),
      jobs: jobs ? jobsOf(jobs.buffer, jobs.count, Date.now()) : [],
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

type Fill = (buffer: Buffer | null, size: number, needed: [number], returned: [number]) => boolean;

/** The two-step call of this API: first the size, then the content. */
async function filled(call: Fill): Promise<{ buffer: Buffer; count: number } | undefined> {
  const needed: [number] = [0];
  const returned: [number] = [0];
  call(null, 0, needed, returned);
  if (needed[0] === 0 || needed[0] > MAX_BUFFER_BYTES) return undefined;
  const buffer = Buffer.alloc(needed[0]);
  const isOk = call(buffer, buffer.length, needed, returned);
  return isOk ? { buffer, count: returned[0] } : undefined;
}

async function library() {
  const { default: koffi } = await import('koffi');
  const winspool = koffi.load('winspool.drv');
  return {
    koffi,
    calls: {
      enumPrinters: winspool.func(
        'bool __stdcall EnumPrintersW(uint32 flags, str16 name, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
      ) as (...given: unknown[]) => boolean,
      openPrinter: winspool.func(
        'bool __stdcall OpenPrinterW(str16 name, _Out_ void **handle, void *defaults)',
      ) as (...given: unknown[]) => boolean,
      getPrinter: winspool.func(
        'bool __stdcall GetPrinterW(void *handle, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed)',
      ) as (...given: unknown[]) => boolean,
      enumJobs: winspool.func(
        'bool __stdcall EnumJobsW(void *handle, uint32 first, uint32 count, uint32 level, void *buffer, uint32 size, _Out_ uint32 *needed, _Out_ uint32 *returned)',
      ) as (...given: unknown[]) => boolean,
      closePrinter: winspool.func('bool __stdcall ClosePrinter(void *handle)') as (
        ...given: unknown[]
      ) => boolean,
    },
  };
}
