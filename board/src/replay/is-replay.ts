import { createContext, useContext } from 'react';

/** True inside a replay; given by its page. */
export const ReplayContext = createContext(false);

/** True where the past is shown: nothing here may act on the present, or sound. */
export function useIsReplay(): boolean {
  return useContext(ReplayContext);
}

/** Everything below is the board of the past. */
export const REPLAY_BASE = '/replay';

export function isReplayPath(path: string): boolean {
  return path === REPLAY_BASE || path.startsWith(`${REPLAY_BASE}/`);
}
