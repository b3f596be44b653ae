import type { PluggedScreens } from './screen-size.ts';

/** What Windows tells of screens. Unverified on Windows. */
export interface WindowsScreens {
  /** False for a service: its session has a desktop of its own that nobody sees. */
  readonly isPersons: boolean;
  /** What the desktop of this session shows now. */
  readonly desktop: PluggedScreens;
  /** What the screens that are plugged in are made for. */
  readonly monitors: PluggedScreens;
}

/** The screens of the person at the PC. */
export function personsScreens(look: WindowsScreens): PluggedScreens {
  return look.isPersons ? look.desktop : look.monitors;
}
