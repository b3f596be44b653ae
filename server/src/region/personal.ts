/**
 * What looks like data of a person. The region's lists often carry them, and none may come in: the
 * phone is the Штаб's, the names are of schools.
 */

const headers = [
  'фио',
  'ф.и.о',
  'фамили',
  'отчество',
  'руководител',
  'директор',
  'ответственн',
  'контактное лицо',
  'контакты',
  'технический специалист',
  'член гэк',
  'должност',
  'снилс',
  'паспорт',
  'дата рождения',
  'мобильн',
  'сотов',
  'личный телефон',
  'почта',
  'e-mail',
  'email',
  'эл. адрес',
  'surname',
  'first name',
  'last name',
  'full name',
  'patronymic',
  'person',
  'contact',
  'head of',
  'mobile',
];
const wholeHeaders = new Set(['имя', 'mail', 'head', 'почта']);
const eMail = /[^\s@]+@[^\s@]+\.[^\s@]{2,}/;
const fullName = /[А-ЯЁ][а-яё-]+\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|чна)(?![а-яё])/;
const initials = /^[А-ЯЁ][а-яё-]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.$/;

/** A header that announces a person's name, address or number. */
export function isPersonalHeader(header: string): boolean {
  const small = header.trim().toLowerCase().replaceAll('ё', 'е').replaceAll(/\s+/g, ' ');
  return wholeHeaders.has(small) || headers.some((each) => small.includes(each));
}

/** A value that is a person's name or somebody's e-mail. */
export function isPersonalValue(text: string): boolean {
  // Nearly every value is short and has neither.
  if (text.length < 5) return false;
  return (text.includes('@') && eMail.test(text)) || fullName.test(text) || initials.test(text);
}
