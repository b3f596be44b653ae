import type { Municipality, Site } from '@ppe-pulse/protocol';
import { mbitText, useRegistryWords, type RegistryWords } from './use-registry-words.ts';

interface SiteCellsProps {
  readonly site: Site;
  readonly municipalities: readonly Municipality[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** A site in a line. */
export function SiteCells({ site, municipalities, isOpen, onToggle }: SiteCellsProps) {
  const words = useRegistryWords();
  const { own } = words;
  const place = municipalities.find(({ slug }) => slug === site.municipality);
  const workstations = site.rooms.reduce((sum, room) => sum + room.workstations.length, 0);
  const speed = site.contractBytesPerSecond;
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={own.openSite(site.code)}
          onClick={onToggle}
        >
          {site.code}
        </button>
      </th>
      <td className="site-name-cell" title={site.name}>
        {site.name}
      </td>
      <td>{place?.name ?? site.municipality}</td>
      <td>{kindText(words, site)}</td>
      <td className="number">{words.number(site.rooms.length)}</td>
      <td className="number">{words.number(workstations)}</td>
      <td className="site-provider" title={site.provider ?? ''}>
        {site.provider ?? own.none}
      </td>
      <td className="number">{speed === null ? own.none : mbitText(words, speed)}</td>
      <td className="number">{site.dutyPhone ?? own.none}</td>
    </tr>
  );
}

/** `ППЭ, основной`. */
function kindText({ own }: RegistryWords, { kind, period, commission }: Site): string {
  const more = period === null ? '' : own.periods[period];
  const which = commission === null ? more : own.commissions[commission];
  return which === '' ? own.siteKinds[kind] : `${own.siteKinds[kind]}, ${which}`;
}
