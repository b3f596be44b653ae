import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, printableConfig } from '../../agent/src/config.ts';
import { tempDir } from '../support/temp-dir.ts';

const example = join(import.meta.dirname, '..', '..', 'deploy', 'agent.example.yaml');

function load(text: string) {
  const path = join(tempDir(), 'agent.yaml');
  writeFileSync(path, text);
  return loadConfig(path, {});
}

describe('the settings of an agent', () => {
  it('of the example are valid, and name every section of devices', () => {
    const config = load(readFileSync(example, 'utf8'));
    expect(config.printers).toHaveLength(4);
    expect(config.scanners).toHaveLength(2);
    expect(config.cameras.map(({ watch }) => watch)).toEqual(['sample', 'always']);
    expect(config.tests.allow).toEqual(['scan', 'sound']);
    expect(config.line.uplink?.cameras).toBe(22);
  });

  it('never print a secret', () => {
    const shown = JSON.stringify(printableConfig(load(readFileSync(example, 'utf8'))));
    expect(shown).not.toContain('change-me');
    expect(shown).not.toContain('"public"');
    expect(shown).toContain('monitor');
  });

  it.each([
    ['printers: [{}]', 'printers'],
    ['printers: [{ ipp: "http://a/b" }]', 'printers'],
    ['printers: [{ ipp: "ipp://user:secret@a/b" }]', 'printers'],
    ['printers: [{ ipp: "ipp://printer:99999/a" }]', 'printers.0.ipp'],
    ['cameras: [{ url: "rtsp://cam:70000/" }]', 'cameras.0.url'],
    ['collector: { url: "ws://h:99999" }', 'collector.url'],
    ['scanners: [{ usb: "04A9:190F" }]', 'scanners'],
    ['cameras: [{ url: "rtsp://admin:secret@192.0.2.1/" }]', 'cameras'],
    ['cameras: [{ url: "rtsp://192.0.2.1/", watch: often }]', 'cameras'],
    ['cameras: [{ adress: "rtsp://192.0.2.1/" }]', 'cameras'],
    ['tests: { allow: [shell] }', 'tests'],
    ['line: { portals: [{ hots: a }] }', 'line'],
    ['thresholds: { cameraMinFsp: 15 }', 'cameraMinFps'],
  ])('%s are refused with their key, without the value', (text, key) => {
    let message = '';
    try {
      load(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(key);
    expect(message).not.toContain('secret');
  });
});
