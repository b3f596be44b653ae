/** Identities of many simulated workstations, the same in server and load. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** PKCS#8 head of an Ed25519 private key (RFC 8410); the seed follows. */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The n-th workstation: its key is made of its number. */
export function workstation(number) {
  const seed = createHash('sha256').update(`bench ${number}`).digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(12);
  return {
    id: `w-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`,
    publicKey: raw.toString('base64url'),
    placement: {
      siteCode: String(1 + Math.floor(number / 30)).padStart(4, '0'),
      roomCode: String(1 + (number % 30)).padStart(4, '0'),
      role: 'organizer',
      duty: 'main',
      simulated: true,
    },
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

/** A heartbeat as the agent of this version sends it, ~1.5 kB. */
export function heartbeat(bootId, seq, wallMs) {
  const value = (seq * 7_919) % 1_000;
  const check = (id, evidence) => ({ id, verdict: 'ok', reason: 'ok', evidence, ageMs: 1_200 });
  return {
    type: 'heartbeat',
    bootId,
    seq,
    delivery: 'live',
    wallMs,
    monotonicMs: seq * 5_000,
    mode: 'prep',
    journalLag: 1,
    metrics: {
      'pc.cpu.ratio': value / 1_000,
      'pc.ram.usedRatio': 0.4 + value / 10_000,
      'pc.ram.availableBytes': 4_000_000_000 + value * 4_096,
      'pc.disk.usedRatio': 0.6879,
      'pc.disk.freeBytes': 84_436_926_464 - value * 4_096,
      'pc.uptime.seconds': 6_000 + seq * 5,
      'clock.skew.ms': value % 20,
      'clock.bound.ms': 10.5,
      'agent.cpu.ratio': 0.0021,
      'agent.rss.bytes': 60_000_000 + value * 4_096,
      'agent.loopDelay.ms': 1.2,
      'net.rx.bytesPerSecond': value * 1_000,
      'net.tx.bytesPerSecond': value * 100,
      'net.errors.perSecond': 0,
      'net.rtt.ms': 20 + value / 100,
      'net.loss.ratio': 0,
    },
    verdicts: [
      check('net.rtt', { value: 20 + value / 100, warn: 150, fail: 600 }),
      check('net.loss', { value: 0, warn: 0.01, fail: 0.05 }),
      check('clock.skew', { value: value % 20, warn: 30_000, fail: 120_000, boundMs: 10.5 }),
      check('pc.cpu', { value: value / 1_000, warn: 0.9, fail: 0.98 }),
      check('pc.ram', { value: 0.4, warn: 0.9, fail: 0.97, availableBytes: 4_000_000_000 }),
      check('pc.disk', { value: 84_436_926_464, warn: 1e10, fail: 2e9 }),
    ],
  };
}
