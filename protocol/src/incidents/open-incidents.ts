import type { OpenIncident } from './incident-view.ts';
import type { TreeNode } from './tree.ts';

/** What an incident begins with. */
export type Beginning = Pick<OpenIncident, 'id' | 'kind' | 'node' | 'cause' | 'openedAtMs'> &
  Partial<Pick<OpenIncident, 'told'>>;

/** Open incidents by id, and by their node and cause: there is one of each. */
export class OpenIncidents {
  readonly #byId = new Map<string, OpenIncident>();
  readonly #byPlace = new Map<string, OpenIncident>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string | null): OpenIncident | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  /** The one that goes on at a node for a cause. */
  at(node: TreeNode, cause: string): OpenIncident | undefined {
    const incident = this.#byPlace.get(keyOf(node, cause));
    return incident?.ended ? undefined : incident;
  }

  all(): IterableIterator<OpenIncident> {
    return this.#byId.values();
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  /** Nodes of incidents of a cause that several rooms or workstations may share. */
  sharedNodes(cause: string): TreeNode[] {
    return [...this.#byId.values()]
      .filter((incident) => incident.cause === cause && !incident.ended && isShared(incident))
      .map(({ node }) => node);
  }

  begin({ told = null, ...beginning }: Beginning): OpenIncident {
    const incident: OpenIncident = {
      ...beginning,
      faults: new Set(),
      everSites: new Set(told?.siteCodes),
      told,
      weakSinceMs: null,
      ended: null,
      lastGone: 'healed',
    };
    this.#byId.set(incident.id, incident);
    this.#byPlace.set(keyOf(incident.node, incident.cause), incident);
    return incident;
  }

  /** It goes on with another cause. */
  rekey(incident: OpenIncident, cause: string): void {
    this.#vacate(incident);
    incident.cause = cause;
    this.#byPlace.set(keyOf(incident.node, cause), incident);
  }

  remove(incident: OpenIncident): void {
    this.#byId.delete(incident.id);
    this.#vacate(incident);
  }

  /** Its node is free for another; that of one that has it already stays. */
  #vacate(incident: OpenIncident): void {
    const key = keyOf(incident.node, incident.cause);
    if (this.#byPlace.get(key) === incident) this.#byPlace.delete(key);
  }
}

/** Incidents that several rooms, or several workstations, may share. */
export function isShared({ node: { level } }: Pick<OpenIncident, 'node'>): boolean {
  return level !== 'station' && level !== 'device' && level !== 'collector';
}

function keyOf(node: TreeNode, cause: string): string {
  return `${node.id} ${cause}`;
}
