/** What `npm run up` does with a plan. Plain Node without packages, as `up.mjs` itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Before the first stage of the day: cameras are due at 08:00. */
const START = '06:30';
const TIME_ZONE = 'Asia/Novokuznetsk';
/** A day in a quarter of an hour. */
const SPEED = 60;
const SPEEDS = [0.1, 3_600];
/** Heartbeats of a fast day come closer together: silence is told within six of them. */
const INTERVAL_MS = 2_000;

/**
 * How a plan is played, undefined when it is lived: with `--simulate`, `--speed` or `--start` its day
 * is played from the start on. Throws an Error for a person.
 */
export function playOf({ plan, simulate, speed, start }) {
  if (plan === undefined) {
    if (speed !== undefined || start !== undefined)
      throw new Error('--speed and --start play the day of a plan: name it with --plan FILE');
    return undefined;
  }
  if (simulate === undefined && speed === undefined && start === undefined) return undefined;
  return { startAt: startOf(plan, start ?? START), speed: speedOf(speed) };
}

/** Flags and environment of a collector that plays a day. */
export function playingCollector(play) {
  if (!play) return { flags: [], env: {} };
  return {
    flags: ['--rehearsal-start', play.startAt, '--rehearsal-speed', String(play.speed)],
    env:
      play.speed > 1 && process.env.PPE_PULSE_AGENTS_INTERVAL_MS === undefined
        ? { PPE_PULSE_AGENTS_INTERVAL_MS: String(INTERVAL_MS) }
        : {},
  };
}

/** Brings a plan to a running collector. Throws an Error for a person. */
export function importPlan({ script, collectorDir, plan }) {
  const args = [script, 'plan', 'import', plan, '--data', collectorDir];
  const told = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (told.status !== 0) throw new Error((told.stderr || told.stdout).trim());
}

/**
 * A played day starts anew: what was claimed and measured in the last one would be there already. Not
 * while a collector runs on it, which says so itself.
 */
export function forgetPlayedDay(collectorDir) {
  const pidFile = join(collectorDir, 'collector.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  if (pid > 0 && isAlive(pid)) return;
  rmSync(collectorDir, { recursive: true, force: true });
  mkdirSync(collectorDir, { recursive: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `HH:MM` is of the plan's own day and zone. */
function startOf(plan, start) {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(start)) return start;
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(start))
    throw new Error(
      '--start needs a local time such as 06:30, or one such as 2024-05-15T06:30+07:00',
    );
  const text = readPlan(plan);
  const date = valueOf(text, 'date');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date ?? ''))
    throw new Error(`${plan}: there is no "date: YYYY-MM-DD" in it, --start needs one`);
  return `${date}T${start}${offsetOf(valueOf(text, 'timeZone') ?? TIME_ZONE, date)}`;
}

function readPlan(plan) {
  try {
    return readFileSync(plan, 'utf8');
  } catch (error) {
    throw new Error(`--plan ${plan}: cannot be read (${error.code ?? error.message})`, {
      cause: error,
    });
  }
}

/** A key at the margin of a YAML text; the collector reads the whole of it later, and judges it. */
function valueOf(text, key) {
  return new RegExp(`^${key}:\\s*['"]?([^\\s'"#]+)`, 'm').exec(text)?.[1];
}

function offsetOf(timeZone, date) {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(Date.parse(`${date}T12:00Z`))
    .find(({ type }) => type === 'timeZoneName');
  return parts.value.replace('GMT', '') || '+00:00';
}

function speedOf(speed) {
  if (speed === undefined) return SPEED;
  const value = Number(speed);
  if (value >= SPEEDS[0] && value <= SPEEDS[1]) return value;
  throw new Error(`--speed needs a number from ${SPEEDS[0]} to ${SPEEDS[1]}`);
}
