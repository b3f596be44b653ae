import { splitDeviceId } from '../checks/devices.ts';
import { adviceEn } from './advice-en.ts';
import { adviceRu } from './advice-ru.ts';
import type { AdviceTexts } from './advice-text-shape.ts';
import type { Language } from './domain-texts.ts';
import { ownGroup, ownText } from './own-text.ts';

/** Every advice in a language. */
export function adviceTexts(language: Language): AdviceTexts {
  return language === 'ru' ? adviceRu : adviceEn;
}

/**
 * What the technical specialist in the ППЭ does about a reason of a check, by the words of the check,
 * else of its kind of device, else of the reason. `kind` is a check's id, `collector.line` or
 * `collector.store`; a device's number in it does no harm.
 */
export function adviceFor(kind: string, reason: string, language: Language): string {
  const texts = adviceTexts(language);
  const base = splitDeviceId(kind)?.base ?? kind;
  const [firstWord = base] = base.split('.', 1);
  return (
    ownText(ownGroup(texts.bySubject, base), reason) ??
    ownText(ownGroup(texts.bySubject, firstWord), reason) ??
    ownText(texts.byReason, reason) ??
    (firstWord === 'collector' ? texts.ofCollector : texts.unknown)
  );
}
