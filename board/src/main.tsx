// First: what comes after it may say more.
import './ui/base.css';
import { App } from './App.tsx';
import { takeEarlyLine } from './live/early-line.ts';
import { LiveClient } from './live/live-client.ts';
import { SessionSource } from './session/session-source.ts';
import { SIGN_IN_PATH } from './ui/sign-in-path.ts';
import { mount } from './ui/mount.ts';
import { applySettings, readSettings } from './ui/settings.ts';
import './workstation/workstation.css';

/** What looks after the page did not come: the collector was updated at this very moment. */
const AGAIN_MS = 60_000;

const settings = readSettings();
applySettings(settings);
const session = new SessionSource();
void session.isSignedOut();
const live = new LiveClient(window.location.origin, {
  open: (url, subprotocol) => takeEarlyLine(window) ?? new WebSocket(url, subprotocol),
  isSignedOut: session.isSignedOut,
  nowMs: () => performance.now(),
  random: Math.random,
});
// Where people sign in there is nothing to show yet; the board is loaded anew when they have.
if (window.location.pathname !== SIGN_IN_PATH) live.start();
// Both come beside the page itself, and neither keeps it: it is shown without them. What the collector
// says may be there before what was kept.
void Promise.all([
  Promise.race([
    import('./life/restore-picture.ts').then(({ restorePicture }) => restorePicture(live), ignored),
    firstPicture(live),
  ]),
  settings.language === 'en' ? import('./text/english.ts').catch(ignored) : null,
]).then(([, loaded]) =>
  mount(<App live={live} session={session} english={loaded?.english ?? null} />),
);
void import('./life/look-after.ts').then(
  ({ lookAfter }) => lookAfter(live, session),
  () => setTimeout(() => window.location.reload(), AGAIN_MS),
);

function firstPicture(client: LiveClient): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.subscribe(() => {
      if (client.state.seq < 0) return;
      stop();
      resolve();
    });
  });
}

function ignored(): undefined {
  return undefined;
}
