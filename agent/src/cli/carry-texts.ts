import type { CarryRefusal } from '@ppe-pulse/protocol/carry';
import { formatValue, type Language } from '@ppe-pulse/protocol/texts';
import type { ExportReport } from '../carry/export-to-stick.ts';
import type { ImportReport } from '../carry/import-from-stick.ts';

type Fault = NonNullable<ImportReport['fault']>;

const faults: Record<Language, Record<Fault, string>> = {
  ru: {
    full: 'на флешке нет места',
    readOnly: 'на флешку нельзя записать: снимите защиту от записи или возьмите другую',
    gone: 'флешки нет или её вынули: вставьте её и повторите',
    notAFolder: 'папки ppe-pulse на флешке нет, или на её месте файл либо ссылка',
    failing: 'флешка отвечает ошибками: возьмите другую',
    inboxFull: 'очередь ретранслятора заполнена: дождитесь связи с коллектором и повторите',
    disk: 'диск этого компьютера не принимает данные: освободите место и повторите',
  },
  en: {
    full: 'the flash drive is full',
    readOnly: 'the flash drive cannot be written: lift its write protection or take another',
    gone: 'there is no flash drive, or it was pulled out: insert it and try again',
    notAFolder: 'there is no folder ppe-pulse on it, or a file or a link stands in its place',
    failing: 'the flash drive answers with errors: take another',
    inboxFull: "the relay's queue is full: wait for the line to the collector and try again",
    disk: "this PC's own disk takes no data: free some room and try again",
  },
};

const refusals: Record<Language, Record<CarryRefusal, string>> = {
  ru: {
    notAPart: 'это не файл данных',
    tooBig: 'больше допустимого',
    unreadable: 'не читается: флешка изношена или её вынули',
    damaged: 'повреждён или изменён',
    badSignature: 'подпись неверна',
    unknownWorkstation: 'чужое рабочее место: здесь его не знают',
    foreignKey: 'ключ не тот, с которым рабочее место зарегистрировано',
    unsupportedFormat: 'записан более новой версией',
  },
  en: {
    notAPart: 'is no data file',
    tooBig: 'is bigger than allowed',
    unreadable: 'cannot be read: the drive is worn or was pulled out',
    damaged: 'is damaged or was altered',
    badSignature: 'its signature is wrong',
    unknownWorkstation: "is another site's: this workstation is not known here",
    foreignKey: 'is signed by another key than the workstation is enrolled with',
    unsupportedFormat: 'was written by a newer version',
  },
};

/** What an export says to a person, line by line. */
export function exportLines(report: ExportReport, language: Language): string[] {
  const said = language === 'ru' ? exportInRussian(report) : exportInEnglish(report);
  return [...said, ...(report.fault === null ? [] : [faults[language][report.fault]])];
}

/** What an import says to a person, line by line. */
export function importLines(report: ImportReport, language: Language): string[] {
  const said = language === 'ru' ? importInRussian(report) : importInEnglish(report);
  const site = language === 'ru' ? 'ППЭ' : 'site';
  return [
    ...said,
    ...report.refused.map(
      ({ part, reason, siteCode }) =>
        `  ${part}: ${refusals[language][reason]}${siteCode === null ? '' : ` (${site} ${siteCode})`}`,
    ),
    ...(report.fault === null ? [] : [faults[language][report.fault]]),
  ];
}

function exportInRussian(report: ExportReport): string[] {
  const lines = [
    `Записано на флешку: ${signals(report.writtenHeartbeats)}, ${bytes(report.writtenBytes, 'ru')}`,
  ];
  if (report.presentHeartbeats > 0)
    lines.push(`Уже было на флешке: ${signals(report.presentHeartbeats)}`);
  if (report.receivedHeartbeats > 0)
    lines.push(`Уже получено, по квитанции: ${signals(report.receivedHeartbeats)}`);
  if (report.missingHeartbeats > 0) lines.push(missingInRussian(report));
  if (report.damagedParts > 0)
    lines.push(`Повреждённых файлов на флешке, которые не восстановить: ${report.damagedParts}`);
  if (report.damagedJournalBytes > 0)
    lines.push(`Повреждено в журнале: ${bytes(report.damagedJournalBytes, 'ru')}`);
  if (report.oversizedHeartbeats > 0)
    lines.push(`Слишком велики, не записаны: ${signals(report.oversizedHeartbeats)}`);
  return lines;
}

