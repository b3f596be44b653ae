// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import { createElement } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nothingKnown, type Verdict } from '@ppe-pulse/protocol';
import type { CheckAnswer, WorkstationAnswer } from '../../board/src/api/shapes.ts';
import { LiveContext } from '../../board/src/live/use-live.ts';
import { Devices } from '../../board/src/workstation/Devices.tsx';
import { checksOfPc, devicesOf, metricsOfPc } from '../../board/src/workstation/device-groups.ts';

const at = '2024-05-15T02:42:00.000Z';
const nowMs = Date.parse(at) + 5_000;

function check(id: string, verdict: Verdict, reason: string, evidence = {}): CheckAnswer {
  return { id, verdict, reason, evidence, measuredAt: at };
}

const workstation: WorkstationAnswer = {
  id: 'w-0123456789abcdef',
  siteCode: '0042',
  roomCode: '0012',
  role: 'organizer',
  duty: 'main',
  simulated: false,
  verdict: 'fail',
  reason: 'jam',
  lastSeenAt: at,
  agentVersion: '0.1.0',
  mode: null,
  planVersion: null,
  journalLag: 0,
  inventory: null,
  checks: [
    check('heartbeat', 'ok', 'ok'),
    check('pc.cpu', 'ok', 'ok', { value: 0.1 }),
    check('printer.state', 'fail', 'jam', { value: 1, source: 'snmp', state: 'stopped' }),
    check('printer.paper', 'unknown', 'noPlan'),
    check('printer.2.state', 'ok', 'ok', { source: 'ipp', proofAgeMs: 125_000 }),
    check('camera.2.stream', 'warn', 'lowFps', { value: 9.5, audio: true }),
    check('camera.1.overlay', 'unknown', 'noPlan'),
    check('scanner.state', 'ok', 'ok', { test: 'ok', testAgeMs: 60_000 }),
  ],
  metrics: {
    'pc.cpu.ratio': 0.1,
    'printer.queue.jobs': 1,
    'printer.2.queue.jobs': 0,
    'camera.2.fps': 9.5,
    'camera.2.bytesPerSecond': 250_000,
  },
  measuredAt: {
    'printer.queue.jobs': at,
    'printer.2.queue.jobs': at,
    'camera.2.fps': '2024-05-15T02:40:00.000Z',
    'camera.2.bytesPerSecond': at,
  },
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the devices of a workstation', () => {
  it('are told apart by kind and number, the PC’s own checks and numbers aside', () => {
    expect(devicesOf(workstation).map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      'printer 1',
      'printer 2',
      'scanner 1',
      'camera 1',
      'camera 2',
    ]);
    expect(checksOfPc(workstation).map(({ id }) => id)).toEqual(['heartbeat', 'pc.cpu']);
    expect(metricsOfPc(workstation)).toEqual(['pc.cpu.ratio']);
    const [, second] = devicesOf(workstation);
    expect(second?.metricIds).toEqual(['printer.2.queue.jobs']);
    expect(second?.mainMetric).toBe('printer.2.queue.jobs');
  });

  it('stand as their worst check, and a check without a plan decides nothing', () => {
    const standings = devicesOf(workstation).map(({ standing }) => standing);
    expect(standings).toEqual([
      { verdict: 'fail', reason: 'jam' },
      { verdict: 'ok', reason: 'ok' },
      { verdict: 'ok', reason: 'ok' },
      { verdict: 'unknown', reason: 'noPlan' },
      { verdict: 'warn', reason: 'lowFps' },
    ]);
  });

  it('are shown with verdict, evidence in words, age, numbers and a chart each', async () => {
    // Without an observer of what is in view every chart is drawn at once.
    vi.stubGlobal('IntersectionObserver', undefined);
    vi.stubGlobal('fetch', async () => new Response('{}', { status: 503 }));
    const value = { state: nothingKnown, subscribe: () => () => undefined } as never;
    render(
      createElement(
        LiveContext.Provider,
        { value },
        createElement(Devices, { workstation, range: '15m', nowMs }),
      ),
    );
    const printer = within(screen.getByTestId('device-printer-1'));
    expect(printer.getByText('замятие бумаги')).toBeTruthy();
    expect(printer.getByText(/источник: принтер по SNMP · состояние: остановлен/)).toBeTruthy();
    expect(printer.getAllByText(/5 с назад/)).toHaveLength(1);
    expect(printer.getByText('Ждут плана апробации: бумага')).toBeTruthy();
    expect(printer.getByTestId('metric-printer.queue.jobs').textContent).toBe('1');
    const camera = screen.getByTestId('device-camera-2');
    expect(camera.className).toContain('device-warn');
    expect(camera.textContent).toContain('звук: да');
    expect(within(camera).getByTestId('metric-camera.2.fps').textContent).toContain(
      '2 мин 05 с назад',
    );
    expect(screen.getByTestId('device-printer-2').textContent).toContain('Принтер 2');
    expect(screen.getByTestId('device-printer-2').textContent).toContain('2 мин 05 с');
    // The charts are loaded when they are asked for, on a busy machine not within a second.
    const charts = await screen.findAllByText(
      /Камера 2: кадров в секунду/,
      { selector: 'figcaption' },
      { timeout: 10_000 },
    );
    expect(charts).toHaveLength(1);
  });
});
