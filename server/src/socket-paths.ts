import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  limits,
} from '@ppe-pulse/protocol';
import { SESSION_COOKIE, type Access } from './access/access.ts';
import { cookieOf } from './access/cookie.ts';
import { isSameOrigin } from './access/origin.ts';
import type { Clock } from './clock.ts';
import type { SocketPath } from './sockets.ts';

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
    },
  ];
}
