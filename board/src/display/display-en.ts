import type { DisplayTexts } from './display-texts.ts';

export const displayEn: DisplayTexts = {
  title: 'This display',
  lead: 'Say how large the display is and from where people look at it: the density of the board follows the size of letters that an eye still tells apart (16 minutes of arc).',
  diagonal: 'Diagonal of one panel, inches',
  distance: 'Distance to the farthest viewer, m',
  across: 'Panels in a row',
  density: 'Density',
  densities: { desk: 'Desk', wall: 'Wall', hall: 'Hall' },
  densityHints: {
    desk: 'everything, with hints under the pointer',
    wall: 'the grid of points and the problems',
    hall: 'only numbers, the countdown and the worst problems',
  },
  advised: (density) => `Fits: “${density}”`,
  take: 'Choose it',
  taken: (density) => `“${density}” is chosen`,
  pixel: 'One pixel (of 1080 lines)',
  smallest: 'Smallest font, 16′',
  easy: 'Comfortable font, 20′',
  cells: 'Cells that can be told apart',
  arc: (density) => `Small text in “${density}”`,
  px: (value) => `${value} px`,
  mm: (value) => `${value} mm`,
  minutes: (value) => `${value}′`,
  tooSmall: (density, arc) =>
    `From there small text cannot be read even in “${density}”: ${arc}′ instead of 16′. Sit closer or take a larger display.`,
  readable: (density, arc) =>
    `In “${density}” the smallest text is seen under ${arc}′: it is read.`,
  sample: '4216 Printer does not answer',
  sampleHint: (px) => `This is a font of ${px} px on this display: read it from the farthest seat.`,
  look: 'Look',
  themeName: 'Theme',
  languageName: 'Language',
  themes: { dark: 'night', light: 'day' },
  link: 'Address of this view',
  linkHint:
    'The address is stronger than what is chosen here: it may stand in the shortcut of a display.',
};
