import type { CloseCodeName } from '@ppe-pulse/protocol';
import type { CarryRefusal } from '@ppe-pulse/protocol/carry';
import type { HttpRefusal } from '../api/http.ts';
import type { SocketCounters, UpgradeRefusalReason } from '../sockets.ts';

/** Peers that were turned away, each by its reason: at HTTP, at the upgrade, and in the socket. */
export interface PeerCounters {
  readonly sockets: SocketCounters;
  httpRefused(reason: HttpRefusal): void;
  /** A part of a flash drive was not taken. */
  partRefused(reason: CarryRefusal | 'busy'): void;
}

/** Makes a counter with one label, `reason`, and gives its increment. */
export type ReasonCounter = (name: string, help: string) => (reason: string) => void;

/** Every reason is a word of ours: peers cannot make new series. */
export function createPeerCounters(
  counter: ReasonCounter,
  unproven: (count: number) => void,
): PeerCounters {
  const closed = {
    agent: counter('agent_sockets_closed', 'Agent sockets that the collector closed, by reason'),
    board: counter('board_sockets_closed', 'Board sockets that the collector closed, by reason'),
  };
  const refused = counter('upgrades_refused', 'Requests for a socket that were refused, by reason');
  const http = counter('http_requests_cut', 'HTTP requests cut before they were whole, by reason');
  const part = counter('carried_parts_refused', 'Parts of flash drives not taken, by reason');
  return {
    sockets: {
      closed: (door, name: CloseCodeName) => closed[door](name),
      refused: (reason: UpgradeRefusalReason) => refused(reason),
      unproven,
    },
    httpRefused: (reason) => http(reason),
    partRefused: (reason) => part(reason),
  };
}
