import type { Verdict } from '@ppe-pulse/protocol';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { ownText, type Words } from '../text/texts.ts';
import { dayStateEn } from './day-state-en.ts';
import { dayStateRu } from './day-state-ru.ts';
import { MASS_SILENCE_SHARE, type DayState } from './day-states.ts';

/** How a state looks: a shape and a ground of its own; only trouble has colours of trouble. */
export type DayTone = 'played' | 'fail' | 'unknown' | 'warn' | 'drill' | 'quiet';

/** A state as a line of the wall. */
export interface DayLine {
  readonly tone: DayTone;
  readonly glyph: Verdict;
  readonly text: string;
  /** For where there is no room for the line. */
  readonly short: string;
}

/** What a line is written with. */
export interface LineWords {
  readonly words: Words;
  /** A moment of the day that is shown: `18:40`, `14.05 18:40` of another day. */
  readonly dayTime: (dayMs: number) => string;
  /** The same of a moment of the wall. */
  readonly wallTime: (wallMs: number) => string;
  /** Whole days of the calendar between now and a moment of the day. */
  readonly daysUntil: (dayMs: number) => number;
}

/** The line of a state, and the word for it. */
export function dayLineOf(state: DayState, context: LineWords): DayLine {
  return { ...wholeLineOf(state, context), short: dayStateTexts(context.words).short[state.kind] };
}

function wholeLineOf(state: DayState, context: LineWords): Line {
  const { words, dayTime, wallTime } = context;
  const { count, number, page, language } = words;
  const own = dayStateTexts(words);
  switch (state.kind) {
    case 'playedDay':
      return line('played', 'silentByRule', playedText(words, state.speed));
    case 'allSimulated':
      return line('played', 'silentByRule', own.allSimulated);
    case 'massSilence': {
      const { silent, expected, share } = state;
      const sites = count(expected, own.sites);
      const text = own.massSilence(number(silent), sites, formatValue(share, 'ratio', language));
      const threshold = own.threshold(percent(MASS_SILENCE_SHARE));
      return line('unknown', 'unknown', `${text}, ${threshold}`);
    }
    case 'collectorInDoubt':
      return line('fail', 'fail', warningText(words, state.token));
    case 'collectorWarns':
      return line('warn', 'warn', warningText(words, state.token));
    case 'noPlan':
      return line('unknown', 'unknown', own.noPlan);
    case 'beforeDay':
      return line('quiet', 'silentByRule', beforeText(state, context));
    case 'afterDay':
      return line('quiet', 'ok', own.after(dayTime(state.closedAtMs)));
    case 'drill':
      return line('drill', 'warn', own.drill(count(state.incidents, own.drilledIncidents)));
    case 'someSimulated': {
      const sites = count(state.sites, own.sitesAre);
      const text = own.someSimulated(sites, count(state.workstations, page.workstations));
      return line('played', 'silentByRule', text);
    }
    case 'planChanged':
      return line('warn', 'warn', own.planChanged(number(state.version)));
    case 'planEditing':
      return line('warn', 'warn', own.planEditing(state.by, wallTime(state.sinceMs)));
    case 'silences': {
      const incidents = count(state.incidents, own.silencedIncidents);
      const { nextEndsAtMs } = state;
      const text =
        nextEndsAtMs === null
          ? own.silences(incidents)
          : own.silencesUntil(incidents, wallTime(nextEndsAtMs));
      return line('quiet', 'silentByRule', text);
    }
    case 'silentByRule': {
      const sites = count(state.sites, own.sites);
      const workstations = count(state.workstations, page.workstations);
      const text =
        state.untilMs === null
          ? own.silentByRule(sites, workstations)
          : own.silentByRuleUntil(sites, workstations, dayTime(state.untilMs));
      return line('quiet', 'silentByRule', text);
    }
  }
}

/** Words of the kind of day in the page's language. */
export function dayStateTexts({ language }: Pick<Words, 'language'>) {
  return language === 'ru' ? dayStateRu : dayStateEn;
}

type Line = Omit<DayLine, 'short'>;

function line(tone: DayTone, glyph: Verdict, text: string): Line {
  return { tone, glyph, text };
}

function playedText(words: Words, speed: number): string {
  const own = dayStateTexts(words);
  return speed === 1 ? own.playedInRealTime : own.playedDay(words.number(speed));
}

function beforeText(
  { opensAtMs, ready, involved }: Extract<DayState, { kind: 'beforeDay' }>,
  { words, dayTime, daysUntil }: LineWords,
): string {
  const own = dayStateTexts(words);
  const state =
    involved > 0
      ? own.preparing(words.number(ready), words.count(involved, own.sites))
      : own.preparingOnly;
  const days = daysUntil(opensAtMs);
  return days > 0
    ? own.before(words.count(days, words.page.days), state)
    : own.today(dayTime(opensAtMs), state);
}

/** A token of a newer collector is shown as it is. */
function warningText(words: Words, token: string): string {
  return ownText(dayStateTexts(words).warnings, token) ?? token;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
