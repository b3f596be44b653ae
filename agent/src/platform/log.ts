import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on stderr, synchronous so that the last line before a crash is there. */
export function createLog(level: string): Log {
  return pino({ level, base: { pid: process.pid } }, pino.destination({ dest: 2, sync: true }));
}
