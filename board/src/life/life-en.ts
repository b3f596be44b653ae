import type { LifeTexts } from './life-texts.ts';

export const lifeEn: LifeTexts = {
  rotation: 'Views in turn',
  held: (left) => `Views in turn pause for ${left} more`,
  stopped: 'Views in turn stopped: a new critical incident',
  noWakeLock:
    'The browser does not promise to keep the screen on: it does so only over https and on the collector itself. Turn off the screen’s sleep in the computer’s settings',
  kioskHint: 'Kiosk: press Esc twice to leave',
};
