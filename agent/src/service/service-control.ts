/** What is installed as the service: exact paths, which may have spaces and letters of any language. */
export interface ServiceSpec {
  readonly runtime: string;
  /** Of the runtime, before the script. */
  readonly flags: readonly string[];
  readonly script: string;
  readonly config: string;
  readonly dataDir: string;
}

/** How the service stands. */
export interface ServiceStatus {
  readonly installed: boolean;
  readonly state: 'absent' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed';
  readonly startsAtBoot: boolean;
  readonly pid: number | null;
  /** The command line as the service manager keeps it. */
  readonly command: string | null;
}

export const absentService: ServiceStatus = {
  installed: false,
  state: 'absent',
  startsAtBoot: false,
  pid: null,
  command: null,
};

/** Why the service manager did not do what it was asked. */
export type ServiceFaultKind =
  /** This machine has none: no systemd runs here, no service manager answers. */
  | 'noManager'
  /** Only an administrator may. */
  | 'denied'
  | 'notInstalled'
  /** It was begun and did not end in time. */
  | 'timeout'
  /** It belongs to a package of the system, which removes it itself. */
  | 'packaged'
  | 'refused';

/** The service manager did not do what it was asked. */
export class ServiceFault extends Error {
  readonly kind: ServiceFaultKind;

  constructor(kind: ServiceFaultKind, detail = '') {
    super(detail);
    this.name = 'ServiceFault';
    this.kind = kind;
  }
}

/** The service manager of this system. Everything throws a `ServiceFault` where it cannot be done. */
export interface ServiceControl {
  /** Also of a service that is there already: it then has these paths and settings. */
  install(spec: ServiceSpec): Promise<void>;
  /** Stops it and takes it away; nothing to do where there is none. */
  uninstall(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  status(): Promise<ServiceStatus>;
}

/**
 * V8's flags of a service: memory stays flat and small, and no memory is both written and executed.
 * The agent uses nothing that they take away (WebAssembly).
 */
export const SERVICE_FLAGS = [
  '--jitless',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--max-old-space-size=48',
] as const;
/** Without it SIGUSR1, and its like on Windows, opens Node's debugger to every program of this PC. */
const NO_DEBUGGER = '--disable-sigusr1';

/** The flags of a service for a runtime that knows these: Node 20 ends at one that it does not know. */
export function serviceFlags(known: ReadonlySet<string>): readonly string[] {
  return known.has(NO_DEBUGGER) ? [...SERVICE_FLAGS, NO_DEBUGGER] : SERVICE_FLAGS;
}
