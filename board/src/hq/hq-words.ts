import { adviceFor, nameOf } from '@ppe-pulse/protocol/texts';
import { hqEn } from '../text/hq-en.ts';
import { hqRu } from '../text/hq-ru.ts';
import type { HqTexts } from '../text/hq-texts.ts';
import { ownText, reasonText, useWords, type Words } from '../text/texts.ts';
import { roomName } from '../ui/places.ts';
import type { Cause } from './causes.ts';
import type { RoomWords } from '../rooms/cell-text.ts';
import { coarseAge } from '../rooms/coarse-age.ts';
import type { Subject } from '../rooms/columns.ts';
import type { Since } from './hq-state.ts';
import type { Census } from '../rooms/standing.ts';

/** The words of all pages and those of the Штаб's. */
export interface HqWords extends RoomWords {
  readonly hq: HqTexts;
}

export function useHqWords(): HqWords {
  return hqWordsOf(useWords());
}

export function hqWordsOf(words: Words): HqWords {
  const hq = words.language === 'ru' ? hqRu : hqEn;
  return { ...words, hq, rooms: hq };
}

/** `Принтер: замятие бумаги`, `Камера 2: не отвечает`, and not `Сканер: сканер не найден`. */
export function causeTitle(words: HqWords, cause: Cause): string {
  const name = subjectName(words, cause);
  if (cause.subject !== 'uplink' && cause.subject.base === 'clone') return name;
  const reason = causeReason(words, cause);
  const [first = name] = name.split(' ', 1);
  const saysItself = reason.toLowerCase().startsWith(`${first.toLowerCase()} `);
  return saysItself && !/\d/.test(name) ? capital(reason) : `${name}: ${reason}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function causeReason(words: HqWords, { subject, reason }: Cause): string {
  if (subject !== 'uplink') return reasonText(words, reason);
  return ownText(words.hq.uplinkReasons, reason) ?? reason;
}

function subjectName({ hq, domain }: HqWords, { subject, places }: Cause): string {
  if (subject === 'uplink') return hq.subjects.uplink;
  const { kind, base } = subject;
  if (base === 'heartbeat' || base === 'clone') return hq.subjects[base];
  if (kind === undefined) return nameOf(domain.checks, base);
  const numbers = new Set(places.map(({ number }) => number));
  const [number] = numbers;
  const isNumbered = numbers.size === 1 && number !== undefined && isTold(subject, number);
  return isNumbered ? `${hq.subjects[kind]} ${number}` : hq.subjects[kind];
}

function isTold({ kind }: Subject, number: number): boolean {
  return kind === 'camera' || (kind !== undefined && number > 1);
}

/** What to do about it. */
export function adviceOf({ hq, language }: HqWords, cause: Cause): string {
  const { advice } = hq;
  if (cause.subject === 'uplink')
    return cause.reason === 'stopped' ? advice.uplink.stopped : advice.uplink.cut;
  if (cause.advice !== 'byReason') return advice[cause.advice];
  return adviceFor(cause.subject.base, cause.reason, language);
}

/** One place of a cause, as a person finds it: the room, and what there. */
export interface PlaceLabel {
  readonly roomCode: string;
  readonly text: string;
}

/** Places of a cause, one a room and device: `ауд. 0012 · станция печати`, `ауд. 0003 · камера 1`. */
export function placeLabels(words: HqWords, { places, subject }: Cause): PlaceLabel[] {
  const numbers = new Set(places.map(({ number }) => number));
  const counts = new Map<string, PlaceLabel & { count: number }>();
  for (const { workstation, number } of places) {
    const { placement } = workstation;
    const parts = [roomName(words, placement.roomCode)];
    if (places.length === 1) parts.push(words.domain.roles[placement.role]);
    if (placement.duty === 'reserve') parts.push(words.page.reserve);
    if (placement.simulated) parts.push(words.page.simulated);
    if (numbers.size > 1 && subject !== 'uplink' && isTold(subject, number))
      parts.push(words.hq.numbered[subject.kind ?? 'camera']?.(number) ?? '');
    const text = parts.join(' · ');
    const count = (counts.get(text)?.count ?? 0) + 1;
    counts.set(text, { roomCode: placement.roomCode, text, count });
  }
  return [...counts.values()].map(({ roomCode, text, count }) => ({
    roomCode,
    text: count > 1 ? `${text} ×${count}` : text,
  }));
}

/** How long it lasts, as far as this page knows. */
export function sinceText(words: HqWords, cause: Cause, nowMs: number): string {
  const { hq, language } = words;
  const { since } = cause;
  if (!since) return '';
  const age = coarseAge(Math.max(0, nowMs - since.atMs), language, hq.justNow);
  if (age === hq.justNow) return since.isAtLeast ? '' : age;
  if (isSilence(cause)) return hq.silentFor(age);
  return saidAge(hq, since, age);
}

function saidAge(hq: HqTexts, since: Since, age: string): string {
  return since.isAtLeast ? hq.sinceAtLeast(age) : hq.since(age);
}

function isSilence({ subject, verdict }: Cause): boolean {
  return subject !== 'uplink' && subject.base === 'heartbeat' && verdict === 'unknown';
}

/** `12 из 12 рабочих мест на связи, 3 по плану без сети`. */
export function censusText({ hq, count }: HqWords, census: Census): string {
  const parts = [hq.heard(census.live, count(census.total, hq.ofWorkstations))];
  if (census.byRule > 0) parts.push(hq.byRule(census.byRule));
  if (census.carried > 0) parts.push(hq.carriedCount(census.carried));
  return parts.join(', ');
}
