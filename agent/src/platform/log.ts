import { writeSync } from 'node:fs';

/** From quiet to loud, as pino numbers them: readers of logs know these. */
const levels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 } as const;
type Level = keyof typeof levels;

/** Writes one line: with what it is about, or without. */
type Say = (about: object | string, message?: string) => void;

export type Log = Readonly<Record<Level, Say>>;

/** Takes the lines of a log, each whole and with its end. */
export interface LogSink {
  write(line: string): void;
}

/**
 * JSON lines on stderr or in `sink`, synchronous so that the last line before a crash is there. `level`
 * is the least that is written, or `silent`. A library for it was 13 kB of every update.
 */
export function createLog(level: string, sink: LogSink = stderrSink()): Log {
  const least = isLevel(level) ? levels[level] : Number.POSITIVE_INFINITY;
  const say = (name: Level): Say => {
    const number = levels[name];
    if (number < least) return () => undefined;
    return (about, message) => sink.write(lineOf(number, about, message));
  };
  return {
    trace: say('trace'),
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
  };
}

function isLevel(level: string): level is Level {
  return Object.hasOwn(levels, level);
}

function lineOf(level: number, about: object | string, message: string | undefined): string {
  const head = { level, time: Date.now(), pid: process.pid };
  const body = typeof about === 'string' ? { msg: about } : { ...about, msg: message };
  return `${JSON.stringify({ ...head, ...body })}\n`;
}

/** A reader that is slow is waited for: this often, this long. */
const TRIES = 20;
const PAUSE_MS = 50;

/** Writes to stderr. A line that nobody takes, since its reader is gone or stands still, is lost. */
function stderrSink(): LogSink {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return {
    write(line) {
      let left = Buffer.from(line);
      for (let tries = 0; left.length > 0 && tries < TRIES; tries += 1) {
        try {
          left = left.subarray(writeSync(2, left));
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
          Atomics.wait(pause, 0, 0, PAUSE_MS);
        }
      }
    },
  };
}
