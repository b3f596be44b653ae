import { setTimeout as pause } from 'node:timers/promises';
import { isTrue, type NativeLibraries } from '../child/native-libraries.ts';
import { registerEventSource, removeEventSource } from './event-source.ts';
import {
  absentService,
  ServiceFault,
  type ServiceControl,
  type ServiceSpec,
  type ServiceStatus,
} from './service-control.ts';
import { actionsOfFailure, boolean, pointerTo } from './service-structures.ts';
import { SERVICE_NAME } from './windows-keeper.ts';

/**
 * The service manager of Windows (advapi32.dll), for commands of an administrator. Tried under wine;
 * unverified on Windows: failure actions, the account.
 */

const DISPLAY_NAME = 'ППЭ·Пульс агент';
const DESCRIPTION =
  'Следит за готовностью этого компьютера ППЭ и сообщает о ней в ситуационный центр. PPE-Pulse agent.';
/** It may read devices and open sockets, and nothing else of this PC is its own. */
const ACCOUNT = 'NT AUTHORITY\\LocalService';
/** SC_MANAGER_ALL_ACCESS, SC_MANAGER_CONNECT, SERVICE_ALL_ACCESS. */
const MANAGER_ALL = 0xf_003f;
const CONNECT = 0x1;
const SERVICE_ALL = 0xf_01ff;
/** SERVICE_QUERY_CONFIG and SERVICE_QUERY_STATUS. */
const QUERY = 0x1 | 0x4;
/** SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL. */
const KIND = [0x10, 2, 1] as const;
const CONTROL_STOP = 1;
const configs = { description: 1, failureActions: 2, delayedStart: 3, failureFlag: 4 } as const;
const STATUS = { bytes: 36, state: 4, pid: 28 } as const;
const CONFIG = { bytes: 8_192, startType: 4, binary: 16 } as const;
const AUTO_START = 2;
const errors = {
  accessDenied: 5,
  invalidLevel: 124,
  noManager: 1_722,
  alreadyRunning: 1_056,
  notRunning: 1_062,
  doesNotExist: 1_060,
  exists: 1_073,
} as const;
const states: Readonly<Record<number, ServiceStatus['state']>> = {
  1: 'stopped',
  2: 'starting',
  3: 'stopping',
  4: 'running',
};
const WAIT_MS = 15_000;
const LOOK_MS = 100;

const prototypes = {
  openManager: 'void *__stdcall OpenSCManagerW(str16 machine, str16 database, uint32 access)',
  open: 'void *__stdcall OpenServiceW(void *manager, str16 name, uint32 access)',
  create:
    'void *__stdcall CreateServiceW(void *manager, str16 name, str16 display, uint32 access, uint32 type, uint32 start, uint32 error, str16 binary, str16 group, void *tag, void *dependencies, str16 account, str16 password)',
  change:
    'int32 __stdcall ChangeServiceConfigW(void *service, uint32 type, uint32 start, uint32 error, str16 binary, str16 group, void *tag, void *dependencies, str16 account, str16 password, str16 display)',
  change2: 'int32 __stdcall ChangeServiceConfig2W(void *service, uint32 level, void *info)',
  start: 'int32 __stdcall StartServiceW(void *service, uint32 count, void *arguments)',
  control: 'int32 __stdcall ControlService(void *service, uint32 control, void *status)',
  remove: 'int32 __stdcall DeleteService(void *service)',
  status:
    'int32 __stdcall QueryServiceStatusEx(void *service, uint32 level, void *status, uint32 bytes, void *needed)',
  config:
    'int32 __stdcall QueryServiceConfigW(void *service, void *config, uint32 bytes, void *needed)',
  close: 'int32 __stdcall CloseServiceHandle(void *handle)',
};
type Calls = Record<keyof typeof prototypes, (...given: unknown[]) => unknown>;

/** The whole command line, each path in quotes: Windows splits it as it splits a typed one. */
export function binaryPathOf({ runtime, flags, script, config }: ServiceSpec): string {
  const quoted = (path: string): string => `"${path}"`;
  return [
    quoted(runtime),
    ...flags,
    quoted(script),
    'run',
    '--service',
    '--config',
    quoted(config),
  ].join(' ');
}

/** The service manager of this PC. */
export async function windowsServices(libraries: NativeLibraries): Promise<ServiceControl> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  return new WindowsServices(calls, libraries);
}

class WindowsServices implements ServiceControl {
  readonly #calls: Calls;
  readonly #libraries: NativeLibraries;

  constructor(calls: Calls, libraries: NativeLibraries) {
    this.#calls = calls;
    this.#libraries = libraries;
  }

  async install(spec: ServiceSpec): Promise<void> {
    const binary = binaryPathOf(spec);
    await this.#inManager(MANAGER_ALL, async (manager) => {
      const texts = [binary, null, null, null, ACCOUNT, ''] as const;
      let service = this.#calls.create(
        manager,
        SERVICE_NAME,
        DISPLAY_NAME,
        SERVICE_ALL,
        ...KIND,
        ...texts,
      );
      if (service === null) {
        if (this.#libraries.lastError() !== errors.exists) throw this.#fault('CreateService');
        service = this.#open(manager, SERVICE_ALL);
        if (!isTrue(this.#calls.change(service, ...KIND, ...texts, DISPLAY_NAME)))
          throw this.#fault('ChangeServiceConfig');
      }
      try {
        await this.#describe(service);
      } finally {
        this.#calls.close(service);
      }
    });
    await registerEventSource(this.#libraries);
  }

  async uninstall(): Promise<void> {
    await this.#inManager(MANAGER_ALL, async (manager) => {
      const service = this.#find(manager, SERVICE_ALL);
      if (service === undefined) return;
      try {
        await this.#stop(service).catch((error: unknown) => {
          // One that does not stop is taken away with its process: at the latest when the PC starts.
          if (!(error instanceof ServiceFault && error.kind === 'timeout')) throw error;
        });
        if (!isTrue(this.#calls.remove(service))) throw this.#fault('DeleteService');
      } finally {
        this.#calls.close(service);
      }
    });
    await removeEventSource(this.#libraries);
  }

