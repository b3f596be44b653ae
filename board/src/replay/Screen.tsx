import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { ReplayGap, ReplaySpan } from '@ppe-pulse/protocol';
import { ownText } from '../text/texts.ts';
import type { ReplayClient } from './replay-client.ts';
import { useStatus } from './use-film.ts';
import type { FilmClock } from './use-film-clock.ts';
import { useReplayWords } from './use-replay-words.ts';

/** Pages that the picture tells everything of, and those that also ask the collector. */
const PICTURED = /^\/$/;
const PARTLY = /^\/(?:ppe|workstations|municipalities|incidents)(?:\/|$)/;

interface ScreenProps {
  readonly client: ReplayClient;
  readonly spans: readonly ReplaySpan[];
  readonly clock: FilmClock;
  /** Of the page inside the replay. */
  readonly path: string;
  readonly children: ReactNode;
}

/** Where the board was: the page of the past, or plain words why there is none. */
export function Screen({ client, spans, clock, path, children }: ScreenProps) {
  const { own } = useReplayWords();
  const phase = useStatus(client, (status) => status.phase);
  const gap = useStatus(client, (status) => status.gap);
  const reason = useStatus(client, (status) => status.reason);
  const hasPicture = useStatus(client, () => client.state.seq >= 0);
  if (phase === 'gap' && gap) return <Gap client={client} gap={gap} clock={clock} />;
  if (phase === 'failed') {
    return (
      <main id="main" className="replay-screen replay-none">
        <h1 role="alert">{ownText(own.refusals, reason) ?? own.noAnswer}</h1>
        <Ends client={client} spans={spans} />
      </main>
    );
  }
  if (!hasPicture) {
    return (
      <main id="main" className="replay-screen replay-none" aria-busy="true">
        <p>{own.loading}</p>
      </main>
    );
  }
  const isPartly = PARTLY.test(path);
  if (!isPartly && !PICTURED.test(path)) {
    return (
      <main id="main" className="replay-screen replay-none">
        <h1>{own.presentTitle}</h1>
        <p>{own.presentHint}</p>
        <Link href={`~${path}`}>{own.openPresent}</Link>
      </main>
    );
  }
  return (
    <div className="replay-screen" data-testid="replay-screen">
      {isPartly && (
        <p className="replay-partly" role="note">
          {own.partlyPresent}
        </p>
      )}
      <div className="replay-board">{children}</div>
    </div>
  );
}

/** A gap is shown as one, never as calm. */
function Gap({
  client,
  gap,
  clock,
}: {
  readonly client: ReplayClient;
  readonly gap: ReplayGap;
  readonly clock: FilmClock;
}) {
  const { own } = useReplayWords();
  const { fromMs, toMs, reason } = gap;
  return (
    <main id="main" className="replay-screen replay-none replay-gap" data-testid="replay-gap">
      <h1>{reason === 'damaged' ? own.damagedTitle : own.gapTitle}</h1>
      <p role="status">{own.gapHint(clock.time(fromMs), clock.time(toMs))}</p>
      <button type="button" onClick={() => void client.seek(toMs)}>
        {own.behindGap}
      </button>
    </main>
  );
}

function Ends({
  client,
  spans,
}: {
  readonly client: ReplayClient;
  readonly spans: readonly ReplaySpan[];
}) {
  const { own } = useReplayWords();
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return null;
  return (
    <p className="replay-ends">
      <button type="button" onClick={() => void client.seek(first.fromMs)}>
        {own.toFirst}
      </button>
      <button type="button" onClick={() => void client.seek(last.toMs)}>
        {own.toLast}
      </button>
    </p>
  );
}
