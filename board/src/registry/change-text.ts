import type { FieldChange, Municipality, RegionChange } from '@ppe-pulse/protocol';
import { ownText } from '../text/texts.ts';
import { mbitText, type RegistryWords } from './use-registry-words.ts';

const signs = { added: '+', changed: '~', removed: '−' } as const;

/** `~ Аудитория 0003: мест 15 → 12`. */
export function changeText(
  words: RegistryWords,
  change: RegionChange,
  municipalities: readonly Municipality[],
): string {
  const { own } = words;
  const { kind, what, roomCode, workstation, fields } = change;
  const values = fields.map((field) => fieldText(words, field, municipalities)).join(', ');
  if (what === 'site') return values;
  const name = what === 'room' ? `${own.room} ${roomCode ?? ''}` : (workstation ?? '');
  return `${signs[kind]} ${name}${values === '' ? '' : `: ${values}`}`;
}

function fieldText(
  words: RegistryWords,
  { field, from, to }: FieldChange,
  municipalities: readonly Municipality[],
): string {
  const value = (text: string): string => valueText(words, field, text, municipalities);
  return `${ownText(words.own.fieldNames, field) ?? field} ${value(from)} → ${value(to)}`;
}

function valueText(
  words: RegistryWords,
  field: string,
  text: string,
  municipalities: readonly Municipality[],
): string {
  const { own } = words;
  if (text === '') return own.none;
  switch (field) {
    case 'contractBytesPerSecond':
      return mbitText(words, Number(text));
    case 'municipality':
      return municipalities.find(({ slug }) => slug === text)?.name ?? text;
    case 'isRemote':
      return text === 'true' ? own.yes : own.no;
    case 'kind':
      return ownText(own.siteKinds, text) ?? text;
    case 'period':
      return ownText(own.periods, text) ?? text;
    case 'commission':
      return ownText(own.commissions, text) ?? text;
    case 'purposes':
      return text
        .split(' ')
        .map((each) => ownText(own.purposes, each) ?? each)
        .join(', ');
    default:
      return text;
  }
}
