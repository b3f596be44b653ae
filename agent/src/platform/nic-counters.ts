import { existsSync, readFileSync } from 'node:fs';
import type { ProbeHost } from '../child/probe-host.ts';
import type { NicCounters } from './nic-table.ts';

/** Interfaces that carry no traffic of their own: loopback, bridges' ports, containers. */
const VIRTUAL = /^(lo\d*|veth.*|docker\d+|br-.*|virbr.*|dummy\d+|tun\d+|tap\d+)$/;
const WINDOWS_DEADLINE_MS = 3_000;

/**
 * Counters of the physical interfaces: a file on Linux, a call in the probe child on Windows. Neither
 * starts a process; elsewhere there are none.
 */
export async function nicCounters(host: ProbeHost): Promise<readonly NicCounters[]> {
  if (process.platform === 'win32') return host.run('nicCounters', null, WINDOWS_DEADLINE_MS);
  if (process.platform !== 'linux') return [];
  const all = parseProcNetDev(readFileSync('/proc/net/dev', 'utf8'));
  const physical = all.filter(({ name }) => existsSync(`/sys/class/net/${name}/device`));
  return physical.length > 0 ? physical : all.filter(({ name }) => !VIRTUAL.test(name));
}

/** Linux' /proc/net/dev. Lines that are not as expected are passed over. */
export function parseProcNetDev(text: string): NicCounters[] {
  return text.split('\n').flatMap((line) => {
    const [name, rest] = line.split(':', 2);
    const numbers = (rest ?? '').trim().split(/\s+/).map(Number);
    const [receivedBytes, , receiveErrors] = numbers;
    const sentBytes = numbers[8];
    const sendErrors = numbers[10];
    if (name === undefined || numbers.length < 16 || numbers.some(Number.isNaN)) return [];
    return [
      {
        name: name.trim(),
        receivedBytes: receivedBytes ?? 0,
        sentBytes: sentBytes ?? 0,
        errors: (receiveErrors ?? 0) + (sendErrors ?? 0),
      },
    ];
  });
}
