import { Link } from 'wouter';
import { incidentTitle, kindText, type PlaceNames } from '@ppe-pulse/protocol/texts';
import { Glyph } from '../ui/Glyph.tsx';
import { fitted } from './fit.ts';
import type { FloodGroup } from './flood.ts';
import { capitalised, incidentGlyph } from './incident-parts.ts';
import { usePlaceNames } from './place-names.ts';
import { More, useRows } from './ProblemList.tsx';
import { Age, ProblemRow } from './ProblemRow.tsx';
import { useWallSideWords, type WallSideWords } from './use-wall-side-words.ts';
import type { Density } from '../display/density.ts';

const MINUTE_MS = 60_000;

/** «лавина: 34 за 10 мин»: the list is another one now, and why. */
export function FloodBanner({
  count,
  windowMs,
}: {
  readonly count: number;
  readonly windowMs: number;
}) {
  const { side, number } = useWallSideWords();
  return (
    <p className="flood-banner" role="status" data-testid="flood">
      <Glyph verdict="fail" />
      <strong>{side.flood(number(count), number(windowMs / MINUTE_MS))}</strong>
      <span>{side.floodHint}</span>
    </p>
  );
}

/** Causes instead of incidents; one that stands alone is a line as any other. */
export function FloodList({
  groups,
  density,
  leastRows,
}: {
  readonly groups: readonly FloodGroup[];
  readonly density: Density;
  readonly leastRows: number;
}) {
  const { list, rows, style } = useRows(density, leastRows);
  const { shown, hidden } = fitted(groups, rows);
  return (
    <>
      <ol ref={list} className="problem-list" style={style} data-testid="incidents">
        {shown.map((group) =>
          group.incidents.length === 1 && !group.isFirstOut ? (
            <ProblemRow key={group.first.id} incident={group.first} />
          ) : (
            <GroupRow key={group.first.id} group={group} />
          ),
        )}
      </ol>
      <More hidden={hidden.flatMap(({ incidents }) => incidents)} />
    </>
  );
}

function GroupRow({ group }: { readonly group: FloodGroup }) {
  const words = useWallSideWords();
  const { side, count, incident: texts, language } = words;
  const names = usePlaceNames();
  const { first, incidents, ownerless, sites, isCritical, isFirstOut } = group;
  const severity = isCritical ? 'critical' : 'warning';
  const firstTitle = incidentTitle(first, language, names);
  return (
    <li
      className={`problem problem-${severity} problem-group`}
      data-testid="flood-group"
      data-incident={first.id}
    >
      <Glyph verdict={isCritical ? incidentGlyph({ ...first, severity }) : 'warn'} />
      <Age incident={first} />
      <div className="problem-what">
        <Link href={`/incidents/${first.id}`} className="incident-title">
          {isFirstOut && <em className="first-out">{side.firstOut}</em>}
          <span>{causeText(words, group, names)}</span>
          <span className="unseen">, {texts.severities[severity]}</span>
        </Link>
        <div className="problem-line">
          <p className="problem-where" title={firstTitle}>
            <span className="problem-place">
              {count(incidents.length, side.incidentCount)} · {count(sites, side.sites)} ·{' '}
              {side.firstWas(firstTitle)}
            </span>
          </p>
          <div className="problem-owner">
            {ownerless > 0 && <span className="no-owner">{count(ownerless, side.ownerless)}</span>}
          </div>
        </div>
      </div>
    </li>
  );
}

function causeText(words: WallSideWords, { cause, first }: FloodGroup, names: PlaceNames): string {
  const { side, language } = words;
  const nameOf = (slug: string): string => names.municipality?.(slug) ?? slug;
  switch (cause.by) {
    case 'incident':
      return incidentTitle(first, language, names);
    case 'municipality':
      return side.manyFaultsIn(nameOf(cause.municipality));
    case 'kind': {
      const kind = kindText({ kind: cause.kind, device: null }, language);
      return cause.municipality === null
        ? capitalised(kind)
        : side.faultIn(kind, nameOf(cause.municipality));
    }
  }
}
