import type { Unit } from '../checks/metrics.ts';
import type { Evidence } from '../messages/shared.ts';
import type { Condition, Readiness } from '../readiness/readiness.ts';
import type { Language } from './domain-texts.ts';
import { formatEvidence } from './evidence.ts';
import type { NounOf } from './readiness-text-shape.ts';
import { readinessTexts, type ConditionId, type ReadinessTexts } from './readiness-texts.ts';
import { domainTexts } from './texts.ts';
import { formatValue } from './units.ts';

/** Rooms that are named; the rest is a number. */
const ROOMS_NAMED = 4;
/** Keys of evidence that are told by the counts. */
const counted = new Set(['met', 'total', 'failed', 'attention', 'unheard', 'unmeasured', 'silent']);
const units: Readonly<Record<string, Unit>> = {
  receivedRatio: 'ratio',
  totalBytes: 'bytes',
  leftMs: 'ms',
  neededSheets: 'count',
};

/** What a condition is called; the id of a newer collector as it came. */
export function conditionTitle({ id }: Condition, language: Language): string {
  return textOf(id, readinessTexts(language))?.title ?? id;
}

/** The text of a reason of a condition: its own or a check's. */
export function conditionReason(reason: string, language: Language): string {
  const own: Readonly<Record<string, string>> = readinessTexts(language).reasons;
  if (Object.hasOwn(own, reason)) return own[reason] ?? reason;
  const byCheck: Readonly<Record<string, string>> = domainTexts(language).reasons;
  return Object.hasOwn(byCheck, reason) ? (byCheck[reason] ?? reason) : reason;
}

/**
 * What is seen, with counts: `не готово: 2 из 12 аудиторий · замятие бумаги · ауд. 0012, 0013`. Of a
 * condition without places its reason and its numbers.
 */
export function conditionBasis(condition: Condition, language: Language): string {
  const texts = readinessTexts(language);
  const noun = textOf(condition.id, texts)?.of;
  const counts = noun ? countsOf(condition, noun, language) : [];
  const isNamed = condition.verdict !== 'ok' && !isSilence(condition);
  const parts = [
    ...counts,
    ...(isNamed || !noun ? [conditionReason(condition.reason, language)] : []),
    ...roomsOf(condition, texts),
    ...numbersOf(condition.evidence, language),
  ];
  return [...new Set(parts)].join(' · ');
}

/** One sentence for the technical specialist; empty where there is nothing to do. */
export function conditionTodo(condition: Condition, language: Language): string {
  const texts = readinessTexts(language);
  const { verdict, evidence } = condition;
  if (verdict === 'ok' || verdict === 'notInvolved') return '';
  if (verdict === 'silentByRule') return texts.phrases.silentTodo;
  if (verdict === 'unknown') {
    if (condition.reason === 'idleUnproven') return texts.phrases.unprovenTodo;
    if (!('unheard' in evidence)) return texts.phrases.unmeasuredTodo;
    if (!condition.id.endsWith('Heard') && condition.id !== 'hqOnline')
      return texts.phrases.unheardTodo;
  }
  return textOf(condition.id, texts)?.todo ?? '';
}

/** `17 из 19 условий выполнено`. */
export function readinessCount({ met, total }: Readiness, language: Language): string {
  const { phrases, sheet } = readinessTexts(language);
  return `${met} ${phrases.metOf} ${total} ${nounOf(sheet.conditions, total, language)}`;
}

/** Titles of what is not met, the worst first, in the order of the catalogue otherwise. */
export function missingTitles({ conditions }: Readiness, language: Language): string[] {
  const order = ['fail', 'warn', 'unknown', 'silentByRule'];
  return conditions
    .filter(({ verdict }) => verdict !== 'ok')
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
    .map((each) => conditionTitle(each, language));
}

/** The form of a noun after «из N», «of N». */
export function nounOf(noun: NounOf, count: number, language: Language): string {
  const isOne = language === 'ru' ? count % 10 === 1 && count % 100 !== 11 : count === 1;
  return isOne ? noun.one : noun.many;
}

function countsOf({ verdict, evidence }: Condition, noun: NounOf, language: Language): string[] {
  const { phrases } = readinessTexts(language);
  const total = countOf(evidence, 'total');
  const of = `${phrases.metOf} ${total} ${nounOf(noun, total, language)}`;
  if (verdict === 'ok') return [`${countOf(evidence, 'met')} ${of}`];
  const lines: [string, number][] = [
    [phrases.notReady, countOf(evidence, 'failed') + countOf(evidence, 'attention')],
    [phrases.unheard, countOf(evidence, 'unheard')],
    [phrases.unmeasured, countOf(evidence, 'unmeasured')],
    [phrases.silent, countOf(evidence, 'silent')],
  ];
  return lines
    .filter(([, count]) => count > 0)
    .map(([phrase, count], at) => `${phrase}: ${count}${at === 0 ? ` ${of}` : ''}`);
}

/** Silence is told by the count; its reason says nothing more. */
function isSilence({ verdict, reason }: Condition): boolean {
  return verdict === 'silentByRule' || reason === 'notYetHeard' || reason === 'notMeasured';
}

/** Where it misses; where it misses everywhere, the count has said it. */
function roomsOf({ rooms, evidence }: Condition, { phrases }: ReadinessTexts): string[] {
  const more = rooms.length - ROOMS_NAMED;
  if (rooms.length === 0 || (more > 0 && evidence['met'] === 0)) return [];
  const named = rooms.slice(0, ROOMS_NAMED).join(', ');
  return [`${phrases.inRooms} ${more > 0 ? `${named} ${phrases.andMore} ${more}` : named}`];
}

function numbersOf(evidence: Evidence, language: Language): string[] {
  const own: Readonly<Record<string, string>> = readinessTexts(language).evidence;
  return Object.entries(evidence)
    .filter(([key]) => !counted.has(key))
    .map(([key, value]) => {
      const name = own[key];
      if (name === undefined) return formatEvidence({ [key]: value }, undefined, language);
      return value === true ? name : `${name}: ${wordOf(key, value, language)}`;
    });
}

function wordOf(key: string, value: Evidence[string], language: Language): string {
  const unit = units[key];
  if (typeof value === 'number' && unit) return formatValue(value, unit, language);
  const roles: Readonly<Record<string, string>> = domainTexts(language).roles;
  return roles[String(value)] ?? String(value);
}

function countOf(evidence: Evidence, key: string): number {
  const value = evidence[key];
  return typeof value === 'number' ? value : 0;
}

function textOf(id: string, { conditions }: ReadinessTexts) {
  return Object.hasOwn(conditions, id) ? conditions[id as ConditionId] : undefined;
}
