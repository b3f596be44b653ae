import { createRoot } from 'react-dom/client';
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
const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
createRoot(root).render(<HqApp client={client} />);
