import { alertRules, nearest } from '@ppe-pulse/protocol';
import { EVERYONE, RoutingSchema, type Route, type Routing } from './routing.ts';
import { shapeProblems, type ShapeProblem } from './shape-problems.ts';

/** What a document may name. */
export interface Nameable {
  readonly webhookIds: readonly string[];
  readonly municipalities: readonly string[];
  readonly siteCodes: readonly string[];
}

export type RoutingOutcome =
  | { readonly ok: true; readonly routing: Routing }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

/** Judges a document of routes: its shape, then what it names. Pure. */
export function checkRouting(value: unknown, nameable: Nameable): RoutingOutcome {
  const shape = shapeProblems(RoutingSchema, value);
  if (shape.length > 0) return { ok: false, problems: shape };
  const routing = value as Routing;
  const problems = [
    ...repeatedNames(routing.routes),
    ...routing.routes.flatMap((route, at) => routeProblems(route, `routes.${at}`, nameable)),
  ];
  return problems.length === 0 ? { ok: true, routing } : { ok: false, problems };
}

function repeatedNames(routes: readonly Route[]): readonly ShapeProblem[] {
  return routes.flatMap(({ name }, at) => {
    const isFirst = routes.findIndex((each) => each.name === name) === at;
    const path = `routes.${at}.name`;
    if (/\p{Cc}/u.test(name)) return [problem(path, 'controlCharacters', 'must be one line')];
    return isFirst ? [] : [problem(path, 'nameTaken', `“${name}” is the name of another route`)];
  });
}

function routeProblems(route: Route, path: string, nameable: Nameable): readonly ShapeProblem[] {
  const { match, webhooks, escalation = [] } = route;
  const kinds = alertRules.map(({ kind }) => kind);
  const { municipalities, siteCodes, webhookIds } = nameable;
  const known = [EVERYONE, ...webhookIds];
  const { hours } = match;
  const isNoTime = hours !== undefined && hours.from === hours.to;
  return [
    ...unknown(match.municipalities, municipalities, {
      path: `${path}.match.municipalities`,
      reason: 'unknownMunicipality',
    }),
    ...unknown(match.sites, siteCodes, { path: `${path}.match.sites`, reason: 'unknownSite' }),
    ...unknown(match.checks, kinds, { path: `${path}.match.checks`, reason: 'unknownCheck' }),
    ...(isNoTime
      ? [
          problem(
            `${path}.match.hours`,
            'emptyHours',
            'begins and ends at the same minute; leave it out for the whole day',
          ),
        ]
      : []),
    ...unknown(webhooks, known, { path: `${path}.webhooks`, reason: 'unknownWebhook' }),
    ...escalation.flatMap((step, at) =>
      unknown(step.webhooks, known, {
        path: `${path}.escalation.${at}.webhooks`,
        reason: 'unknownWebhook',
      }),
    ),
    ...escalation.flatMap(({ afterMinutes }, at) =>
      at > 0 && afterMinutes <= (escalation[at - 1]?.afterMinutes ?? 0)
        ? [
            problem(
              `${path}.escalation.${at}.afterMinutes`,
              'notLater',
              'must be later than the step before',
            ),
          ]
        : [],
    ),
  ];
}

function unknown(
  names: readonly string[] | undefined,
  known: readonly string[],
  at: { readonly path: string; readonly reason: string },
): readonly ShapeProblem[] {
  return (names ?? []).flatMap((name, index) => {
    if (known.includes(name)) return [];
    const near = nearest(name, known);
    const hint = near === undefined ? '' : `; did you mean “${near}”?`;
    return [problem(`${at.path}.${index}`, at.reason, `“${name}” is not known${hint}`)];
  });
}

function problem(path: string, reason: string, text: string): ShapeProblem {
  return { path, reason, detail: `${path}: ${text}` };
}
