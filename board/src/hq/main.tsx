import { mount } from '../ui/mount.ts';
import { applySettings, readSettings } from '../ui/settings.ts';
import { HqApp } from './HqApp.tsx';
import { HqClient } from './hq-client.ts';
import '../ui/base.css';
import './hq.css';

applySettings(readSettings());
const client = new HqClient(window.location.origin, {
  open: (url, subprotocol) => new WebSocket(url, subprotocol),
  nowMs: () => performance.now(),
  random: Math.random,
});
client.start();
mount(<HqApp client={client} />);
