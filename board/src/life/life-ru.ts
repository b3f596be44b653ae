import type { LifeTexts } from './life-texts.ts';

export const lifeRu: LifeTexts = {
  asOf: (time) => `состояние на ${time}`,
  refused: (hint, time) => `${hint}. На экране состояние на ${time}`,
  rotation: 'Смена видов',
  held: (left) => `Смена видов на паузе ещё ${left}`,
  stopped: 'Смена видов остановлена: новый критический инцидент',
  noWakeLock:
    'Браузер не обещал держать экран включённым: он делает это только по https и на самом коллекторе. Отключите сон экрана в настройках компьютера',
  kioskHint: 'Режим киоска: выйти можно двойным нажатием Esc',
};
