import type { Language } from '@ppe-pulse/protocol/texts';

/** What `enroll FOLDER` says and asks beside the words of `enroll FILE`. */
export interface FolderTexts {
  readonly noFile: (folder: string) => string;
  readonly severalFiles: (names: string) => string;
  readonly unreadable: (folder: string, code: string) => string;
  readonly already: (place: string, until: string) => string;
  readonly answerFound: string;
  readonly askRoom: (rooms: string) => string;
  readonly askPlace: (lines: string) => string;
  readonly askNumber: (numbers: string) => string;
  readonly askThrough: string;
  readonly later: string;
}

const ru: FolderTexts = {
  noFile: (folder) =>
    `${folder}: здесь нет файла регистрации ППЭ (….enrolment.json): положите его рядом с install`,
  severalFiles: (names) =>
    `на флешке несколько файлов регистрации: ${names}. Оставьте один, своего ППЭ`,
  unreadable: (folder, code) => `${folder}: папка не читается (${code}): проверьте флешку`,
  already: (place, until) =>
    `Уже зарегистрировано: ${place}. Действует до ${until}. Повторять не нужно`,
  answerFound: 'На флешке есть свидетельство для этого ПК: беру его',
  askRoom: (rooms) => `Аудитория этого ПК (${rooms}): `,
  askPlace: (lines) => `Какое это место?\n${lines}\nНомер строки: `,
  askNumber: (numbers) => `Номер этого ПК среди одинаковых мест аудитории (${numbers}): `,
  askThrough:
    'Коллектор не отвечает. Адрес Штаба, например wss://192.168.0.10:8085 (Enter — записать запрос на флешку): ',
  later:
    'Ещё не зарегистрировано: отнесите флешку в Штаб, запустите там install, вернитесь и запустите его здесь ещё раз',
};

const en: FolderTexts = {
  noFile: (folder) =>
    `${folder}: there is no enrolment file of a ППЭ (….enrolment.json): put it beside install`,
  severalFiles: (names) =>
    `the drive has several enrolment files: ${names}. Leave the one of your ППЭ`,
  unreadable: (folder, code) => `${folder}: cannot be read (${code}): check the drive`,
  already: (place, until) => `Enrolled already: ${place}. Valid until ${until}. Nothing to do`,
  answerFound: 'The drive brings the credential of this PC: taking it',
  askRoom: (rooms) => `Room of this PC (${rooms}): `,
  askPlace: (lines) => `Which place is it?\n${lines}\nNumber of the line: `,
  askNumber: (numbers) => `Number of this PC among the equal places of the room (${numbers}): `,
  askThrough:
    'The collector does not answer. Address of the HQ, such as wss://192.168.0.10:8085 (Enter writes a request onto the drive): ',
  later:
    'Not enrolled yet: take the drive to the HQ, run install there, come back and run it here once more',
};

export const folderTexts: Readonly<Record<Language, FolderTexts>> = { ru, en };
