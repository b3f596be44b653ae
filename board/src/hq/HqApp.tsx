import { useLayoutEffect, useMemo, useState } from 'react';
import { formatDuration } from '@ppe-pulse/protocol/texts';
import { WordsContext } from '../text/texts.ts';
import { wordsOf } from '../text/words-of.ts';
import { SettingsContext, useSettingsState } from '../ui/settings.ts';
import { Switches } from '../ui/Switches.tsx';
import type { Tones } from '../ui/tones.ts';
import { TrustFrame } from '../ui/TrustFrame.tsx';
import { FixNow } from './FixNow.tsx';
import type { HqClient } from './hq-client.ts';
import { useHqWords } from './hq-words.ts';
import { HqHeader } from './HqHeader.tsx';
import { HqIncidents } from './HqIncidents.tsx';
import { RoomGrid } from './RoomGrid.tsx';
import { HqContext, useHq, useHqNow } from './use-hq.ts';
import { TonesContext } from './use-hq-alarm.ts';

/** The page of a Штаб: what is wrong in this ППЭ and what to do, without any network outwards. */
export function HqApp({ client, tones }: { readonly client: HqClient; readonly tones: Tones }) {
  const settings = useSettingsState();
  const words = useMemo(() => wordsOf(settings.language), [settings.language]);
  return (
    <SettingsContext.Provider value={settings}>
      <WordsContext.Provider value={words}>
        <HqContext.Provider value={client}>
          <TonesContext.Provider value={tones}>
            <HqPage />
          </TonesContext.Provider>
        </HqContext.Provider>
      </WordsContext.Provider>
    </SettingsContext.Provider>
  );
}

function HqPage() {
  const { hq, page, language } = useHqWords();
  const { freshness, frameAgeMs } = useHqNow();
  const { frame } = useHq();
  useLayoutEffect(() => {
    document.title = `${page.title}: ${page.hqRoom}`;
  }, [page]);
  const age = formatDuration(frameAgeMs, language);
  const isLost = freshness === 'lost';
  const parts = [...(frame ? [hq.dataAge(age)] : []), ...(isLost ? [hq.lostHint] : [])];
  return (
    <TrustFrame
      freshness={freshness}
      title={isLost ? hq.lost : hq.stale}
      details={parts.join('. ')}
      watermark={frame ? `${page.watermark} · ${age}` : ''}
    >
      <div className="hq">
        <HqHeader />
        {frame ? <Picture /> : <Waiting isLost={isLost} />}
        <footer className="footer">
          <span className={`pulse pulse-${freshness}`} aria-hidden="true" />
          <span data-testid="data-age">{frame ? page.dataAge(age) : page.noData}</span>
          <span className="quiet">{hq.footer}</span>
          <span className="spring" />
          <Switches />
        </footer>
      </div>
    </TrustFrame>
  );
}

function Waiting({ isLost }: { readonly isLost: boolean }) {
  const { hq } = useHqWords();
  return (
    <main className="hq-message">
      <h2>{hq.waiting}</h2>
      <p>{isLost ? hq.lostHint : hq.waitingHint}</p>
    </main>
  );
}

/** Faults above, rooms below; a fault leads to its room. */
function Picture() {
  const { hq } = useHqWords();
  const { frame } = useHq();
  const [open, setOpen] = useState<string | null>(null);
  if (frame?.workstations.length === 0) {
    return (
      <main className="hq-message">
        <h2>{hq.nobody}</h2>
        <p>{hq.nobodyHint}</p>
      </main>
    );
  }
  return (
    <main>
      <HqIncidents />
      <FixNow onRoom={setOpen} />
      <RoomGrid open={open} onOpen={setOpen} />
    </main>
  );
}
