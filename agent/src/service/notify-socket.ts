import { writeSync } from 'node:fs';
import { NativeLibraries } from '../child/native-libraries.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Sends one datagram to systemd; false when it was not taken. It never waits. */
export type Notify = (text: string) => boolean;

const AF_UNIX = 1;
/** SOCK_DGRAM, SOCK_CLOEXEC and SOCK_NONBLOCK of Linux. */
const SOCKET_TYPE = 2 | 0o2_000_000 | 0o4_000;
/** MSG_NOSIGNAL. */
const NO_SIGNAL = 0x4000;
/** `sockaddr_un`: a family of two bytes, a path that ends in zero. */
const PATH_OFFSET = 2;
const PATH_BYTES = 108;
/** The first descriptor that systemd hands over (sd_listen_fds(3)). */
const FIRST_FD = 3;
/** The name that the unit gives to the socket in `OpenFile=`. */
const FD_NAME = 'notify';

const prototypes = {
  socket: 'int socket(int domain, int type, int protocol)',
  send: 'int64 sendto(int fd, void *bytes, size_t count, int flags, void *address, uint32 length)',
};

/**
 * The way to the systemd that started this process (sd_notify(3)); undefined for every other start.
 * Node has no datagrams of AF_UNIX: a descriptor of `OpenFile=` (systemd 253) is written to, and where
 * there is none libc is called, which also `--jitless` and MemoryDenyWriteExecute allow.
 */
export async function openNotify(env: Environment, pid: number): Promise<Notify | undefined> {
  const opened = handedOver(env, pid);
  if (opened !== undefined) return (text) => isWritten(() => writeSync(opened, text));
  const address = socketAddress(env.NOTIFY_SOCKET ?? '');
  if (!address) return undefined;
  const libraries = new NativeLibraries();
  const calls = await libraries.bind('libc.so.6', prototypes);
  const fd = Number(calls.socket(AF_UNIX, SOCKET_TYPE, 0));
  if (fd < 0) throw new Error(`socket failed (${libraries.lastError()})`);
  return (text) => {
    const bytes = Buffer.from(text);
    const sent = calls.send(fd, bytes, bytes.length, NO_SIGNAL, address, address.length);
    return Number(sent) === bytes.length;
  };
}

/** The descriptor of that name which systemd opened for this very process. */
export function handedOver(env: Environment, pid: number): number | undefined {
  if (env.LISTEN_PID !== String(pid)) return undefined;
  const at = (env.LISTEN_FDNAMES ?? '').split(':').indexOf(FD_NAME);
  return at < 0 ? undefined : FIRST_FD + at;
}

/** `sockaddr_un` of a path or, with `@`, of an abstract name; undefined for anything else. */
export function socketAddress(path: string): Buffer | undefined {
  if (!/^[/@]./.test(path) || Buffer.byteLength(path) >= PATH_BYTES) return undefined;
  const isAbstract = path.startsWith('@');
  const name = isAbstract ? `\0${path.slice(1)}` : `${path}\0`;
  const address = Buffer.alloc(PATH_OFFSET + Buffer.byteLength(name));
  address.writeUInt16LE(AF_UNIX);
  address.write(name, PATH_OFFSET);
  return address;
}

/**
 * How long systemd lets this process be silent (sd_watchdog_enabled(3)), ms; undefined where it does
 * not watch, or watches another process.
 */
export function watchdogOf(env: Environment, pid: number): number | undefined {
  if (env.WATCHDOG_PID !== undefined && env.WATCHDOG_PID !== String(pid)) return undefined;
  const ms = Number(env.WATCHDOG_USEC ?? 0) / 1_000;
  return Number.isFinite(ms) && ms >= 1 ? ms : undefined;
}

function isWritten(write: () => unknown): boolean {
  try {
    write();
    return true;
  } catch {
    // A full queue of systemd, or one that is gone: the next word comes by itself.
    return false;
  }
}
