import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  feederFact,
  parseScannerCapabilities,
  parseScannerStatus,
} from '../../agent/src/probes/scanner/escl.ts';
import { esclBase } from '../../agent/src/probes/scanner/escl-client.ts';
import {
  failureInWords,
  parseDeviceList,
  scanFailure,
} from '../../agent/src/probes/scanner/sane.ts';
import { readXml } from '../../agent/src/probes/scanner/xml.ts';
import { parseAlsaCards } from '../../agent/src/probes/sound/alsa-cards.ts';
import { LevelMeter } from '../../agent/src/probes/sound/level-meter.ts';
import { withoutSamples } from '../../agent/src/probes/sound/listen.ts';
import { capabilities, cards, list, pcm, status } from './scanner-sound-replies.ts';

describe('eSCL', () => {
  it('status of a scanner in the middle of a stack is read', () => {
    expect(parseScannerStatus(status)).toEqual({
      kind: 'read',
      value: { state: 'processing', feeder: 'loaded', activeJobs: 2, imagesCompleted: 12 },
    });
  });

  it.each([
    ['ScannerAdfEmpty', 'empty', 'empty'],
    ['ScannerAdfProcessing', 'processing', 'loaded'],
    ['ScannerAdfJam', 'jam', 'jam'],
    ['ScannerAdfMispick', 'mispick', 'jam'],
    ['ScannerAdfMultipickDetected', 'multipick', 'jam'],
    ['ScannerAdfHatchOpen', 'coverOpen', 'coverOpen'],
    ['ScannerAdfDoorOpen', 'coverOpen', 'coverOpen'],
    ['ScannerAdfInputTrayFailed', 'trayFailed', 'other'],
    ['ScannerAdfInputTrayOverloaded', 'trayOverloaded', 'other'],
    ['ScannerAdfDuplexPageTooShort', 'pageTooShort', 'other'],
    ['ScannerAdfDuplexPageTooLong', 'pageTooLong', 'other'],
    ['ScannerAdfOnFire', 'other', 'other'],
    ['constructor', 'other', 'other'],
  ])('feeder %s is %s, to the check %s', (word, feeder, fact) => {
    const reading = parseScannerStatus(status.replace('ScannerAdfLoaded', word));
    expect(reading).toMatchObject({ kind: 'read', value: { feeder } });
    const told = reading.kind === 'read' ? reading.value.feeder : undefined;
    expect(told && feederFact(told)).toBe(fact);
  });

  it.each([
    ['Idle', 'idle'],
    ['Testing', 'testing'],
    ['Stopped', 'stopped'],
    ['Down', 'down'],
  ])('state %s is %s', (word, state) => {
    const text = status.replace('<pwg:State>Processing', `<pwg:State> ${word}\n`);
    expect(parseScannerStatus(text)).toMatchObject({ value: { state } });
  });

  it('what is not a status is told apart', () => {
    const malformed = (text: string) => {
      const reading = parseScannerStatus(text);
      return reading.kind === 'malformed' ? reading.why : undefined;
    };
    expect(malformed('')).toBe('notXml');
    expect(malformed('<html><p>Sign in</html>')).toBe('notXml');
    expect(malformed(status.slice(0, 900))).toBe('notXml');
    expect(malformed(capabilities)).toBe('otherDocument');
    expect(malformed('<ScannerStatus/>')).toBe('badState');
    expect(malformed(status.replace('Processing', 'Dreaming'))).toBe('badState');
  });

  it('capabilities are read, whatever the prefixes', () => {
    expect(parseScannerCapabilities(capabilities)).toEqual({
      kind: 'read',
      value: {
        model: 'HP LaserJet MFP M4',
        hasPlaten: false,
        hasFeeder: true,
        hasDuplexFeeder: true,
        resolutionsDpi: [75, 300],
      },
    });
    expect(parseScannerCapabilities(status)).toMatchObject({ why: 'otherDocument' });
  });

  it('addresses get the standard path unless they have one', () => {
    expect(esclBase('http://10.0.0.7')).toBe('http://10.0.0.7/eSCL');
    expect(esclBase('https://s.local:8443//')).toBe('https://s.local:8443/eSCL');
    expect(esclBase('http://me:secret@10.0.0.7/other/')).toBe('http://10.0.0.7/other');
  });
});

