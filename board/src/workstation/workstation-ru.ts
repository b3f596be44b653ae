import type { WorkstationTexts } from './workstation-texts.ts';

export const workstationRu: WorkstationTexts = {
  devices: 'Устройства',
  deviceKinds: { printer: 'Принтер', scanner: 'Сканер', camera: 'Камера', audio: 'Звук' },
  deviceState: 'состояние',
  checks: 'Компьютер и сеть',
  measurements: 'Измерения',
  history: 'История',
  check: 'Проверка',
  state: 'Состояние',
  value: 'Значение',
  basis: 'Основание',
  measured: 'Измерено',
  computer: 'Компьютер',
  journal: 'В журнале агента',
  throughput: 'Скорость сети',
  rtt: 'Отклик сети',
  ranges: { '15m': '15 мин', '1h': '1 час', '8h': '8 часов', '24h': 'сутки' },
  noHistory: 'За этот срок измерений нет',
  historyFailed: 'История не загрузилась; повторяю. Если не пройдёт, проверьте журнал коллектора',
  unknownWorkstation: 'Такого рабочего места нет',
};
