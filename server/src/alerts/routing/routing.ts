import { idOf, incidentLevels, phases, severities } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';

/** Stands for every webhook that is enabled, also those that come later. */
export const EVERYONE = '*';

const MAX_ROUTES = 50;
const MAX_LISTED = 200;
const MAX_STEPS = 10;
/** A day: later nobody waits for anybody any more. */
const MAX_MINUTES = 1_440;

const closed = { additionalProperties: false };
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });
const Webhooks = Type.Array(Type.String({ pattern: '^(\\*|wh-[0-9]{1,12})$' }), {
  minItems: 1,
  maxItems: MAX_LISTED,
});
const Minutes = Type.Integer({ minimum: 1, maximum: MAX_MINUTES });
const Some = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Array(schema, { minItems: 1, maxItems: MAX_LISTED }));

/** Hours of the region's clock; `from` after `to` passes midnight. */
export const HoursSchema = Type.Object({ from: TimeOfDay, to: TimeOfDay }, closed);
export type Hours = Static<typeof HoursSchema>;

/**
 * What a route is for; what is missing asks for nothing. Of a wider incident one of its sites is enough
 * for `municipalities`, `sites` and `phases`. An incident of the collector itself has none of these.
 */
export const RouteMatchSchema = Type.Object(
  {
    severities: Some(Type.Enum([...severities])),
    /** Slugs. */
    municipalities: Some(Type.String({ maxLength: 100 })),
    sites: Some(idOf('siteCode')),
    /** Kinds of incidents: ids of checks without a device's number. */
    checks: Some(Type.String({ maxLength: 100 })),
    phases: Some(Type.Enum([...phases])),
    levels: Some(Type.Enum([...incidentLevels])),
    hours: Type.Optional(HoursSchema),
  },
  closed,
);
export type RouteMatch = Static<typeof RouteMatchSchema>;

/** Who is told of what. */
export const RouteSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    match: RouteMatchSchema,
    webhooks: Webhooks,
    /** True: routes below are looked at, too. */
    continues: Type.Boolean(),
    /** Who is told when nobody took it so many minutes after it opened. */
    escalation: Type.Optional(
      Type.Array(Type.Object({ afterMinutes: Minutes, webhooks: Webhooks }, closed), {
        minItems: 1,
        maxItems: MAX_STEPS,
      }),
    ),
    /** Warnings are collected and told together; what is critical is told at once. */
    digest: Type.Optional(Type.Object({ everyMinutes: Minutes }, closed)),
  },
  closed,
);
export type Route = Static<typeof RouteSchema>;

/** The document of routes, the first that matches holds. */
export const RoutingSchema = Type.Object(
  { routes: Type.Array(RouteSchema, { minItems: 1, maxItems: MAX_ROUTES }) },
  closed,
);
export type Routing = Static<typeof RoutingSchema>;

/** Where nobody wrote one: everybody, of what is critical at once, of warnings every 15 minutes. */
export const defaultRouting: Routing = {
  routes: [
    {
      name: 'default',
      match: {},
      webhooks: [EVERYONE],
      continues: false,
      digest: { everyMinutes: 15 },
    },
  ],
};
