export * from './agent.ts';
export * from './config.ts';
export * from './config-error.ts';
export * from './journal/journal.ts';
export * from './link/link-machine.ts';
export * from './platform/log.ts';
