import { kindText } from '@ppe-pulse/protocol/texts';
import type { RouteDocument } from './alert-shapes.ts';
import { tokenText, type AlertWords } from './use-alert-words.ts';

const EVERYONE = '*';

/** Names by what a document of routes writes. */
export interface RouteNames {
  readonly webhooks: ReadonlyMap<string, string>;
  readonly municipalities: ReadonlyMap<string, string>;
}

/** A route in words: of what, when, to whom, and who is told next. */
export function routeText(
  words: Pick<AlertWords, 'own' | 'incident' | 'language'>,
  route: RouteDocument,
  names: RouteNames,
): string {
  const { route: own } = words.own;
  const receivers = (ids: readonly string[]): string =>
    ids.map((id) => (id === EVERYONE ? own.everyone : (names.webhooks.get(id) ?? id))).join(', ');
  return [
    ...matchTexts(words, route.match, names.municipalities),
    own.to(receivers(route.webhooks)),
    ...(route.escalation ?? []).map(({ afterMinutes, webhooks }) =>
      own.escalation(afterMinutes, receivers(webhooks)),
    ),
    ...(route.digest ? [own.digest(route.digest.everyMinutes)] : []),
    ...(route.continues ? [own.continues] : []),
  ].join('; ');
}

function matchTexts(
  { own, incident, language }: Pick<AlertWords, 'own' | 'incident' | 'language'>,
  match: RouteDocument['match'],
  names: RouteNames['municipalities'],
): readonly string[] {
  const { severities, municipalities, sites, checks, phases, levels, hours } = match;
  const listed = (
    tokens: readonly string[] | undefined,
    textOf: (token: string) => string,
  ): readonly string[] => (tokens ? [tokens.map(textOf).join(', ')] : []);
  const texts = [
    ...listed(severities, (token) => tokenText(incident.severities, token)),
    ...listed(checks, (kind) => kindText({ kind, device: null }, language)),
    ...listed(levels, (token) => tokenText(incident.levels, token)),
    ...listed(phases, (token) => tokenText(incident.phases, token)),
    ...listed(
      municipalities && [municipalities.map((slug) => names.get(slug) ?? slug).join(', ')],
      own.route.municipalities,
    ),
    ...(sites ? [own.route.sites(sites.join(', '))] : []),
    ...(hours ? [own.route.hours(hours.from, hours.to)] : []),
  ];
  return texts.length === 0 ? [own.route.everything] : texts;
}
