import type { PlanTexts } from './plan-words.ts';

/** Русские тексты об ошибках плана. */
export const planRu: PlanTexts = {
  expectations: {
    planId: 'короткое имя латиницей, например "2024-05-15"',
    text: 'непустая строка до 120 знаков',
    date: 'дата ГГГГ-ММ-ДД, например 2024-05-15',
    timeZone: 'зона IANA, например Asia/Novokuznetsk',
    flag: 'true или false',
    code: 'код из четырёх цифр в кавычках, например "0042"',
    timeOfDay: 'время ЧЧ:ММ, например 10:00',
    planTime: 'время вида 08:00, T-1 17:00, start+20 или end+60',
    planTimeOrNull: 'время вида 08:00, T-1 17:00, start+20, end+60 или null',
    host: 'имя узла или имя:порт без http://, например video.example.org:443',
    number: 'число',
    wholeNumber: 'целое число',
    choice: 'одно из: {known}',
    list: 'список',
    keys: 'ключи и значения с отступом',
    keysOrNull: 'ключи и значения с отступом или null',
  },
  problems: {
    planEmpty: [
      'план пуст',
      'начните с id, title, date и participants; образцы лежат в server/plans',
    ],
    planTooLong: ['план длиннее {max} знаков ({got})', 'уберите лишние комментарии и списки'],
    planTooDeep: [
      'слишком много вложенных скобок или списков',
      'в плане не больше пяти уровней: уберите лишние скобки',
    ],
    notYaml: ['это не YAML: {message}', 'исправьте отступ, кавычки или скобки в этом месте'],
    tabIndent: [
      'отступ сделан табуляцией',
      'в YAML отступают пробелами: замените табуляцию двумя пробелами',
    ],
    duplicateKey: ['ключ "{key}" стоит дважды', 'оставьте одну из двух записей'],
    aliasForbidden: ['ссылка YAML "{alias}"', 'в плане ссылок нет: напишите значение целиком'],
    unknownKey: ['неизвестный ключ "{key}"', 'здесь могут быть: {known}'],
    unknownKeyNear: ['неизвестный ключ "{key}"', 'может быть, "{near}"?'],
    missingKey: ['нет ключа "{key}"', 'добавьте его'],
    wrongValue: ['значение {got} не подходит', 'нужно: {expected}'],
    wrongChoice: ['значение "{got}" неизвестно', 'выберите из: {known}'],
    wrongChoiceNear: ['значение "{got}" неизвестно', 'может быть, "{near}"? Есть: {known}'],
    outOfRange: ['число {got} вне пределов', 'нужно от {min} до {max}'],
    tooMany: ['в списке слишком много строк: {got}', 'здесь их не больше {max}'],
    tooFew: ['список пуст', 'назовите хотя бы {min}'],
    codeNotQuoted: ['код без кавычек YAML читает как число', 'напишите "{code}"'],
    noSuchDate: ['дня {date} нет в календаре', 'исправьте дату'],
    dateOld: [
      'дата {date} прошла {days} дн. назад',
      'исправьте дату; для плана прошедшего дня напишите archive: true',
    ],
    dateFar: ['до даты {date} ещё {days} дн.', 'проверьте год'],
    noSuchZone: ['зоны времени "{zone}" нет', 'напишите зону IANA, например Asia/Novokuznetsk'],
    noSuchTime: [
      'время "{time}" не подходит',
      'напишите 08:00, T-1 17:00, start+20 или end+60; сдвиг не больше суток',
    ],
    noExam: [
      'время "{time}" отсчитано от экзамена, а экзаменов в плане нет',
      'добавьте exams или напишите время ЧЧ:ММ',
    ],
    amberBeforeDue: [
      'этап {stage}: amber {amber} раньше срока due {due}',
      'сдвиньте amber на {due} или позже',
    ],
    redBeforeDue: [
      'этап {stage}: red {red} раньше срока due {due}',
      'сдвиньте red на {due} или позже',
    ],
    redBeforeAmber: [
      'этап {stage}: red {red} раньше amber {amber}',
      'сдвиньте red на {amber} или позже',
    ],
    limitWithoutDue: [
      'этап {stage}: {key} {time} есть, а срока due нет',
      'назовите due или уберите {key}',
    ],
    stageBeforePredecessor: [
      'срок этапа {stage} ({due}) раньше срока предыдущего этапа {predecessor} ({predecessorDue})',
      'сдвиньте один из двух сроков',
    ],
    fromAfterTo: [
      'начало {from} не раньше конца {to}',
      'поменяйте времена местами или исправьте одно из них',
    ],
    examOverMidnight: [
      'экзамен «{subject}» с {startAt} длится {durationMinutes} мин и переходит за полночь',
      'исправьте начало или длительность',
    ],
    closedHoursShort: [
      'при границе {got} пробы скорости попадают в часы {closedFrom}–{closedTo}, когда идут ключ и печать',
      'закройте хотя бы {closedFrom}–{closedTo}',
    ],
    probesTooOften: [
      'пробы скорости чаще раза в минуту ({got} мин)',
      'поставьте 1 или больше; 0 их выключает',
    ],
    nothingRehearsed: ['в плане нет ни экзаменов, ни проверки видео', 'добавьте exams или video'],
    listedTwice: ['"{item}" в списке дважды', 'оставьте один раз'],
    codeInBoth: ['{code} стоит и в only, и в except', 'оставьте в одном из списков'],
    kindInBoth: ['{kind} стоит и в participants, и в municipal', 'оставьте в одном из списков'],
    municipalNotPpe: [
      '{kind}: муниципалитет сам проверяет только ППЭ',
      'перенесите в video.participants',
    ],
    examTwice: ['экзамен «{subject}» ({kind}) стоит дважды', 'оставьте одну запись'],
    technologyWithoutExam: [
      'технология {technology} названа, а экзамена такого вида нет',
      'добавьте экзамен или уберите технологию',
    ],
    examWithoutTechnology: [
      'экзамен вида {technology} есть, а технология не названа',
      'добавьте {technology} в technologies',
    ],
    neverQuiet: [
      'роль {role} не переводится в {mode}: её слышно весь день',
      'уберите {role} из этого правила',
    ],
    failMilderThanWarn: [
      'порог {severe} = {severeValue} мягче, чем {mild} = {mildValue} (роль {role})',
      'поставьте {severe} строже, чем {mild}, или равным ему',
    ],
    codeUnknown: [
      'площадки {code} нет в реестре региона',
      'исправьте код или загрузите реестр с ней',
    ],
    codeOfOtherKind: [
      '{code} — площадка вида {kind}, only её не включает',
      'уберите код или добавьте вид в participants.kinds',
    ],
    kindMatchesNobody: [
      'площадок вида {kind} в реестре нет',
      'проверьте реестр: эта строка ни на что не влияет',
    ],
    zoneOfRegionDiffers: [
      'зона плана {zone}, а у региона {regionZone}',
      'сроки площадок без своей зоны идут по зоне региона: сделайте их одинаковыми',
    ],
  },
  error: 'ошибка',
  warning: 'предупреждение',
};
