import { useState } from 'react';
import { postJson } from '../api/client.ts';
import type { EmStandingAnswer } from './em-shapes.ts';
import { useEmWords } from './use-em-words.ts';

const MEGABYTE = 1_000_000;
/** Bytes a second of one Mbit/s. */
const MEGABIT = 125_000;

interface Draft {
  readonly megabytes: number;
  readonly isByCode: boolean;
  readonly codes: string;
  readonly isSpread: boolean;
  readonly overMinutes: number;
  readonly capMegabits: number;
}

/** A package of the size that exam materials of a ППЭ have, everybody in turn, no ceiling. */
const usual: Draft = {
  megabytes: 200,
  isByCode: false,
  codes: '',
  isSpread: true,
  overMinutes: 30,
  capMegabits: 0,
};

/** The order of a rehearsal of the download. */
export function EmForm({ onStarted }: { readonly onStarted: (id: string) => void }) {
  const { own } = useEmWords();
  const [draft, setDraft] = useState(usual);
  const [failure, setFailure] = useState('');
  const put = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const start = async (): Promise<void> => {
    const answer = await postJson<EmStandingAnswer>('/api/v1/em-downloads', orderOf(draft));
    setFailure(answer.kind === 'failed' ? answer.detail : '');
    if (answer.kind === 'done') onStarted(answer.value.id);
  };
  return (
    <form
      className="em-form"
      data-testid="em-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <label>
        {own.sizeMb}
        <NumberField value={draft.megabytes} min={1} set={(megabytes) => put({ megabytes })} />
      </label>
      <label>
        {own.who}
        <select
          value={draft.isByCode ? 'codes' : 'involved'}
          onChange={({ target }) => put({ isByCode: target.value === 'codes' })}
        >
          <option value="involved">{own.involved}</option>
          <option value="codes">{own.codes}</option>
        </select>
      </label>
      {draft.isByCode && (
        <input
          aria-label={own.codesHint}
          placeholder={own.codesHint}
          title={own.codesHint}
          value={draft.codes}
          required
          onChange={({ target }) => put({ codes: target.value })}
        />
      )}
      <Pace draft={draft} put={put} />
      <button type="submit">{own.start}</button>
      {failure !== '' && <p role="alert">{own.failed(failure)}</p>}
    </form>
  );
}

function Pace({
  draft,
  put,
}: {
  readonly draft: Draft;
  readonly put: (part: Partial<Draft>) => void;
}) {
  const { own } = useEmWords();
  return (
    <>
      <label>
        {own.when}
        <select
          value={draft.isSpread ? 'spread' : 'together'}
          onChange={({ target }) => put({ isSpread: target.value === 'spread' })}
        >
          <option value="spread">{own.spread}</option>
          <option value="together">{own.together}</option>
        </select>
      </label>
      {draft.isSpread && (
        <label>
          <NumberField
            value={draft.overMinutes}
            min={1}
            set={(overMinutes) => put({ overMinutes })}
          />
          {own.minutes}
        </label>
      )}
      <label title={draft.capMegabits === 0 ? own.noCap : undefined}>
        {own.capMbit}
        <NumberField
          value={draft.capMegabits}
          min={0}
          set={(capMegabits) => put({ capMegabits })}
        />
        {draft.capMegabits === 0 && <span className="quiet">{own.noCap}</span>}
      </label>
    </>
  );
}

/** A number of a form: the browser refuses what is none. */
export function NumberField({
  value,
  min,
  set,
}: {
  readonly value: number;
  readonly min: number;
  readonly set: (value: number) => void;
}) {
  return (
    <input
      type="number"
      min={min}
      step="any"
      required
      value={Number.isNaN(value) ? '' : value}
      onChange={({ target }) => set(target.valueAsNumber)}
    />
  );
}

/** The order as the API takes it. */
function orderOf(draft: Draft) {
  const codes = draft.codes.split(/[\s,;]+/).filter((code) => code !== '');
  return {
    sites: draft.isByCode ? { codes } : 'involved',
    bytes: Math.round(draft.megabytes * MEGABYTE),
    spread: draft.isSpread ? { overMinutes: draft.overMinutes } : 'together',
    maxBytesPerSecond: draft.capMegabits * MEGABIT,
  };
}
