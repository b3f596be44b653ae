import { useState } from 'react';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { getJson, type ApiAnswer } from '../api/client.ts';
import { NumberField } from './EmForm.tsx';
import type { WhatIfAnswer } from './em-shapes.ts';
import { useEmWords } from './use-em-words.ts';

/** Bytes a second of one Mbit/s. */
const MEGABIT = 125_000;

/** «А если все сразу»: the same sites over a server's line of a given width. */
export function WhatIf({ id }: { readonly id: string }) {
  const { own } = useEmWords();
  const [megabits, setMegabits] = useState(1_000);
  const [answer, setAnswer] = useState<ApiAnswer<WhatIfAnswer>>();
  const ask = async (): Promise<void> => {
    const query = `serverBytesPerSecond=${megabits * MEGABIT}`;
    setAnswer(await getJson<WhatIfAnswer>(`/api/v1/em-downloads/${id}/what-if?${query}`));
  };
  return (
    <>
      <h3>{own.whatIf}</h3>
      <form
        className="em-form"
        data-testid="what-if"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label>
          {own.serverMbit}
          <NumberField value={megabits} min={1} set={setMegabits} />
        </label>
        <button type="submit">{own.count}</button>
      </form>
      <p aria-live="polite" data-testid="what-if-answer">
        {answer?.kind === 'failed' && own.failed(answer.detail)}
        {answer?.kind === 'done' && <Answer of={answer.value} />}
      </p>
    </>
  );
}

function Answer({ of }: { readonly of: WhatIfAnswer }) {
  const { own, count, language } = useEmWords();
  const say = (seconds: number): string => formatValue(seconds * 1_000, 'ms', language);
  const { p50Seconds, p95Seconds, lastSeconds, lastSite, saturatedSeconds, unknown } = of;
  if (p50Seconds === null || p95Seconds === null || lastSeconds === null)
    return <>{own.whatIfNone}</>;
  const sentences = [
    own.whatIfAnswer({
      sites: count(of.sites, own.sites),
      half: say(p50Seconds),
      most: say(p95Seconds),
      last: say(lastSeconds),
      lastSite: lastSite ?? '',
    }),
    ...(saturatedSeconds > 0 ? [own.saturated(say(saturatedSeconds))] : []),
    ...(unknown.length > 0 ? [own.unknown(count(unknown.length, own.sites))] : []),
  ];
  return <>{sentences.join(' ')}</>;
}
