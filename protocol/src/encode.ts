import type { FromAgent, ToAgent } from './messages/agent.ts';
import type { FromBoard, ToBoard } from './messages/live.ts';

/** One message as the text of one frame. */
export function encode(message: FromAgent | ToAgent | FromBoard | ToBoard): string {
  return JSON.stringify(message);
}
