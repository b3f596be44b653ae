import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { NativeLibraries } from '../../agent/src/child/native-libraries.ts';
import { socketAddress } from '../../agent/src/service/notify-socket.ts';
import { tempDir } from './temp-dir.ts';

const AF_UNIX = 1;
/** SOCK_DGRAM, SOCK_CLOEXEC and SOCK_NONBLOCK of Linux. */
const SOCKET_TYPE = 2 | 0o2_000_000 | 0o4_000;
const LOOK_MS = 20;

/** What systemd's end of `NOTIFY_SOCKET` hears: a real datagram socket in the file system. */
export interface NotifyReceiver {
  readonly path: string;
  /** Every line that came, in order. */
  readonly lines: () => readonly string[];
  /** How many of a line have come. */
  count(line: string): number;
}

const prototypes = {
  socket: 'int socket(int domain, int type, int protocol)',
  bind: 'int bind(int fd, void *address, uint32 length)',
  receive: 'int64 recv(int fd, void *bytes, size_t count, int flags)',
  close: 'int close(int fd)',
};

/** Binds the socket; it is gone with the test. */
export async function receiveNotify(path = join(tempDir(), 'notify')): Promise<NotifyReceiver> {
  const libc = await new NativeLibraries().bind('libc.so.6', prototypes);
  const address = socketAddress(path);
  const fd = Number(libc.socket(AF_UNIX, SOCKET_TYPE, 0));
  if (!address || fd < 0 || Number(libc.bind(fd, address, address.length)) !== 0)
    throw new Error(`${path} cannot be bound`);
  const heard: string[] = [];
  const bytes = Buffer.alloc(4_096);
  const look = (): void => {
    for (;;) {
      const count = Number(libc.receive(fd, bytes, bytes.length, 0));
      if (count < 0) return;
      heard.push(...bytes.toString('utf8', 0, count).split('\n'));
    }
  };
  const timer = setInterval(look, LOOK_MS);
  onTestFinished(() => {
    clearInterval(timer);
    libc.close(fd);
  });
  return {
    path,
    lines: () => heard,
    count: (line) => heard.filter((each) => each === line).length,
  };
}
