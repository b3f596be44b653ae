import type { Duty } from '@ppe-pulse/protocol';
import type { Language } from '@ppe-pulse/protocol/texts';

/** Words of the readiness sheet of one PC. */
interface SheetTexts {
  readonly fileName: string;
  readonly title: string;
  readonly site: string;
  readonly room: string;
  readonly result: string;
  readonly notEnrolled: string;
  readonly running: string;
  readonly notRunning: string;
  readonly linked: string;
  readonly notLinked: string;
  readonly duties: Readonly<Record<Duty, string>>;
  readonly facts: Readonly<
    Record<'place' | 'id' | 'madeAt' | 'service' | 'validTo' | 'plan' | 'versions', string>
  >;
  readonly columns: readonly [string, string, string];
  readonly foot: string;
  readonly count: (good: number, all: number) => string;
  readonly written: (path: string) => string;
  readonly unwritten: (path: string, code: string) => string;
}

const ru: SheetTexts = {
  fileName: 'Готовность',
  title: 'Лист готовности рабочего места',
  site: 'ППЭ',
  room: 'аудитория',
  result: 'Итог',
  notEnrolled: 'не зарегистрировано',
  running: 'работает',
  notRunning: 'не работает: проверено без неё',
  linked: 'связь есть',
  notLinked: 'связи нет',
  duties: { main: 'основное', reserve: 'резервное' },
  facts: {
    place: 'Рабочее место',
    id: 'Номер этого ПК',
    madeAt: 'Проверено (часы этого ПК)',
    service: 'Служба агента',
    validTo: 'Регистрация действует до',
    plan: 'План репетиции, версия',
    versions: 'Версии',
  },
  columns: ['Проверка', 'Значение', 'Что видно'],
  foot: 'Сделано программой «ППЭ·Пульс». Персональных данных в листе нет.',
  count: (good, all) => `Проверок без замечаний: ${good} из ${all}`,
  written: (path) => `Лист готовности: ${path}`,
  unwritten: (path, code) =>
    `${path}: лист готовности не записан (${code}): проверьте место на флешке и защиту от записи`,
};

const en: SheetTexts = {
  fileName: 'Readiness',
  title: 'Readiness sheet of a workstation',
  site: 'ППЭ',
  room: 'room',
  result: 'Result',
  notEnrolled: 'not enrolled',
  running: 'running',
  notRunning: 'not running: checked without it',
  linked: 'linked',
  notLinked: 'no link',
  duties: { main: 'main', reserve: 'reserve' },
  facts: {
    place: 'Workstation',
    id: 'Id of this PC',
    madeAt: "Checked at (this PC's clock)",
    service: 'Service of the agent',
    validTo: 'Enrolled until',
    plan: 'Plan of the rehearsal, version',
    versions: 'Versions',
  },
  columns: ['Check', 'Value', 'What is seen'],
  foot: 'Made by ППЭ·Пульс. There are no personal data in this sheet.',
  count: (good, all) => `Checks without a remark: ${good} of ${all}`,
  written: (path) => `Readiness sheet: ${path}`,
  unwritten: (path, code) =>
    `${path}: the readiness sheet is not written (${code}): check the room on the drive and its write protection`,
};

export const sheetTexts: Readonly<Record<Language, SheetTexts>> = { ru, en };

/** One A4 page, black on white: what is wrong is told by its sign and weight, not by colour alone. */
export const sheetStyle = `
@page { size: A4 portrait; margin: 12mm; }
body { margin: 0 auto; max-width: 186mm; color: #111; background: #fff;
  font: 9.5pt/1.25 'PT Sans', 'Segoe UI', 'DejaVu Sans', Arial, sans-serif; }
h1 { margin: 0 0 3mm; font-size: 16pt; }
.result { margin: 0 0 3mm; padding: 2mm 3mm; border: 1.5pt solid #111; font-size: 12pt; }
.result.fail, .result.warn, .result.unknown { font-weight: bold; }
table { width: 100%; border-collapse: collapse; margin-bottom: 3mm; }
th { text-align: left; font-weight: normal; color: #444; }
th, td { vertical-align: top; padding: 0.7mm 1.2mm; border-bottom: 0.4pt solid #999;
  overflow-wrap: anywhere; }
.facts th { width: 52mm; }
.checks tr { break-inside: avoid; }
tr.fail td, tr.warn td { font-weight: bold; background: #f1f1f1; }
.foot { color: #444; font-size: 8pt; }
`;
