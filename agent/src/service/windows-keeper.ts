import { isTrue, NativeLibraries } from '../child/native-libraries.ts';
import type { WriteEvent } from './event-log.ts';
import { openEventLog } from './event-log.ts';
import { startExitTimer, type ExitTimer } from './exit-timer.ts';
import type { Keeper, ServiceEnd } from './keeper.ts';

/**
 * This process as a service of Windows (advapi32.dll), without a second one. The dispatcher runs in a
 * thread of its own; what the service manager wants comes as calls into the event loop. Tried under
 * wine; unverified on Windows.
 */

/** Name of the service for programs. */
export const SERVICE_NAME = 'PpePulseAgent';
/** SERVICE_WIN32_OWN_PROCESS. */
const OWN_PROCESS = 0x10;
const states = { stopped: 1, startPending: 2, stopPending: 3, running: 4 } as const;
/** SERVICE_ACCEPT_STOP, _SHUTDOWN, _PRESHUTDOWN, and _POWEREVENT. */
const ACCEPTED = 0x1 | 0x4 | 0x100 | 0x40;
const controls = { stop: 1, interrogate: 4, shutdown: 5, power: 13, preshutdown: 15 } as const;
/** PBT_APMSUSPEND and PBT_APMRESUMEAUTOMATIC. */
const SUSPEND = 4;
const RESUME = 18;
const NO_ERROR = 0;
const CALL_NOT_IMPLEMENTED = 120;
/** With it the manager takes our own exit code: 1066. */
const SERVICE_SPECIFIC = 1_066;
/** What the start and the stop may take before the manager loses patience. */
const START_HINT_MS = 30_000;
const STOP_HINT_MS = 5_000;
/** A hang is found within this, and the manager starts the service again 2 s later. */
const WATCHDOG_MS = 30_000;
const TABLE_BYTES = 32;
const STATUS_BYTES = 28;

const prototypes = {
  dispatch: 'int32 __stdcall StartServiceCtrlDispatcherW(void *table)',
  register:
    'void *__stdcall RegisterServiceCtrlHandlerExW(str16 name, void *handler, void *context)',
  setStatus: 'int32 __stdcall SetServiceStatus(void *service, void *status)',
};
const mainShape = { result: 'void', parameters: ['uint32', 'void *'] };
const handlerShape = { result: 'uint32', parameters: ['uint32', 'uint32', 'void *', 'void *'] };

/** EX_TEMPFAIL: to be started again the manager must be told of a failure. */
const AGAIN = 75;

/** What happens to a service beside its stop. */
export interface WindowsNews {
  /** The PC is about to sleep; there are two seconds. */
  readonly sleeps: () => void;
}

/** Begins to be a service; a process that no service manager started stays what it is. */
export async function windowsKeeper(news: WindowsNews): Promise<Keeper> {
  const libraries = new NativeLibraries();
  const calls = await libraries.bind('advapi32.dll', prototypes);
  const service = new WindowsService({
    news,
    setStatus: calls.setStatus,
    event: await openEventLog(libraries),
    timer: () => startExitTimer(libraries, WATCHDOG_MS),
  });
  const handler = await libraries.callback(handlerShape, (control, type) =>
    service.control(Number(control), Number(type)),
  );
  const main = await libraries.callback(mainShape, () =>
    service.begin(calls.register(SERVICE_NAME, handler, null)),
  );
  const addressOf = await libraries.addresses();
  const name = Buffer.from(`${SERVICE_NAME}\0`, 'utf16le');
  const table = Buffer.alloc(TABLE_BYTES);
  table.writeBigUInt64LE(addressOf(name), 0);
  table.writeBigUInt64LE(main, 8);
  // It returns when the service has stopped, or at once where no service manager waits; the bytes that
  // it points to are held until then.
  void libraries.lasting(calls.dispatch, table).then(() => [table, name]);
  return service;
}

interface ServiceParts {
  readonly news: WindowsNews;
  readonly setStatus: (...given: unknown[]) => unknown;
  readonly event: WriteEvent;
  readonly timer: () => Promise<ExitTimer>;
}

