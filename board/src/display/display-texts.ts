import type { Density } from './density.ts';

/** Words of the page on which a display is set up. */
export interface DisplayTexts {
  readonly title: string;
  readonly lead: string;
  readonly diagonal: string;
  readonly distance: string;
  readonly across: string;
  readonly density: string;
  readonly densities: Readonly<Record<Density, string>>;
  readonly densityHints: Readonly<Record<Density, string>>;
  readonly advised: (density: string) => string;
  readonly take: string;
  readonly taken: (density: string) => string;
  readonly pixel: string;
  readonly smallest: string;
  readonly easy: string;
  readonly cells: string;
  readonly arc: (density: string) => string;
  readonly px: (value: string) => string;
  readonly mm: (value: string) => string;
  readonly minutes: (value: string) => string;
  readonly tooSmall: (density: string, arc: string) => string;
  readonly readable: (density: string, arc: string) => string;
  readonly sample: string;
  readonly sampleHint: (px: string) => string;
  readonly look: string;
  readonly themeName: string;
  readonly languageName: string;
  readonly themes: { readonly dark: string; readonly light: string };
  readonly link: string;
  readonly linkHint: string;
}
