import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { readNicCounters, type NicCounters } from './system-information.ts';

/** Interfaces that carry no traffic of their own: loopback, bridges' ports, containers. */
const VIRTUAL = /^(lo\d*|veth.*|docker\d+|br-.*|virbr.*|dummy\d+|tun\d+|tap\d+)$/;

/** Counters of the physical interfaces; of all but loopback where the system does not tell. */
export async function nicCounters(): Promise<NicCounters[]> {
  if (process.platform !== 'linux') {
    return (await readNicCounters()).filter((nic) => !/loopback|^lo\d*$/i.test(nic.name));
  }
  const all = parseProcNetDev(await readFile('/proc/net/dev', 'utf8'));
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
