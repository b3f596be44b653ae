import { Link } from 'wouter';
import { HQ_ROOM_CODE } from '@ppe-pulse/protocol';
import { groupsOf } from '../rooms/room-facts.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { roleName } from '../ui/places.ts';
import { hqBlock } from './hq-block.ts';
import { stationOf, type SiteWorkstation } from './site-answer.ts';
import { usePpeWords } from './use-ppe-words.ts';

/** The Штаб of the ППЭ apart from its rooms: lines outwards, power, clock. */
export function HqBlock({
  items,
  nowMs,
}: {
  readonly items: readonly SiteWorkstation[];
  readonly nowMs: number;
}) {
  const words = usePpeWords();
  const { own, domain, page } = words;
  const stations = items
    .filter(({ roomCode }) => roomCode === HQ_ROOM_CODE)
    .map((each) => stationOf(each, nowMs));
  const lines = hqBlock(words, items, nowMs);
  return (
    <section className="panel" aria-label={own.hq} data-testid="hq-block">
      <h2>{own.hq}</h2>
      {stations.length === 0 && <p className="quiet">{own.hqAbsent}</p>}
      <ul className="ppe-hq-stations">
        {groupsOf({ workstations: stations }).map(({ placement, worst, count }) => (
          <li key={`${placement.duty} ${placement.role}`}>
            <Glyph verdict={worst.verdict} label={domain.verdicts[worst.verdict]} />{' '}
            <Link href={`/workstations/${worst.id}`}>
              {roleName(words, placement.role)}
              {placement.duty === 'reserve' && `, ${page.reserve}`}
              {count > 1 && ` ${own.times(count)}`}
            </Link>
          </li>
        ))}
      </ul>
      <dl className="ppe-hq">
        {lines.map(({ id, verdict, text, title, workstationId }) => (
          <div key={id} data-testid={`hq-${id}`} title={title}>
            <dt>{own.hqLines[id]}</dt>
            <dd className={`ppe-hq-${verdict}`}>
              <Glyph verdict={verdict} label={domain.verdicts[verdict]} />{' '}
              {workstationId === undefined ? (
                text
              ) : (
                <Link href={`/workstations/${workstationId}`}>{text}</Link>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
