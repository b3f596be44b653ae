/** The line that `boot.js` opened, and what it said before anybody listened. */
interface EarlyLine {
  readonly socket: WebSocket;
  readonly frames: readonly unknown[];
  readonly stopListening: () => void;
}

declare global {
  interface Window {
    ppePulseEarlyLine?: EarlyLine | undefined;
  }
}

/**
 * The line that was opened before this script came: whoever takes it hears in the next microtask what it
 * said so far. Once; undefined when there is none, or when it is closed already.
 */
export function takeEarlyLine(page: Window): WebSocket | undefined {
  const early = page.ppePulseEarlyLine;
  page.ppePulseEarlyLine = undefined;
  if (!early) return undefined;
  const { socket, frames } = early;
  early.stopListening();
  if (socket.readyState > WebSocket.OPEN) return undefined;
  queueMicrotask(() => {
    for (const data of frames) socket.dispatchEvent(new MessageEvent('message', { data }));
  });
  return socket;
}
