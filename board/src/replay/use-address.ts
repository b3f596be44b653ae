import { useCallback, useEffect, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { readAddress, writeAddress } from './replay-address.ts';
import type { ReplayClient } from './replay-client.ts';
import { momentOf } from './timeline.ts';
import { useStatus } from './use-film.ts';

/** While the film plays its address is written this often; when it stands still, at once. */
const WRITE_EVERY_MS = 5_000;
/** Without a moment in the address the film begins so long before its end. */
const LAST_MS = 10 * 60_000;

/**
 * Keeps film and address together: an address that is opened is shown, a film that moves is written into
 * it, and a link inside the replay that names no moment stays at this one.
 */
export function useAddress(
  client: ReplayClient,
  spans: readonly ReplaySpan[],
  timeZone: string,
): void {
  const [path] = useLocation();
  const search = useSearch();
  const written = useRef<string | undefined>(undefined);
  const known = useRef(spans);
  useEffect(() => {
    known.current = spans;
  }, [spans]);
  const write = useCallback(() => {
    const { atMs, speed, isPlaying } = client.status;
    const now = { atMs: Math.round(atMs), speed, isPlaying };
    const text = writeAddress(new URLSearchParams(location.search), now, timeZone);
    history.replaceState(history.state, '', `${location.pathname}?${text}`);
    written.current = location.search.slice(1);
  }, [client, timeZone]);
  useEffect(() => {
    if (location.search.slice(1) === written.current) return;
    const said = readAddress(new URLSearchParams(location.search));
    const isFirst = written.current === undefined;
    if (said.atMs === undefined && !isFirst) {
      write();
      return;
    }
    written.current = location.search.slice(1);
    client.setSpeed(said.speed);
    if (said.isPlaying) client.play();
    else client.pause();
    const atMs = said.atMs ?? startOf(known.current);
    void client.seek(momentOf(known.current, atMs));
  }, [client, path, search, write]);
  const isPlaying = useStatus(client, (status) => status.isPlaying);
  const speed = useStatus(client, (status) => status.speed);
  const phase = useStatus(client, (status) => status.phase);
  const standingMs = useStatus(client, (status) => (status.isPlaying ? 0 : status.atMs));
  useEffect(() => {
    if (phase === 'loading' || written.current === undefined) return undefined;
    write();
    if (!isPlaying) return undefined;
    const timer = setInterval(write, WRITE_EVERY_MS);
    return () => clearInterval(timer);
  }, [isPlaying, speed, phase, standingMs, write]);
}

function startOf(spans: readonly ReplaySpan[]): number {
  const last = spans.at(-1);
  return last ? Math.max(last.fromMs, last.toMs - LAST_MS) : 0;
}
