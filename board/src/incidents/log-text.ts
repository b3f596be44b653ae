import type { LogEntryAnswer } from './shapes.ts';
import type { IncidentWords } from './use-incident-words.ts';

/** What an entry of the history says beside its note: «звонок: не отвечают». */
export function logText(
  { own, incident }: Pick<IncidentWords, 'own' | 'incident'>,
  { kind, details }: Pick<LogEntryAnswer, 'kind' | 'details'>,
  time: (wallMs: number) => string,
): string {
  const kinds = incident.logKinds;
  const name = (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? kind;
  const word = wordOf(incident, details);
  if (kind === 'drill' && details.isDrill === false) return own.drillOff;
  if (kind === 'assign' && details.assignee === null) return own.unassigned;
  if (kind === 'snooze' && details.untilMs === null) return own.snoozeOff;
  const until = details.untilMs;
  if (typeof until === 'number') return `${name} ${own.until(time(until))}`;
  return word === undefined ? name : `${name}: ${word}`;
}

/** The one word that an entry carries: the assignee, the outcome of a call, the cause. */
function wordOf(
  incident: IncidentWords['incident'],
  details: LogEntryAnswer['details'],
): string | undefined {
  const { assignee, outcome, resolution } = details;
  const tables: readonly (readonly [unknown, Readonly<Record<string, string>>])[] = [
    [assignee, incident.dutyRoles],
    [outcome, incident.callOutcomes],
    [resolution, incident.resolutions],
  ];
  for (const [token, words] of tables)
    if (typeof token === 'string') return Object.hasOwn(words, token) ? words[token] : token;
  return undefined;
}