describe('XML of a stranger', () => {
  it('is refused with a document type, so nothing expands and nothing is fetched', () => {
    const laughs = `<!DOCTYPE a [<!ENTITY b "${'ha'.repeat(9)}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`;
    expect(readXml(laughs)).toBeUndefined();
    expect(readXml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>')).toBeUndefined();
    expect(readXml('<a>&other;</a>')).toBeUndefined();
    expect(readXml('<a>&amp;&#x41;&lt;</a>')?.text).toBe('&A<');
    expect(readXml('<a>AT&T</a>')).toBeUndefined();
    expect(readXml('<a>&#0;</a>')).toBeUndefined();
    expect(readXml('<a>&#x110000;</a>')).toBeUndefined();
  });

  it('is refused when it is too large, too deep, too many, or two', () => {
    expect(readXml('<a>'.repeat(40) + '</a>'.repeat(40))).toBeUndefined();
    expect(readXml('<a>'.repeat(20) + '</a>'.repeat(20))).toBeDefined();
    expect(readXml(`<a>${'<b/>'.repeat(6_000)}</a>`)).toBeUndefined();
    expect(readXml(`<a>${' '.repeat(300_000)}</a>`)).toBeUndefined();
    expect(readXml('<a/><b/>')).toBeUndefined();
    expect(readXml('<a/>words')).toBeUndefined();
    expect(readXml('<a><b></a></b>')).toBeUndefined();
    expect(readXml('<x:a></y:a>')).toBeUndefined();
    expect(readXml('<a b=c/>')).toBeUndefined();
    expect(readXml('\uFEFF<a b="1>2" c=\'\'><!-- - -- --></a>')).toBeUndefined();
    expect(readXml('\uFEFF<a b="1>2" c=\'\'><!-- - --></a>')).toMatchObject({ name: 'a' });
  });

  it('that is made to be slow is not', () => {
    const traps = [
      '<!--' + '-x'.repeat(1e5),
      '<![CDATA[' + ']'.repeat(2e5),
      '<a ' + 'b '.repeat(1e5),
    ];
    const more = ['<a' + ' b=""'.repeat(4e4), '<?' + 'x'.repeat(2e5), `<a>${'&'.repeat(2e5)}`];
    const startMs = performance.now();
    for (const trap of [...traps, ...more]) expect(readXml(trap)).toBeUndefined();
    expect(performance.now() - startMs).toBeLessThan(3_000);
  });
});

describe('SANE', () => {
  it('devices are listed, other lines passed over', () => {
    const [first, second] = parseDeviceList(`warning: x\n${list}|||a|1\na|b|c|d|e\n`);
    expect(first).toMatchObject({ device: 'test:0', index: 0 });
    expect(second).toMatchObject({ device: 'airscan:e0:Probe Sim', vendor: 'eSCL', index: 1 });
    expect(parseDeviceList(list.repeat(200))).toHaveLength(64);
  });

  it('a device that cannot be opened says why in words only', () => {
    const opened = (text: string) =>
      scanFailure(1, `scanimage: open of device x failed: ${text}\n`);
    expect(opened('Device busy')).toBe('scannerBusy');
    expect(opened('Access to resource has been denied')).toBe('accessDenied');
    expect(opened('Error during device I/O')).toBe('ioError');
    expect(opened('Invalid argument')).toBe('scannerAbsent');
    expect(scanFailure(1, 'scanimage: no SANE devices found\n')).toBe('scannerAbsent');
    expect(scanFailure(1, 'scanimage: setting of option --source failed')).toBe('testFailed');
    expect(scanFailure(139, '')).toBe('testFailed');
    const late = (text: string) => failureInWords(`scanimage: sane_read: ${text}\n`);
    expect(late('Access to resource has been denied')).toBe('accessDenied');
    expect(late('Invalid argument')).toBe('unsupported');
    expect(late('Out of memory')).toBe('testFailed');
    expect(failureInWords('Progress: 12.0%\r')).toBeUndefined();
  });
});

describe('sound devices', () => {
  it('are counted by card where there is no server', () => {
    expect(parseAlsaCards(cards, pcm)).toMatchObject({
      outputs: { count: 2 },
      inputs: { count: 2 },
    });
    expect(parseAlsaCards(cards, pcm.split('\n')[1] ?? '')).toMatchObject({ inputs: { count: 0 } });
    expect(parseAlsaCards('--- no soundcards ---\n', '')).toMatchObject({ outputs: { count: 0 } });
    expect(parseAlsaCards('words', pcm)).toBeUndefined();
  });

  it('a recorder that gave nothing said why', () => {
    const late = (stderr: string) => withoutSamples({ kind: 'deadline', stderr, bytes: 0 });
    expect(late('Connection established.\nStream successfully created.\n')).toMatchObject({
      kind: 'silent',
    });
    expect(late('Opening a recording stream\n')).toEqual({ kind: 'failed', reason: 'noServer' });
    expect(withoutSamples({ kind: 'notFound', code: 'ENOENT' })).toMatchObject({
      reason: 'notSupported',
    });
  });
});

describe('level', () => {
  function sine(amplitude: number, samples: number): Buffer {
    const bytes = Buffer.alloc(samples * 2);
    for (let at = 0; at < samples; at += 1)
      bytes.writeInt16LE(Math.round(amplitude * 32_767 * Math.sin((at * Math.PI) / 50)), at * 2);
    return bytes;
  }

  it('of a sine is its peak and 3 dB less, of zeros none', () => {
    const meter = new LevelMeter();
    meter.take(sine(0.1, 1_000));
    expect(meter.level()).toEqual({ peakDecibels: -20, rmsDecibels: -23 });
    const zeros = new LevelMeter();
    zeros.take(Buffer.alloc(100));
    expect(zeros.samples).toBe(50);
    expect(zeros.level()).toBeUndefined();
    expect(new LevelMeter().level()).toBeUndefined();
    const loudest = new LevelMeter();
    loudest.take(Uint8Array.of(0, 0x80));
    expect(loudest.level()).toEqual({ peakDecibels: 0, rmsDecibels: 0 });
  });

  it('does not depend on where the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        (bytes, cuts) => {
          const whole = new LevelMeter();
          whole.take(bytes);
          const pieces = new LevelMeter();
          let from = 0;
          for (const to of [...cuts.sort((a, b) => a - b), bytes.length]) {
            pieces.take(bytes.subarray(from, to));
            from = Math.min(to, bytes.length);
          }
          expect(pieces.samples).toBe(whole.samples);
          expect(pieces.level()).toEqual(whole.level());
        },
      ),
    );
  });
});
