import { isTrue, type NativeLibraries } from '../child/native-libraries.ts';

/**
 * A watchdog without JavaScript (kernel32.dll): a timer of Windows that ends this process when nobody
 * moves it on. The service manager does not notice an event loop that hangs; that a process is gone it
 * does, and starts the service again. Tried under wine; unverified on Windows.
 */

/** WT_EXECUTEONLYONCE, in a thread of the system's pool: it works while every thread of ours hangs. */
const ONCE = 0x8;
/** GetCurrentProcess(), which is the timer's parameter and so the first argument of its callback. */
const THIS_PROCESS = -1n;
/** Far enough for a PC that sleeps. */
const AWAY_MS = 0x7fff_ffff;

const prototypes = {
  module: 'void *__stdcall GetModuleHandleW(str16 name)',
  procedure: 'int64 __stdcall GetProcAddress(void *module, str name)',
  create:
    'int32 __stdcall CreateTimerQueueTimer(void *timer, void *queue, int64 callback, int64 parameter, uint32 dueMs, uint32 periodMs, uint32 flags)',
  change:
    'int32 __stdcall ChangeTimerQueueTimer(void *queue, int64 timer, uint32 dueMs, uint32 periodMs)',
};

/** The running timer. */
export interface ExitTimer {
  /** So long from now the process ends. */
  moveOn(): void;
  /** The PC is about to sleep, or the service to stop: not now. */
  moveAway(): void;
}

/**
 * Starts the timer. It calls `TerminateProcess(this process, TRUE)` and not `ExitProcess`: that one
 * waits for locks of libraries, which a process that hangs may hold.
 */
export async function startExitTimer(
  libraries: NativeLibraries,
  afterMs: number,
): Promise<ExitTimer> {
  const calls = await libraries.bind('kernel32.dll', prototypes);
  const terminate = calls.procedure(calls.module('kernel32.dll'), 'TerminateProcess');
  const handle = Buffer.alloc(8);
  if (!isTrue(calls.create(handle, null, terminate, THIS_PROCESS, afterMs, 0, ONCE)))
    throw new Error(`CreateTimerQueueTimer failed (${libraries.lastError()})`);
  const timer = handle.readBigInt64LE();
  const change = (dueMs: number): void => {
    if (!isTrue(calls.change(null, timer, dueMs, 0)))
      throw new Error(`ChangeTimerQueueTimer failed (${libraries.lastError()})`);
  };
  return { moveOn: () => change(afterMs), moveAway: () => change(AWAY_MS) };
}
