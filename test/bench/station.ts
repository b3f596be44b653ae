import { freeUdpPort, hasChrony, startChrony } from '../parts/chrony.ts';
import { hasCups, startCups } from '../parts/cups.ts';
import { startEsclSimulator } from '../parts/escl-simulator.ts';
import { startIppPrinter } from '../parts/ipp-printer.ts';
import { hasNut, startNut } from '../parts/nut.ts';
import { hasPulseAudio, microphone, speakers, startPulseAudio } from '../parts/pulseaudio.ts';
import { hasSnmpSimulator, startSnmpPrinter } from '../parts/snmp-printer.ts';
import {
  hasOpenssl,
  makeCertificates,
  muteServer,
  refusingPort,
  tlsServer,
} from '../parts/tls-server.ts';

/** True where every part of a station can be started. */
export const hasStation =
  hasCups && hasSnmpSimulator && hasPulseAudio() && hasOpenssl() && hasNut();

/**
 * A workstation with one of everything but a camera: a queue, a network printer over IPP and one
 * over SNMP, a scanner, sound, a UPS, a portal, a reserve route, a wall to the Internet, a time
 * server, an exam program. Answers the settings of its agent; all of it goes with the test.
 */
export async function startStation(): Promise<Record<string, unknown>> {
  const [cups, device, snmp, pulse, escl, ups] = await Promise.all([
    startCups(),
    startIppPrinter(),
    startSnmpPrinter(),
    startPulseAudio(speakers, microphone),
    startEsclSimulator(),
    startNut({ ups1: { 'ups.status': 'OL', 'battery.charge': 100, 'battery.runtime': 1_800 } }),
  ]);
  cups.addQueue('usb1');
  const { ca, valid } = makeCertificates();
  const time = hasChrony() ? await startChrony() : { host: '127.0.0.1', port: await freeUdpPort() };
  return {
    printers: [
      { ipp: cups.uri('usb1') },
      { ipp: device.uri },
      { snmp: { host: '127.0.0.1', port: snmp.port, community: snmp.community } },
    ],
    scanners: [{ escl: escl.url }],
    sound: { server: pulse.address },
    line: {
      portals: [{ host: 'localhost', port: await tlsServer(valid), ca }],
      reserve: { host: '127.0.0.1', port: await muteServer(), localAddress: '127.0.0.9' },
      isolation: { host: '127.0.0.1', port: await refusingPort() },
      sntp: time,
      uplink: { cameras: 2 },
    },
    power: { nut: { host: ups.host, port: ups.port } },
    software: [{ name: 'C library', match: 'libc6' }],
    timeZone: 'Asia/Novokuznetsk',
    app: { pid: process.pid },
  };
}
