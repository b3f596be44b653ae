/**
 * What a thread needs that only keeps metrics: the whole of the protocol has schemas, and two hundred
 * files more to read at each start of a store.
 */
export * from './checks/devices.ts';
export * from './checks/metrics.ts';
export * from './placement.ts';
export * from './truth.ts';