/** What the service manager knows of us, and what we know of it. */
class WindowsService implements Keeper {
  readonly watchdogMs = WATCHDOG_MS;
  readonly stopAsked: Promise<void>;
  readonly #parts: ServiceParts;
  /** Missing until the manager called, which it never does for a process that a person started. */
  #handle: unknown;
  #timer: ExitTimer | undefined;
  #resolveStop: (() => void) | undefined;
  #state: keyof typeof states = 'startPending';
  #end: ServiceEnd | undefined;
  #checkpoint = 0;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.stopAsked = new Promise((resolve) => {
      this.#resolveStop = resolve;
    });
  }

  /** The manager has called; it is told how far we have come meanwhile. */
  begin(handle: unknown): void {
    if (handle === null) return;
    this.#handle = handle;
    this.#tell();
    if (this.#state === 'running') this.#started();
  }

  control(control: number, type: number): number {
    switch (control) {
      case controls.stop:
      case controls.shutdown:
      case controls.preshutdown:
        this.#resolveStop?.();
        this.stopping();
        return NO_ERROR;
      case controls.power:
        if (type === SUSPEND) {
          this.#timer?.moveAway();
          this.#parts.news.sleeps();
        } else if (type === RESUME) this.#timer?.moveOn();
        return NO_ERROR;
      case controls.interrogate:
        return NO_ERROR;
      default:
        return CALL_NOT_IMPLEMENTED;
    }
  }

  ready(): void {
    if (this.#state !== 'startPending') return;
    this.#state = 'running';
    if (this.#handle === undefined) return;
    this.#tell();
    this.#started();
  }

  alive(): void {
    this.#timer?.moveOn();
  }

  say(): void {
    // The service manager has no place for words; the status file has them.
  }

  stopping(): void {
    if (this.#state === 'stopPending' || this.#state === 'stopped') return;
    this.#state = 'stopPending';
    this.#tell();
  }

  ended(how: ServiceEnd): void {
    const wasUp = this.#state === 'running' || this.#state === 'stopPending';
    this.#end = how;
    this.#state = 'stopped';
    this.#timer?.moveAway();
    if (this.#handle === undefined) return;
    if (how.kind !== 'failed')
      this.#parts.event('stopped', 'ППЭ·Пульс: служба остановлена / stopped');
    else {
      const kind = wasUp ? 'failed' : 'cannotStart';
      this.#parts.event(kind, `ППЭ·Пульс: ${how.reason} (${how.exitCode})`);
    }
    this.#tell();
  }

  #started(): void {
    this.#parts.event('started', 'ППЭ·Пульс: служба работает / started');
    void this.#parts.timer().then((timer) => {
      this.#timer = timer;
      // It may have been asked to stop meanwhile.
      if (this.#state !== 'running') timer.moveAway();
    });
  }

  #tell(): void {
    if (this.#handle === undefined) return;
    const isPending = this.#state === 'startPending' || this.#state === 'stopPending';
    this.#checkpoint = isPending ? this.#checkpoint + 1 : 0;
    const failed = exitCodeOf(this.#end);
    const hintMs = this.#state === 'startPending' ? START_HINT_MS : STOP_HINT_MS;
    const status = Buffer.alloc(STATUS_BYTES);
    [
      OWN_PROCESS,
      states[this.#state],
      this.#state === 'running' ? ACCEPTED : 0,
      failed === 0 ? NO_ERROR : SERVICE_SPECIFIC,
      failed,
      this.#checkpoint,
      isPending ? hintMs : 0,
    ].forEach((value, at) => status.writeUInt32LE(value, at * 4));
    if (!isTrue(this.#parts.setStatus(this.#handle, status)))
      throw new Error('SetServiceStatus failed');
  }
}

function exitCodeOf(end: ServiceEnd | undefined): number {
  if (end?.kind === 'failed') return end.exitCode;
  return end?.kind === 'again' ? AGAIN : 0;
}
