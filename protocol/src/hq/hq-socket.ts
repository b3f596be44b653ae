/** Path of the Штаб page's socket on the relay; loopback only. */
export const HQ_PATH = '/hq/v1';

/** WebSocket subprotocol of the Штаб page. */
export const HQ_SUBPROTOCOL = 'ppe-pulse.hq.v1';

/** The relay sends a frame at most once in the first and at least once in the second of these. */
export const HQ_FRAME_MIN_MS = 1_000;
export const HQ_FRAME_MAX_MS = 5_000;
