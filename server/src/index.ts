export * from './collector.ts';
export * from './config.ts';
export * from './config-error.ts';
export * from './log.ts';
