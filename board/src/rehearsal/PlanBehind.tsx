import { Link } from 'wouter';
import type { WorkstationAnswer } from '../api/shapes.ts';
import { getJson } from '../api/client.ts';
import { useLive, useServerSecond } from '../live/use-live.ts';
import { roughlyAgo } from '../text/ages.ts';
import { placeName } from '../ui/places.ts';
import type { BehindAnswer } from './shapes.ts';
import { useAnswer } from './use-answer.ts';
import { useRehearsalWords } from './use-rehearsal-words.ts';

/** More than this nobody reads; the API pages on. */
const SHOWN = 200;

/** Workstations that were heard and do not hold the live version of the plan. */
export function PlanBehind({ version }: { readonly version: number }) {
  const words = useRehearsalWords();
  const { own, page, number } = words;
  const at = useLive((state) => state.overview?.at);
  const answer = useAnswer(
    getJson<BehindAnswer>,
    `/api/v1/workstations?planBehind=true&limit=${SHOWN}`,
    at,
  );
  if (answer?.kind !== 'done' || answer.value.items.length === 0) return null;
  const { items, nextCursor } = answer.value;
  return (
    <section className="panel" aria-label={own.behindTitle} data-testid="plan-behind">
      <h2>
        {own.behindTitle}: {number(items.length)}
        {nextCursor !== undefined && '+'}
      </h2>
      <p className="quiet">{own.behindHint(version)}</p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{page.workstation}</th>
              <th scope="col">{own.heldVersion}</th>
              <th scope="col">{own.mode}</th>
              <th scope="col">{own.lastHeard}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((each) => (
              <Row key={each.id} workstation={each} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ workstation }: { readonly workstation: WorkstationAnswer }) {
  const words = useRehearsalWords();
  const { own, page } = words;
  const nowMs = useServerSecond();
  const { id, siteCode, planVersion, mode, lastSeenAt } = workstation;
  return (
    <tr>
      <th scope="row">
        <Link href={`/workstations/${id}`}>
          {page.ppe} {siteCode} · {placeName(words, workstation)}
        </Link>
      </th>
      <td className="number">{planVersion ?? own.noVersion}</td>
      <td>{mode === null ? '—' : own.modes[mode]}</td>
      <td className="number">
        {lastSeenAt === null
          ? page.never
          : roughlyAgo(words, Math.max(0, nowMs - Date.parse(lastSeenAt)))}
      </td>
    </tr>
  );
}
