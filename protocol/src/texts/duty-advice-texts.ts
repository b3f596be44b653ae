import { splitDeviceId } from '../checks/devices.ts';
import type { Reason } from '../checks/reasons.ts';
import type { IncidentLevel } from '../incidents/incident.ts';
import type { Language } from './domain-texts.ts';
import { dutyAdviceEn } from './duty-advice-en.ts';
import { dutyAdviceRu } from './duty-advice-ru.ts';
import type { DutyAdviceTexts } from './duty-advice-shape.ts';
import { decidingGroups, dutyGroupOf } from './duty-groups.ts';
import { ownGroup, ownText } from './own-text.ts';

/** Every advice to a duty officer in a language. */
export function dutyAdviceTexts(language: Language): DutyAdviceTexts {
  return language === 'ru' ? dutyAdviceRu : dutyAdviceEn;
}

/**
 * What the duty officer of the situation centre does: whom to call, what to ask, what to expect, when
 * to hand over. A wide incident is another call than the same fault of one PC, so the level is asked
 * first. `kind` is a check's id, `collector.line` or `collector.store`.
 */
export function dutyAdviceFor(
  kind: string,
  reason: string,
  level: IncidentLevel,
  language: Language,
): string {
  const texts = dutyAdviceTexts(language);
  const base = splitDeviceId(kind)?.base ?? kind;
  const ofLevel = ownGroup(texts.byLevel, level);
  const ownOfLevel = ownText(ofLevel, base);
  const anyOfLevel = ownText(ofLevel, 'any');
  const group = Object.hasOwn(dutyGroupOf, reason) ? dutyGroupOf[reason as Reason] : undefined;
  const ofGroup = group && texts.byGroup[group];
  return (
    (anyOfLevel === undefined ? undefined : (ownOfLevel ?? anyOfLevel)) ??
    (group && decidingGroups.has(group) ? ofGroup : undefined) ??
    ownOfLevel ??
    ownText(ownGroup(texts.bySpecial, base), reason) ??
    ownText(texts.byKind, base) ??
    ofGroup ??
    texts.unknown
  );
}
