import { mount } from '../ui/mount.ts';
import { applySettings, readSettings } from '../ui/settings.ts';
import { createTones } from '../ui/tones.ts';
import { HqApp } from './HqApp.tsx';
import { HqClient } from './hq-client.ts';
import '../ui/base.css';
import './hq.css';
import './hq-incidents.css';

applySettings(readSettings());
const client = new HqClient(window.location.origin, {
  open: (url, subprotocol) => new WebSocket(url, subprotocol),
  nowMs: () => performance.now(),
  random: Math.random,
});
client.start();
mount(<HqApp client={client} tones={createTones()} />);
