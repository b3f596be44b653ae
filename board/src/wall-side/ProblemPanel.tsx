import { useMemo, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Incident } from '@ppe-pulse/protocol';
import { linesOf } from '../incidents/order.ts';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { useListClock } from '../incidents/use-incident-clock.ts';
import { useListKeys } from '../incidents/use-list-keys.ts';
import { useLive } from '../live/use-live.ts';
import { useMayActOn } from '../session/use-session.ts';
import { Calm } from './Calm.tsx';
import { FLOOD_WINDOW_MS, floodGroups } from './flood.ts';
import { FloodBanner, FloodList } from './FloodList.tsx';
import { isSameLoss, massLossOf } from './mass-loss.ts';
import { MassLossPanel } from './MassLossPanel.tsx';
import { ProblemList } from './ProblemList.tsx';
import { tallyOf, wallOrder } from './side-order.ts';
import { useFlood } from './use-flood.ts';
import { useKept } from './use-kept.ts';
import { useWallSideWords } from './use-wall-side-words.ts';
import type { Density } from '../display/density.ts';

/** Causes that stand below a mass loss in a flood, whatever else has no room. */
const FLOOD_ROWS = 2;

/** What is wrong: one mass loss on top, causes in a flood, else one line an incident; calm when nothing is. */
export function ProblemPanel({ density }: { readonly density: Density }) {
  const { side } = useWallSideWords();
  const { nowMs } = useListClock();
  const open = useLive((state) => state.incidents);
  const ended = useLive((state) => state.endedIncidents);
  const loss = useKept(massLossOf, isSameLoss);
  const lately = useFlood(open, ended, nowMs);
  const lines = useMemo(
    () => wallOrder(linesOf(open, ended, nowMs)).filter(({ id }) => id !== loss?.incident.id),
    [open, ended, nowMs, loss],
  );
  const list = useRef<HTMLDivElement>(null);
  const failure = useKeys(list, open);
  const isEmpty = lines.length === 0 && !loss;
  // When the last one has ended there is nothing to group: calm is not to stand under a flood's banner.
  const isInFlood = lately !== undefined && open.size > 0;
  const groups = isInFlood ? floodGroups(lines.filter(isOpen), nowMs) : [];
  // Under a mass loss a row that does not fit whole is counted instead: the worst stands above. In a flood
  // other causes burn beside it, and it gives way to them.
  const leastRows = !loss ? 1 : Math.min(FLOOD_ROWS, groups.length);
  return (
    <section
      className={`panel problem-panel ${isInFlood && loss ? 'is-crowded' : ''}`}
      aria-label={side.problems}
    >
      <Head open={open} hasLoss={loss !== undefined} />
      {isEmpty && <Calm density={density} />}
      <div className="problem-body" ref={list}>
        {isInFlood && <FloodBanner count={lately} windowMs={FLOOD_WINDOW_MS} />}
        {loss && <MassLossPanel loss={loss} isInFlood={isInFlood} />}
        <Refusal of={failure} />
        {isInFlood ? (
          <FloodList groups={groups} density={density} leastRows={leastRows} />
        ) : (
          <ProblemList lines={lines} density={density} leastRows={leastRows} />
        )}
      </div>
    </section>
  );
}

function isOpen({ resolvedAtMs }: Incident): boolean {
  return resolvedAtMs === null;
}

function Head({
  open,
  hasLoss,
}: {
  readonly open: ReadonlyMap<string, Incident>;
  readonly hasLoss: boolean;
}) {
  const { side, count } = useWallSideWords();
  const tally = useMemo(() => tallyOf(open.values()), [open]);
  return (
    <div className="problem-head">
      <h2>
        <Link href="/incidents">{side.problems}</Link>
      </h2>
      {tally.open > 0 && (
        <p data-testid="tally">
          {hasLoss
            ? `${count(1, side.grouped)} · ${count(tally.open - 1, side.single)}`
            : count(tally.open, side.open)}
          {tally.ownerless > 0 && <strong> · {count(tally.ownerless, side.ownerless)}</strong>}
        </p>
      )}
    </div>
  );
}

/** Keys of the list of incidents, here too; the answer is why one could not be taken. */
function useKeys(
  list: Parameters<typeof useListKeys>[0],
  open: ReadonlyMap<string, Incident>,
): ReturnType<typeof useAction>['failure'] {
  const [, navigate] = useLocation();
  const { failure, send } = useAction();
  const mayActOn = useMayActOn();
  useListKeys(list, (key, id) => {
    const incident = open.get(id);
    if (key === 'comment') navigate(`/incidents/${id}#comment`);
    else if (incident?.acknowledgedAtMs === null && mayActOn(incident))
      void send({ path: `/api/v1/incidents/${id}/ack` });
  });
  return failure;
}
