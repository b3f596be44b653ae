import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Takes a line, and where it goes is its own. */
interface LogSink {
  write(line: string): void;
}

/**
 * JSON lines on stderr, synchronous so that the last line before a crash is there. stdout belongs
 * to the answers of commands.
 */
export function createLog(level: string, sink: LogSink = standardError()): Log {
  return pino({ level, base: { pid: process.pid } }, sink);
}

function standardError(): LogSink {
  return pino.destination({ dest: 2, sync: true });
}
