import { useMemo } from 'react';
import { severities, type Incident } from '@ppe-pulse/protocol';
import { useLive } from '../live/use-live.ts';
import type { IncidentFilters } from './filters.ts';
import { useMunicipalityNames } from './MunicipalityNames.tsx';
import { municipalityName } from './node-name.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** The filters of the list; municipalities are those that have something open. */
export function IncidentFilterBar({
  incidents,
  filters,
  onChange,
}: {
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly filters: IncidentFilters;
  readonly onChange: (filters: IncidentFilters) => void;
}) {
  const { own, incident: texts } = useIncidentWords();
  const registry = useLive((state) => state.registry);
  const names = useMunicipalityNames();
  const slugs = useMemo(
    () =>
      [...new Set([...incidents.values()].flatMap(({ municipality }) => municipality ?? []))]
        .map((slug) => ({ slug, name: municipalityName({ registry, incidents, names }, slug) }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    [incidents, registry, names],
  );
  const put = (part: Partial<IncidentFilters>): void => onChange({ ...filters, ...part });
  return (
    <form className="fields" aria-label={own.filters} onSubmit={(event) => event.preventDefault()}>
      <label>
        {own.severity}
        <select
          value={filters.severity}
          onChange={({ target }) =>
            put({ severity: severities.find((each) => each === target.value) ?? 'any' })
          }
        >
          <option value="any">{own.anySeverity}</option>
          {severities.map((severity) => (
            <option key={severity} value={severity}>
              {texts.severities[severity]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {own.municipality}
        <select
          value={filters.municipality}
          onChange={({ target }) => put({ municipality: target.value })}
        >
          <option value="any">{own.anyMunicipality}</option>
          <option value="wide">{own.wide}</option>
          {slugs.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {own.whose}
        <select
          value={filters.whose}
          onChange={({ target }) =>
            put({ whose: whoses.find((each) => each === target.value) ?? 'all' })
          }
        >
          <option value="all">{own.whoseAll}</option>
          <option value="mine">{own.whoseMine}</option>
          <option value="untaken">{own.whoseUntaken}</option>
        </select>
      </label>
    </form>
  );
}

const whoses = ['all', 'mine', 'untaken'] as const;
