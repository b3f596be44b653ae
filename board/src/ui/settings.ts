import { createContext, useContext, useState } from 'react';
import type { Language } from '@ppe-pulse/protocol/texts';

export type Theme = 'dark' | 'light';

/** What a person chose for this browser. */
export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  /** The board makes no sound. */
  readonly isMuted: boolean;
}

export interface SettingsControl extends Settings {
  change(part: Partial<Settings>): void;
}

const KEY = 'ppe-pulse.settings';

/** Choices of this browser; the dark theme and Russian before anybody chose. */
export function readSettings(): Settings {
  const stored = readStored();
  return {
    theme: stored.theme === 'light' ? 'light' : 'dark',
    language: stored.language === 'en' ? 'en' : 'ru',
    isMuted: stored.isMuted === true,
  };
}

/** Puts the choices onto the document: theme by attribute, language for readers. */
export function applySettings({ theme, language }: Settings): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.lang = language;
}

/** Settings as state of the page. */
export function useSettingsState(): SettingsControl {
  const [settings, set] = useState(readSettings);
  return {
    ...settings,
    change: (part) => {
      const next = { ...settings, ...part };
      applySettings(next);
      store(next);
      set(next);
    },
  };
}

export const SettingsContext = createContext<SettingsControl | null>(null);

export function useSettings(): SettingsControl {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error('the page has no settings');
  return settings;
}

function readStored(): { theme?: unknown; language?: unknown; isMuted?: unknown } {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Storage is forbidden or holds something else: the defaults do.
    return {};
  }
}

function store(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // The choice lives until the page is closed.
  }
}
