import { App } from './App.tsx';
import { getJson } from './api/client.ts';
import { LiveClient } from './live/live-client.ts';
import { mount } from './ui/mount.ts';
import { applySettings, readSettings } from './ui/settings.ts';
import './ui/base.css';
import './wall/wall.css';
import './workstation/workstation.css';

/** A deploy reaches every wall within this time, each at its own moment. */
const RELOAD_WITHIN_MS = 30_000;

applySettings(readSettings());
const live = new LiveClient(window.location.origin, {
  open: (url, subprotocol) => new WebSocket(url, subprotocol),
  isSignedOut: async () => (await getJson('/api/v1/session')).kind === 'signedOut',
  nowMs: () => performance.now(),
  random: Math.random,
  reload: () => setTimeout(() => window.location.reload(), RELOAD_WITHIN_MS * Math.random()),
});
live.start();
mount(<App live={live} />);
