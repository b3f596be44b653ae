import type { ProcessTimes } from '../platform/process-use.ts';
import { isTrue, type NativeLibraries } from './native-libraries.ts';

/**
 * What one process takes (kernel32.dll), for the probe child only. Tried under wine, which proves
 * signatures and decoding; unverified on Windows.
 */

/** PROCESS_QUERY_LIMITED_INFORMATION, which also a protected program grants, and PROCESS_VM_READ. */
const QUERY_LIMITED = 0x1000;
const VM_READ = 0x10;
const INVALID_PARAMETER = 87;
const MEMORY_COUNTERS = { bytes: 72, workingSet: 16 } as const;
const FILETIME_BYTES = 8;
/** A FILETIME counts 100 ns since 1601. */
const PER_MS = 10_000;
const YEAR_1970_MS = 11_644_473_600_000;

const prototypes = {
  open: 'void *__stdcall OpenProcess(uint32 access, int32 inherit, uint32 process)',
  times:
    'int32 __stdcall GetProcessTimes(void *process, void *created, void *ended, void *kernel, void *user)',
  memory: 'int32 __stdcall K32GetProcessMemoryInfo(void *process, void *counters, uint32 size)',
  close: 'int32 __stdcall CloseHandle(void *handle)',
};

/** Times and memory of a process; undefined when there is none. Throws where they are not told. */
export async function processTimes(
  libraries: NativeLibraries,
  pid: number,
): Promise<ProcessTimes | undefined> {
  const calls = await libraries.bind('kernel32.dll', prototypes);
  const handle = calls.open(QUERY_LIMITED | VM_READ, 0, pid) ?? calls.open(QUERY_LIMITED, 0, pid);
  if (handle === null) {
    const code = libraries.lastError();
    if (code === INVALID_PARAMETER) return undefined;
    throw new Error(`OpenProcess failed (${code})`);
  }
  try {
    const [created, ended, kernel, user] = Array.from({ length: 4 }, () =>
      Buffer.alloc(FILETIME_BYTES),
    );
    const counters = Buffer.alloc(MEMORY_COUNTERS.bytes);
    counters.writeUInt32LE(MEMORY_COUNTERS.bytes);
    if (
      !created ||
      !kernel ||
      !user ||
      !isTrue(calls.times(handle, created, ended, kernel, user)) ||
      !isTrue(calls.memory(handle, counters, counters.length))
    ) {
      throw new Error(`GetProcessTimes failed (${libraries.lastError()})`);
    }
    return {
      cpuMs: Number(kernel.readBigUInt64LE() + user.readBigUInt64LE()) / PER_MS,
      rssBytes: Number(counters.readBigUInt64LE(MEMORY_COUNTERS.workingSet)),
      // Both by the PC's clock; a step of it makes one reading wrong.
      ageMs: Date.now() - (Number(created.readBigUInt64LE()) / PER_MS - YEAR_1970_MS),
    };
  } finally {
    calls.close(handle);
  }
}