  async start(): Promise<void> {
    await this.#inService(async (service) => {
      if (
        !isTrue(this.#calls.start(service, 0, null)) &&
        this.#libraries.lastError() !== errors.alreadyRunning
      )
        throw this.#fault('StartService');
      await this.#until(service, (state) => state === 'running' || state === 'stopped');
      if ((await this.#statusOf(service)).state !== 'running')
        throw new ServiceFault('refused', 'see the event log (Application, PpePulseAgent)');
    });
  }

  async stop(): Promise<void> {
    await this.#inService((service) => this.#stop(service));
  }

  async status(): Promise<ServiceStatus> {
    return this.#inManager(CONNECT, async (manager) => {
      const service = this.#find(manager, QUERY);
      if (service === undefined) return absentService;
      try {
        return await this.#statusOf(service);
      } finally {
        this.#calls.close(service);
      }
    });
  }

  /** What CreateService has no words for. */
  async #describe(service: unknown): Promise<void> {
    const addressOf = await this.#libraries.addresses();
    const description = pointerTo(DESCRIPTION, addressOf);
    const actions = actionsOfFailure(addressOf);
    const settings = [
      [configs.description, description.structure],
      [configs.failureActions, actions.structure],
      // Also after an exit code: a service that says «stopped» and why is started again, too.
      [configs.failureFlag, boolean(true)],
      [configs.delayedStart, boolean(false)],
    ] as const;
    for (const [level, info] of settings)
      if (
        !isTrue(this.#calls.change2(service, level, info)) &&
        // wine does not know every one of them; each Windows that Node 24 runs on does.
        this.#libraries.lastError() !== errors.invalidLevel
      )
        throw this.#fault(`ChangeServiceConfig2 ${level}`);
  }

  async #stop(service: unknown): Promise<void> {
    const told = this.#calls.control(service, CONTROL_STOP, Buffer.alloc(STATUS.bytes));
    if (!isTrue(told) && this.#libraries.lastError() === errors.accessDenied)
      throw this.#fault('ControlService');
    // Every other refusal says that it is on its way down, or there already.
    await this.#until(service, (state) => state === 'stopped');
  }

  async #until(
    service: unknown,
    isReached: (state: ServiceStatus['state']) => boolean,
  ): Promise<void> {
    for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += LOOK_MS) {
      if (isReached((await this.#statusOf(service)).state)) return;
      await pause(LOOK_MS);
    }
    throw new ServiceFault('timeout', `${WAIT_MS / 1_000} s`);
  }

  async #statusOf(service: unknown): Promise<ServiceStatus> {
    const status = Buffer.alloc(STATUS.bytes);
    const config = Buffer.alloc(CONFIG.bytes);
    const needed = Buffer.alloc(4);
    if (
      !isTrue(this.#calls.status(service, 0, status, status.length, needed)) ||
      !isTrue(this.#calls.config(service, config, config.length, needed))
    )
      throw this.#fault('QueryService');
    const pid = status.readUInt32LE(STATUS.pid);
    return {
      installed: true,
      state: states[status.readUInt32LE(STATUS.state)] ?? 'stopped',
      startsAtBoot: config.readUInt32LE(CONFIG.startType) === AUTO_START,
      pid: pid === 0 ? null : pid,
      command: await this.#libraries.text(config, CONFIG.binary),
    };
  }

  async #inService(work: (service: unknown) => Promise<void>): Promise<void> {
    await this.#inManager(MANAGER_ALL, async (manager) => {
      const service = this.#open(manager, SERVICE_ALL);
      try {
        await work(service);
      } finally {
        this.#calls.close(service);
      }
    });
  }

  async #inManager<T>(access: number, work: (manager: unknown) => Promise<T>): Promise<T> {
    const manager = this.#calls.openManager(null, null, access);
    if (manager === null) throw this.#fault('OpenSCManager');
    try {
      return await work(manager);
    } finally {
      this.#calls.close(manager);
    }
  }

  #find(manager: unknown, access: number): unknown {
    const service = this.#calls.open(manager, SERVICE_NAME, access);
    if (service !== null) return service;
    if (this.#libraries.lastError() === errors.doesNotExist) return undefined;
    throw this.#fault('OpenService');
  }

  #open(manager: unknown, access: number): unknown {
    const service = this.#find(manager, access);
    if (service === undefined) throw new ServiceFault('notInstalled');
    return service;
  }

  #fault(what: string): ServiceFault {
    const code = this.#libraries.lastError();
    if (code === errors.accessDenied) return new ServiceFault('denied');
    if (code === errors.noManager) return new ServiceFault('noManager');
    return new ServiceFault('refused', `${what} failed (${code})`);
  }
}
