import type { DayStateTexts } from './day-state-texts.ts';

export const dayStateRu: DayStateTexts = {
  name: 'Какой сейчас день',
  sites: { one: 'ППЭ', few: 'ППЭ', many: 'ППЭ', other: 'ППЭ' },
  sitesAre: {
    one: 'ППЭ — имитация',
    few: 'ППЭ — имитация',
    many: 'ППЭ — имитация',
    other: 'ППЭ — имитация',
  },
  silencedIncidents: {
    one: 'инцидент',
    few: 'инцидента',
    many: 'инцидентов',
    other: 'инцидента',
  },
  drilledIncidents: {
    one: 'инцидент помечен учебным',
    few: 'инцидента помечены учебными',
    many: 'инцидентов помечены учебными',
    other: 'инцидента помечены учебными',
  },
  playedDay: (speed) => `ИМИТАЦИЯ: время ×${speed}, в школы не звонить`,
  playedInRealTime: 'ИМИТАЦИЯ: день проигрывается, в школы не звонить',
  allSimulated: 'ИМИТАЦИЯ: все рабочие места ненастоящие, в школы не звонить',
  someSimulated: (sites, workstations) =>
    `Рядом с настоящими: ${sites} (${workstations}), туда не звонить`,
  massSilence: (silent, expected, share) => `Не слышно ${silent} из ${expected} (${share})`,
  threshold: (share) => `порог ${share}`,
  noPlan: 'План апробации не загружен: сроки и молчание по регламенту неизвестны',
  before: (days, state) => `До апробации ${days}: ${state}`,
  today: (time, state) => `Апробация сегодня с ${time}: ${state}`,
  preparing: (ready, involved) => `идёт подготовка; готово ${ready} из ${involved}`,
  preparingOnly: 'идёт подготовка',
  after: (time) => `Апробация завершена в ${time}; табло показывает состояние после неё`,
  drill: (incidents) => `УЧЕБНАЯ ТРЕВОГА: ${incidents}`,
  planChanged: (version) => `План изменён: действует версия ${version}`,
  planEditing: (by, time) => `План правит ${by} с ${time}: сроки могут измениться`,
  silences: (incidents) => `Заглушено: ${incidents}`,
  silencesUntil: (incidents, time) => `Заглушено: ${incidents}, ближайшее истекает в ${time}`,
  silentByRule: (sites, workstations) => `По регламенту молчат ${sites} (${workstations})`,
  silentByRuleUntil: (sites, workstations, time) =>
    `По регламенту молчат ${sites} (${workstations}) до ${time}`,
  more: (count) => `ещё ${count}`,
  warnings: {
    listensWithoutTls: 'Коллектор слушает сеть без шифрования',
    agentsReturn:
      'Коллектор был недоступен: рабочие места возвращаются, их молчание пока не в счёт',
    cutOff: 'Коллектор отрезан от сети: это мы не слышим рабочие места, а не они молчат',
    damagedFileSetAside: 'Повреждённый файл истории отложен',
    diskBudgetNearlyFull: 'История занимает почти весь отведённый диск',
    diskBudgetExceeded: 'История заняла весь отведённый диск',
    diskNearlyFull: 'На диске коллектора мало места',
    replayNotRecorded: 'Повтор не записывается: диск коллектора не принимает запись',
    storeRestarting: 'Хранилище перезапускается',
    influxUnreachable: 'InfluxDB не отвечает, данные копятся в буфере',
    poisonedPoints: 'InfluxDB отверг часть данных, они отложены',
    bufferNearlyFull: 'Буфер перед InfluxDB почти полон',
    webhookTestFailed:
      'Последняя учебная тревога не дошла до одного из получателей: проверьте «Оповещения»',
    webhookUntested:
      'Есть получатель, до которого ещё не доходила учебная тревога: проверьте «Оповещения»',
    noWebhooks: 'Об инцидентах никто не узнает: не задан ни один получатель оповещений',
  },
};
