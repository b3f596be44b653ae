import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Takes the lines of a log, each whole and with its end. */
export type LogSink = DestinationStream;

/** JSON lines on stderr or in `sink`, synchronous so that the last line before a crash is there. */
export function createLog(level: string, sink?: LogSink): Log {
  const options = { level, base: { pid: process.pid } };
  return pino(options, sink ?? pino.destination({ dest: 2, sync: true }));
}
