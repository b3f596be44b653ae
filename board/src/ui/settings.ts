import { createContext, useContext, useLayoutEffect, useState } from 'react';
import { useSearch } from 'wouter';
import type { Language } from '@ppe-pulse/protocol/texts';
import { densities, type Density, type Viewing } from '../display/density.ts';

export type Theme = 'dark' | 'light';

/** What a person chose for this browser. */
export interface Settings {
  readonly theme: Theme;
  readonly language: Language;
  /** The board makes no sound. */
  readonly isMuted: boolean;
  readonly density: Density;
  /** The display that the density was chosen for; null before anybody said. */
  readonly viewing: Viewing | null;
}

export interface SettingsControl extends Settings {
  change(part: Partial<Settings>): void;
}

const KEY = 'ppe-pulse.settings';

/**
 * Choices of this browser; the dark theme, Russian and the wall's density before anybody chose. What the
 * address says (`?theme=light&lang=en&density=hall`) stands above them and is not remembered.
 */
export function readSettings(): Settings {
  return { ...readStored(), ...addressed(window.location.search) };
}

/** Puts the choices onto the document: theme and density by attribute, language for readers. */
export function applySettings({
  theme,
  language,
  density,
}: Pick<Settings, 'theme' | 'language' | 'density'>): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.density = density;
  document.documentElement.lang = language;
}

/** Settings as state of the page; they follow its address. */
export function useSettingsState(): SettingsControl {
  const search = useSearch();
  const [stored, setStored] = useState(readStored);
  // What a person chooses holds against the address that stands there now, not against the next one.
  const [chosen, setChosen] = useState<Chosen>({ search, part: {} });
  const part = chosen.search === search ? chosen.part : {};
  const settings = { ...stored, ...addressed(search), ...part };
  const { theme, language, density } = settings;
  useLayoutEffect(() => applySettings({ theme, language, density }), [theme, language, density]);
  return {
    ...settings,
    change: (next) => {
      store({ ...readStored(), ...next });
      // Not read back: where storage is forbidden the choice lives until the page is closed.
      setStored((known) => ({ ...known, ...next }));
      setChosen({ search, part: { ...part, ...next } });
    },
  };
}

interface Chosen {
  readonly search: string;
  readonly part: Partial<Settings>;
}

export const SettingsContext = createContext<SettingsControl | null>(null);

export function useSettings(): SettingsControl {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error('the page has no settings');
  return settings;
}

function readStored(): Settings {
  const stored = readObject();
  return {
    theme: stored.theme === 'light' ? 'light' : 'dark',
    language: stored.language === 'en' ? 'en' : 'ru',
    isMuted: stored.isMuted === true,
    density: densities.find((density) => density === stored.density) ?? 'wall',
    viewing: viewingOf(stored.viewing),
  };
}

/** `day` and `night` are what people call the themes. */
const themes: Readonly<Record<string, Theme>> = {
  light: 'light',
  day: 'light',
  dark: 'dark',
  night: 'dark',
};

function addressed(search: string): Partial<Settings> {
  const asked = new URLSearchParams(search);
  const theme = new Map(Object.entries(themes)).get(asked.get('theme') ?? '');
  const language = (['ru', 'en'] as const).find((each) => each === asked.get('lang'));
  const density = densities.find((each) => each === asked.get('density'));
  return { ...(theme && { theme }), ...(language && { language }), ...(density && { density }) };
}

function viewingOf(stored: unknown): Viewing | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { diagonalInches, distanceMetres, screensAcross } = stored as Record<string, unknown>;
  const isNumber = (value: unknown): value is number =>
    typeof value === 'number' && Number.isFinite(value) && value > 0;
  return isNumber(diagonalInches) && isNumber(distanceMetres) && isNumber(screensAcross)
    ? { diagonalInches, distanceMetres, screensAcross }
    : null;
}

function readObject(): Partial<Record<keyof Settings, unknown>> {
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
