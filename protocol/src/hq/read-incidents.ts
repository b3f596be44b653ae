import { Compile } from 'typebox/compile';
import type { Incidents } from '../messages/agent.ts';
import { HqIncidentSchema, type HqIncident } from './hq-incident.ts';

const fields = new Set(Object.keys(HqIncidentSchema.properties));

/**
 * Reads the items of an `incidents` frame. Those that are none (of a newer collector, with a word
 * that is not known yet) are left out: one odd item must not cost a ППЭ its line. Fields that are not
 * known are not kept. Compiles its validator, so make it once.
 */
export function createIncidentsReader(): (items: Incidents['items']) => HqIncident[] {
  const check = Compile(HqIncidentSchema);
  return (items) =>
    items
      .filter((each): each is HqIncident => check.Check(each))
      .map((each) => Object.fromEntries(Object.entries(each).filter(isKnown)) as HqIncident);
}

function isKnown([name]: [string, unknown]): boolean {
  return fields.has(name);
}
