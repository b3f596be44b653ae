import { powerLostAtMs } from '../presence.ts';
import { walkBetween } from '../random.ts';
import { struckBy, type SimulatedProbe } from './probe.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A good UPS: what is left on battery when it is full. */
const RUNTIME_MS = 25 * MINUTE;
/** Moscow's, the zone that installers choose by mistake. */
const WRONG_ZONE = { zone: 'Europe/Moscow', offsetMinutes: 180 };

export const powerProbe: SimulatedProbe = {
  name: 'power',
  periodMs: 30_000,
  device: 1,
  isOn: ({ hasUps }) => hasUps,
  look: (view) => {
    const cut = struckBy(view, 'powerCut');
    const heldMs = cut ? powerLostAtMs(view.workstation, cut) - cut.fromMs : 1;
    const left = cut ? Math.max(0, 1 - (view.atMs - cut.fromMs) / heldMs) : 1;
    const chargeRatio = Math.round((0.05 + 0.95 * left) * 100) / 100;
    const runtimeMs = RUNTIME_MS * left;
    return {
      facts: { subject: 'power', facts: { isOnMains: !cut, chargeRatio, runtimeMs } },
      metrics: { 'pc.battery.ratio': chargeRatio, 'pc.battery.seconds': runtimeMs / 1_000 },
    };
  },
};

export const screenProbe: SimulatedProbe = {
  name: 'screen',
  periodMs: 5 * MINUTE,
  device: 1,
  isOn: () => true,
  look: () => ({
    facts: { subject: 'screen', facts: { width: 1_920, height: 1_080 } },
    metrics: { 'pc.screen.width.pixels': 1_920, 'pc.screen.height.pixels': 1_080 },
  }),
};

export const softwareProbe: SimulatedProbe = {
  name: 'software',
  periodMs: 6 * HOUR,
  device: 1,
  isOn: ({ placement }) => placement.role === 'kege',
  look: ({ workstation, atMs }) => {
    const walked = { seed: workstation.salt, name: 'software', periodMs: 240 * HOUR };
    const found = 12 + Math.floor(walkBetween(walked, atMs, [0, 4]));
    return {
      facts: {
        subject: 'software',
        facts: { missingRequired: [], missingOptional: [], found },
      },
      metrics: {},
    };
  },
};

export const zoneProbe: SimulatedProbe = {
  name: 'zone',
  periodMs: 5 * MINUTE,
  device: 1,
  isOn: () => true,
  look: (view) => {
    const expected = { zone: view.workstation.site.timeZone, offsetMinutes: view.utcOffsetMinutes };
    const own = struckBy(view, 'wrongZone') ? WRONG_ZONE : expected;
    return {
      facts: {
        subject: 'zone',
        facts: {
          ...own,
          expectedZone: expected.zone,
          expectedOffsetMinutes: expected.offsetMinutes,
        },
      },
      metrics: {},
    };
  },
};
