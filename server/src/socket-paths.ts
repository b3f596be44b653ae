import type { IncomingMessage } from 'node:http';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  closeCodes,
  limits,
} from '@ppe-pulse/protocol';
import type { Access } from './access/access.ts';
import { sessionTokenOf } from './access/cookie.ts';
import { isSameOrigin } from './access/origin.ts';
import type { Principal } from './access/principal.ts';
import { totpState } from './access/totp-state.ts';
import { permissionOf } from './api/permissions.ts';
import type { Clock } from './clock.ts';
import type { BoardScopes } from './live/board-scopes.ts';
import type { SocketPath, TextSocket } from './sockets.ts';

/** What the doors of sockets are judged by. */
export interface SocketPathParts {
  readonly access: Access;
  readonly clock: Clock;
  readonly boards: Pick<BoardScopes, 'admit'>;
}

/** A board that looks on is asked for its session this often, and at its end. */
const LOOK_EVERY_MS = 60_000;

/** The sockets of a collector, and who may open them: each has its row in `permissions.ts`. */
export function socketPaths(parts: SocketPathParts): SocketPath[] {
  return [
    {
      path: AGENT_PATH,
      subprotocol: AGENT_SUBPROTOCOL,
      door: 'agent',
      maxFrameBytes: limits.agentFrameBytes,
      maxBufferedBytes: limits.agentBufferBytes,
      // Agents prove themselves inside the socket, by their keys.
      isProvenAtUpgrade: permissionOf('WS', AGENT_PATH) !== 'agent',
      refuse: () => undefined,
    },
    {
      path: LIVE_PATH,
      subprotocol: LIVE_SUBPROTOCOL,
      door: 'board',
      maxFrameBytes: limits.boardFrameBytes,
      maxBufferedBytes: limits.boardBufferBytes,
      isProvenAtUpgrade: true,
      refuse: (request) => (principalOf(request, parts) ? undefined : { status: 401 }),
      opened: (request, socket) => {
        const principal = principalOf(request, parts);
        if (principal) parts.boards.admit(socket, principal);
        holdSession(request, socket, parts);
      },
    },
  ];
}

/** Who opens a board's socket; undefined for nobody who may. */
function principalOf(
  request: IncomingMessage,
  { access, clock }: SocketPathParts,
): Principal | undefined {
  const permission = permissionOf('WS', LIVE_PATH);
  if (typeof permission === 'string') return undefined;
  const isAllowed = ({ role }: Principal): boolean => permission.grants[role] !== 'no';
  const byBearer = access.byBearer(request.headers.authorization);
  if (byBearer) return isAllowed(byBearer) ? byBearer : undefined;
  if (!isSameOrigin(request.headers)) return undefined;
  const session = access.bySession(sessionTokenOf(request), clock.wallMs());
  if (!session || session.mustSetPassword || !isAllowed(session)) return undefined;
  return totpState(session, access.settings) === 'needed' ? undefined : session;
}

/** A board that looks on keeps its session alive; a session that ends takes its boards along. */
function holdSession(
  request: IncomingMessage,
  socket: TextSocket,
  { access, clock }: SocketPathParts,
): void {
  const token = sessionTokenOf(request);
  const session = access.bySession(token, clock.wallMs());
  if (token === undefined || !session) return;
  const close = (name: 'notAuthenticated' | 'goingAway'): void =>
    socket.close(closeCodes[name].code, closeCodes[name].reason);
  // One that only has another token now comes again at once, with that.
  const release = access.hold(token, (why) =>
    close(why === 'ended' ? 'notAuthenticated' : 'goingAway'),
  );
  const look = (): void => {
    const held = access.bySession(token, clock.wallMs());
    if (!held) return close('notAuthenticated');
    const leftMs = held.expiresAtMs - clock.wallMs() + 1;
    timer = setTimeout(look, Math.max(1, Math.min(LOOK_EVERY_MS, leftMs)));
    timer.unref();
  };
  let timer: NodeJS.Timeout | undefined;
  look();
  socket.onClose(() => {
    clearTimeout(timer);
    release();
  });
}
