/** A service as the service manager tells of it: Microsoft's documented numbers. */
export interface ServiceReading {
  /** SERVICE_STATUS.dwCurrentState. */
  readonly state: number;
  /** QUERY_SERVICE_CONFIG.dwStartType. */
  readonly startType: number;
}

/** `onDemand`: it does not run and starts when a program needs it, which is no fault. */
export type ServiceState = 'running' | 'onDemand' | 'down';

/** SERVICE_RUNNING, and the two states that lead there: START_PENDING and CONTINUE_PENDING. */
const RUNNING: ReadonlySet<number> = new Set([4, 2, 5]);
/** SERVICE_STOPPED and STOP_PENDING. */
const STOPPED: ReadonlySet<number> = new Set([1, 3]);
/** SERVICE_DEMAND_START. */
const DEMAND_START = 3;

/** What its numbers mean; a service that is not installed is down. */
export function serviceState(reading: ServiceReading | undefined): ServiceState {
  if (!reading) return 'down';
  if (RUNNING.has(reading.state)) return 'running';
  const isOnDemand = STOPPED.has(reading.state) && reading.startType === DEMAND_START;
  return isOnDemand ? 'onDemand' : 'down';
}
