import { useEffect, useState } from 'react';
import { isKiosk, pressedEscape, type EscapeMoment } from './kiosk.ts';
import { isRealTouch } from './real-touch.ts';
import { tabMemory } from './tab-memory.ts';

/** `boot.js` reads it before the first paint. */
const KEY = 'ppe-pulse.kiosk';
const IDLE_AFTER_MS = 5_000;

/** Whether this tab is a kiosk; the document says so to the style. `search` is the address's. */
export function useKiosk(search: string): boolean {
  const [isOn, setIsOn] = useState(() => isKiosk(search, tabMemory().get(KEY) === '1'));
  const asked = new URLSearchParams(search).get('kiosk');
  useEffect(() => {
    if (asked !== null) setIsOn((was) => isKiosk(`kiosk=${asked}`, was));
  }, [asked]);
  useEffect(() => {
    tabMemory().set(KEY, isOn ? '1' : null);
    document.documentElement.toggleAttribute('data-kiosk', isOn);
  }, [isOn]);
  useEffect(() => (isOn ? followEscape(() => setIsOn(false)) : undefined), [isOn]);
  useEffect(() => (isOn ? hideIdleCursor(document.documentElement) : undefined), [isOn]);
  return isOn;
}

function followEscape(leave: () => void): () => void {
  let moment: EscapeMoment = null;
  const press = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape') return;
    const pressed = pressedEscape(moment, performance.now());
    moment = pressed.moment;
    if (pressed.leaves) leave();
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

/** A cursor in the middle of a wall is taken for a mark. */
function hideIdleCursor(root: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const move = (event?: Event): void => {
    if (event && !isRealTouch(event)) return;
    root.removeAttribute('data-idle');
    clearTimeout(timer);
    timer = setTimeout(() => root.setAttribute('data-idle', ''), IDLE_AFTER_MS);
  };
  move();
  document.addEventListener('pointermove', move);
  return () => {
    clearTimeout(timer);
    root.removeAttribute('data-idle');
    document.removeEventListener('pointermove', move);
  };
}
