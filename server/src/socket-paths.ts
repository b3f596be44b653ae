import type { IncomingHttpHeaders } from 'node:http';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  closeCodes,
  limits,
} from '@ppe-pulse/protocol';
import { SESSION_COOKIE, SLIDE_EVERY_MS, type Access } from './access/access.ts';
import { cookieOf } from './access/cookie.ts';
import { isSameOrigin } from './access/origin.ts';
import type { Clock } from './clock.ts';
import type { SocketPath, TextSocket } from './sockets.ts';

/** The sockets of a collector, and who may open them. */
export function socketPaths(access: Access, clock: Clock): SocketPath[] {
  return [
    {
      path: AGENT_PATH,
      subprotocol: AGENT_SUBPROTOCOL,
      door: 'agent',
      maxFrameBytes: limits.agentFrameBytes,
      maxBufferedBytes: limits.agentBufferBytes,
      // Agents prove themselves inside the socket, by their keys.
      isProvenAtUpgrade: false,
      refuse: () => undefined,
    },
    {
      path: LIVE_PATH,
      subprotocol: LIVE_SUBPROTOCOL,
      door: 'board',
      maxFrameBytes: limits.boardFrameBytes,
      maxBufferedBytes: limits.boardBufferBytes,
      isProvenAtUpgrade: true,
      refuse: ({ headers }) => {
        if (access.byBearer(headers.authorization)) return undefined;
        const token = cookieOf(headers.cookie, SESSION_COOKIE);
        const known = isSameOrigin(headers) && access.bySession(token, clock.wallMs());
        return known ? undefined : { status: 401 };
      },
      opened: ({ headers }, socket) => holdSession(access, clock, { headers, socket }),
    },
  ];
}

/** A board that looks on keeps its session alive; a session that somebody ends takes its boards along. */
function holdSession(
  access: Access,
  clock: Clock,
  board: { readonly headers: IncomingHttpHeaders; readonly socket: TextSocket },
): void {
  const { headers, socket } = board;
  const token = cookieOf(headers.cookie, SESSION_COOKIE);
  if (token === undefined || !access.bySession(token, clock.wallMs())) return;
  const { code, reason } = closeCodes.notAuthenticated;
  const release = access.hold(token, () => socket.close(code, reason));
  const slide = setInterval(() => access.bySession(token, clock.wallMs()), SLIDE_EVERY_MS);
  slide.unref();
  socket.onClose(() => {
    clearInterval(slide);
    release();
  });
}
