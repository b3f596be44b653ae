import { Type, type Static, type TSchema } from 'typebox';
import {
  deviceKinds,
  dutyRoles,
  incidentLevels,
  MAX_LISTED_SITES,
  resolutions,
  severities,
  verdicts,
} from '@ppe-pulse/protocol';
import { alertKinds } from '../../alert.ts';

/** Name of the shape; a change that breaks readers gets a new one, additions do not. */
export const ALERT_SCHEMA = 'ppe-pulse.alert.v1';
/** Incidents that a digest lists; `digestTotal` counts all. */
export const MAX_DIGEST_INCIDENTS = 100;

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const flag = (description: string) => Type.Boolean({ description });
const moment = (description: string) =>
  Type.String({ format: 'date-time', description: `${description} RFC 3339, UTC.` });
const token = (values: readonly string[], description: string) =>
  Type.Enum([...values], { description });

const DeviceSchema = Type.Object({
  kind: token(deviceKinds, 'Kind of the device.'),
  number: Type.Integer({ minimum: 1, description: 'From 1 on its workstation.' }),
});

const IncidentSchema = Type.Object({
  id: text('Number of the incident, the same for its whole life: i-17.'),
  kind: text(
    'Id of the check that failed, without a device’s number; collector.line, collector.store.',
  ),
  reason: text('Token of the reason; docs/alerts.md says what to do. New ones may come.'),
  verdict: token(verdicts, 'Verdict of the check.'),
  severity: token(severities, 'What must be done now, and what can wait.'),
  level: token(incidentLevels, 'How wide it is.'),
  node: text('Node of the tree: room:4216-0012.'),
  site: OrNull(text('Code of the site, four digits; null where it is wider.')),
  room: OrNull(text('Code of the room, four digits; 7777 is the Штаб.')),
  workstation: OrNull(text('Id of the workstation.')),
  device: OrNull(DeviceSchema),
  municipality: OrNull(text('Slug of the municipality.')),
  provider: OrNull(text('Provider, as the registry names it; of its own incidents.')),
  stations: count('Workstations that it covers now.'),
  peakStations: count('Workstations that it covered at the most.'),
  sites: count('Sites that it covers.'),
  siteCodes: Type.Array(Type.String(), {
    maxItems: MAX_LISTED_SITES,
    description: `Codes of the sites, ${MAX_LISTED_SITES} at the most.`,
  }),
  evidence: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean(), Type.String()]), {
    description: 'What the verdict rests on.',
  }),
  openedAt: moment('When it opened.'),
  resolvedAt: OrNull(moment('When it ended.')),
  resolution: OrNull(token(resolutions, 'Why it ended.')),
  foldedInto: OrNull(text('Id of the wider incident that goes on.')),
  acknowledgedAt: OrNull(moment('When somebody took it.')),
  assignee: OrNull(token(dutyRoles, 'Post that it is assigned to.')),
  isUnstable: flag('It comes and goes.'),
  isUnheard: flag('Nobody hears the workstations: it may be over.'),
  isSimulated: flag('Only simulated workstations are in it.'),
  isDrill: flag('Rehearsed on purpose.'),
  title: text('One sentence in the receiver’s language: where and what.'),
  url: OrNull(text('Where the board shows it.')),
});

/** The body of a delivery in the format `json`. Fields are added, never renamed or retyped. */
export const AlertEventSchema = Type.Object({
  schema: Type.Literal(ALERT_SCHEMA),
  id: text('Id of the event, the same for every attempt: the header webhook-id.'),
  kind: token(alertKinds, 'Why this is told. resolved and folded close the incident.'),
  at: moment('When it was decided.'),
  isDrill: flag('A test of the way here, or rehearsed on purpose: nobody has to do anything.'),
  isSimulated: flag('Only simulated workstations are in it.'),
  language: token(['ru', 'en'], 'Language of headline, lines and titles.'),
  headline: text('One line: what happened, where, how much it hits, since when.'),
  lines: Type.Array(Type.String(), { description: 'More lines for people.' }),
  incident: IncidentSchema,
  digest: Type.Array(IncidentSchema, {
    maxItems: MAX_DIGEST_INCIDENTS,
    description: 'Of a digest: its incidents, worst first; empty otherwise.',
  }),
  digestTotal: count('Incidents of the digest.'),
  collector: Type.Object({
    version: text('Version of the collector.'),
    url: OrNull(text('Where the board is.')),
  }),
});
export type AlertEventBody = Static<typeof AlertEventSchema>;
export type AlertEventIncident = Static<typeof IncidentSchema>;

/** The schema as it is published: a plain document that any validator takes. */
export function alertEventSchema(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:ppe-pulse:alert-event:v1',
    title: 'ППЭ·Пульс: alert event',
    ...(JSON.parse(JSON.stringify(AlertEventSchema)) as object),
  };
}
