/**
 * Loaded before a program (`--import`), makes its time run faster: clocks and timers alike, so that a
 * day passes in a quarter of an hour. Programs that speak with each other need the same factor.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const factor = Number(process.env.PPE_PULSE_BENCH_FASTER ?? 1);
const load = createRequire(import.meta.url);
const { now } = Date;
const startedMs = now();
const fastNow = () => Math.floor(startedMs + (now() - startedMs) * factor);

const clock = performance.now.bind(performance);
performance.now = () => clock() * factor;
globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(fastNow());
    else super(...given);
  }
  static now() {
    return fastNow();
  }
};

for (const name of ['setTimeout', 'setInterval']) {
  const slow = globalThis[name];
  const fast = (work, afterMs = 0, ...more) => slow(work, afterMs / factor, ...more);
  globalThis[name] = Object.assign(fast, slow);
}
const abort = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => abort(Math.ceil(ms / factor));
const promises = load('node:timers/promises');
const pause = promises.setTimeout;
promises.setTimeout = (ms, ...more) => pause(ms / factor, ...more);
const os = load('node:os');
const { uptime } = os;
const upAtStart = uptime();
os.uptime = () => upAtStart + (uptime() - upAtStart) * factor;
syncBuiltinESMExports();
