import { useHqWords } from './hq-words.ts';
import { useHqAlarm } from './use-hq-alarm.ts';

/** Says at all times whether the page would sound, and is the switch for it. */
export function SoundSwitch() {
  const { incidents: texts } = useHqWords().hq;
  const { sound, isCalling, press, hush } = useHqAlarm();
  return (
    <p className="hq-sounds">
      {isCalling && sound === 'on' && (
        <button type="button" className="hq-hush" title={texts.hushHint} onClick={hush}>
          {texts.hush}
        </button>
      )}
      <button
        type="button"
        className={`hq-sound hq-sound-${sound}`}
        data-testid="sound"
        title={texts.soundHint[sound]}
        disabled={sound === 'missing'}
        onClick={press}
      >
        <svg className="glyph" viewBox="0 0 20 20" aria-hidden="true">
          <path
            className="hq-bell"
            d="M4 15h12l-1.6-2.4V8.4a4.4 4.4 0 00-8.8 0v4.2zM8.4 17.2h3.2"
          />
          {sound !== 'on' && <path className="hq-bell" d="M2.5 2.5l15 15" />}
        </svg>
        {texts.sound[sound]}
      </button>
    </p>
  );
}
