import './incidents.css';
import { useIsReplay } from '../replay/is-replay.ts';
import type { SoundState } from './incident-page-texts.ts';
import { useAlarm } from './use-alarm.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Whether the board sounds on critical, said in words at all times; a press changes it. The past is mute. */
export function SoundSwitch() {
  return useIsReplay() ? null : <Switch />;
}

function Switch() {
  const { own } = useIncidentWords();
  const { state, press } = useAlarm();
  return (
    <button
      type="button"
      className={`sound sound-${state}`}
      data-testid="sound"
      title={own.soundHint[state]}
      disabled={state === 'missing'}
      onClick={press}
    >
      <Bell state={state} />
      {own.sound[state]}
    </button>
  );
}

/** A bell; crossed out whenever nothing would sound. */
function Bell({ state }: { readonly state: SoundState }) {
  return (
    <svg className="glyph bell" viewBox="0 0 20 20" aria-hidden="true">
      <path
        className="glyph-outline"
        d="M4 15h12l-1.6-2.4V8.4a4.4 4.4 0 00-8.8 0v4.2zM8.4 17.2h3.2"
      />
      {state !== 'on' && <path className="glyph-mark" d="M2.5 2.5l15 15" />}
    </svg>
  );
}
