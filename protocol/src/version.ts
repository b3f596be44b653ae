/** Version of both wire protocols. A peer that announces another one is refused with a close code. */
export const PROTOCOL_VERSION = 1;

/** WebSocket subprotocol of agents and relays. */
export const AGENT_SUBPROTOCOL = 'ppe-pulse.agent.v1';

/** WebSocket subprotocol of boards. */
export const LIVE_SUBPROTOCOL = 'ppe-pulse.live.v1';

/** Path of the agents' socket on the collector. */
export const AGENT_PATH = '/agent/v1';

/** Path of the boards' socket on the collector. */
export const LIVE_PATH = '/live/v1';
