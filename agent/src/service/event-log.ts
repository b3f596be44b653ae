import { type NativeLibraries } from '../child/native-libraries.ts';

/**
 * The event log of Windows (advapi32.dll): what an administrator looks into when a service does not
 * run. Tried under wine, which takes entries and shows none; unverified on Windows.
 */

/** Name of the source; the registry key that explains it is made by `service install`. */
export const EVENT_SOURCE = 'PpePulseAgent';
/** EVENTLOG_ERROR_TYPE, EVENTLOG_INFORMATION_TYPE. */
const ERROR = 1;
const INFORMATION = 4;
/** An entry has 31,839 characters at most; ours are a sentence. */
const MAX_CHARACTERS = 2_000;

/** What is told, by the number that administrators filter by. */
const events = {
  started: { id: 1, type: INFORMATION },
  stopped: { id: 2, type: INFORMATION },
  cannotStart: { id: 3, type: ERROR },
  failed: { id: 4, type: ERROR },
} as const;

const prototypes = {
  register: 'void *__stdcall RegisterEventSourceW(str16 server, str16 source)',
  report:
    'int32 __stdcall ReportEventW(void *log, uint16 type, uint16 category, uint32 id, void *user, uint16 strings, uint32 bytes, void *texts, void *data)',
};

/** Writes one entry; a log that is full or closed to the account is no reason to stop. */
export type WriteEvent = (event: keyof typeof events, text: string) => boolean;

/** Opens the log. */
export async function openEventLog(libraries: NativeLibraries): Promise<WriteEvent> {
  const calls = await libraries.bind('advapi32.dll', prototypes);
  const addressOf = await libraries.addresses();
  const log = calls.register(null, EVENT_SOURCE);
  return (event, text) => {
    if (log === null) return false;
    const { id, type } = events[event];
    const words = Buffer.from(`${text.slice(0, MAX_CHARACTERS)}\0`, 'utf16le');
    const texts = Buffer.alloc(8);
    texts.writeBigUInt64LE(addressOf(words));
    return Number(calls.report(log, type, 0, id, null, 1, 0, texts, null)) !== 0;
  };
}
