import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isUntaken } from '../incidents/order.ts';
import { useLive, useMonotonic } from '../live/use-live.ts';
import { preloadView } from './preload-view.ts';
import {
  alarmed,
  parseRotation,
  shownAddress,
  startRotation,
  ticked,
  touched,
  type Rotation,
} from './rotation.ts';
import { tabMemory } from './tab-memory.ts';
import { isRealTouch } from './real-touch.ts';
import { isTextBegun } from './unsaved.ts';

const KEY = 'ppe-pulse.rotation';
const TICK_MS = 500;
const TOUCHES = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const;

/**
 * Turns the views of this tab; null for a tab that does not. What was asked for is kept for the tab,
 * because the address changes with every turn; `?rotate=off` ends it.
 */
export function useRotation(search: string): Rotation | null {
  // As words: the same plan read from another address is the same rotation.
  const wish = rememberedSearch(search);
  const plan = useMemo(() => parseRotation(wish), [wish]);
  const [, navigate] = useLocation();
  const incidents = useLive((state) => state.incidents);
  const nowMs = useMonotonic(TICK_MS);
  const untaken = useMemo(
    () => new Set([...incidents.values()].filter(isUntaken).map(({ id }) => id)),
    [incidents],
  );
  const [rotation, setRotation] = useState<Rotation | null>(null);
  // What is untaken when a rotation begins is not new.
  const first = useRef(untaken);
  useEffect(() => {
    first.current = untaken;
    setRotation((before) => before && alarmed(before, untaken, performance.now()));
  }, [untaken]);
  useEffect(() => {
    if (!plan) return undefined;
    let isOver = false;
    void Promise.allSettled(plan.views.map(async (view) => preloadView(view))).then(() => {
      if (!isOver) setRotation(startRotation(plan, first.current, performance.now()));
    });
    const touch = (event: Event): void => {
      if (!isRealTouch(event)) return;
      setRotation((before) => before && touched(before, performance.now()));
    };
    for (const name of TOUCHES) document.addEventListener(name, touch, { passive: true });
    return () => {
      isOver = true;
      setRotation(null);
      for (const name of TOUCHES) document.removeEventListener(name, touch);
    };
  }, [plan]);
  useEffect(() => {
    const isHeld = isTextBegun(document);
    setRotation((before) => before && ticked(isHeld ? touched(before, nowMs) : before, nowMs));
  }, [nowMs]);
  const address = rotation && shownAddress(rotation);
  useEffect(() => {
    if (address !== null && !isTextBegun(document)) navigate(address, { replace: true });
  }, [address, navigate]);
  return rotation;
}

/** The address's own wish, or what the tab remembers. */
function rememberedSearch(search: string): string {
  const memory = tabMemory();
  const query = new URLSearchParams(search);
  const asked = query.get('rotate');
  if (asked === null) return memory.get(KEY) ?? '';
  const every = query.get('every');
  const wish = new URLSearchParams({ rotate: asked, ...(every !== null && { every }) }).toString();
  memory.set(KEY, wish);
  return wish;
}