function missingInRussian(report: ExportReport): string {
  const room = report.freeBytes === null ? '' : `, свободно ${bytes(report.freeBytes, 'ru')}`;
  return `НЕ ЗАПИСАНО: ${signals(report.missingHeartbeats)}, нужно ${bytes(report.missingBytes, 'ru')}${room}. Записанное цело`;
}

function exportInEnglish(report: ExportReport): string[] {
  const lines = [
    `Written to the drive: ${beats(report.writtenHeartbeats)}, ${bytes(report.writtenBytes, 'en')}`,
  ];
  if (report.presentHeartbeats > 0)
    lines.push(`On the drive before: ${beats(report.presentHeartbeats)}`);
  if (report.receivedHeartbeats > 0)
    lines.push(`Received already, by the receipt: ${beats(report.receivedHeartbeats)}`);
  if (report.missingHeartbeats > 0) {
    const room = report.freeBytes === null ? '' : `, ${bytes(report.freeBytes, 'en')} are free`;
    lines.push(
      `NOT WRITTEN: ${beats(report.missingHeartbeats)}, they need ${bytes(report.missingBytes, 'en')}${room}. What was written is whole`,
    );
  }
  if (report.damagedParts > 0)
    lines.push(`Damaged files on the drive that cannot be restored: ${report.damagedParts}`);
  if (report.damagedJournalBytes > 0)
    lines.push(`Damaged in the journal: ${bytes(report.damagedJournalBytes, 'en')}`);
  if (report.oversizedHeartbeats > 0)
    lines.push(`Too big, not written: ${beats(report.oversizedHeartbeats)}`);
  return lines;
}

function importInRussian(report: ImportReport): string[] {
  const lines = [`Принято с флешки: ${signals(report.newHeartbeats)}`];
  if (report.repeatedParts > 0) lines.push(`Приняты раньше: файлов ${report.repeatedParts}`);
  if (!report.hasRoster)
    lines.push('Список рабочих мест ППЭ ещё не получен: данные ждут связи с коллектором');
  if (report.receiptFault !== null)
    lines.push(`Квитанции не записаны: ${faults.ru[report.receiptFault]}`);
  if (report.isCut) lines.push('На флешке слишком много файлов: просмотрены не все');
  if (report.strangeEntries > 0)
    lines.push(`Не файлы под именами наших файлов, пропущено: ${report.strangeEntries}`);
  if (report.refusedParts > 0) lines.push(`НЕ ПРИНЯТО файлов: ${report.refusedParts}`);
  return lines;
}

function importInEnglish(report: ImportReport): string[] {
  const lines = [`Taken from the drive: ${beats(report.newHeartbeats)}`];
  if (report.repeatedParts > 0) lines.push(`Taken before, files: ${report.repeatedParts}`);
  if (!report.hasRoster)
    lines.push('The list of this site’s workstations has not come yet: the data wait for the line');
  if (report.receiptFault !== null)
    lines.push(`Receipts were not written: ${faults.en[report.receiptFault]}`);
  if (report.isCut) lines.push('There are too many files on the drive: not all were looked at');
  if (report.strangeEntries > 0)
    lines.push(`No files under names of ours, passed over: ${report.strangeEntries}`);
  if (report.refusedParts > 0) lines.push(`NOT TAKEN, files: ${report.refusedParts}`);
  return lines;
}

function bytes(count: number, language: Language): string {
  return formatValue(count, 'bytes', language);
}

function beats(count: number): string {
  return count === 1 ? '1 heartbeat' : `${count} heartbeats`;
}

function signals(count: number): string {
  const forms = { one: 'сигнал', few: 'сигнала', many: 'сигналов' } as const;
  const rule = new Intl.PluralRules('ru').select(count);
  return `${count} ${rule === 'one' || rule === 'few' ? forms[rule] : forms.many}`;
}
