import { X509Certificate, createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket, checkServerIdentity, rootCertificates, type PeerCertificate } from 'node:tls';
import { CHANNEL_BYTES, CHANNEL_LABEL, relayHostOf } from '@ppe-pulse/protocol';
import { readText } from '../platform/files.ts';
import { SPKI_PREFIX } from '../platform/identity.ts';

/** Whom this workstation speaks to, and by what it knows him. */
export interface Trust {
  /** `ws(s)://host:port` of the collector, or of the relay of the ППЭ. */
  readonly url: string;
  /**
   * Raw Ed25519 key of the listener, base64url; undefined for a relay that shows its own by the
   * certificate that the collector's authority gave it.
   */
  readonly publicKey: string | undefined;
  /** PEM of the authorities to believe instead of the system's. */
  readonly caPem: string | undefined;
  /** `sha256/…` of public keys, one of which must stand in the chain; empty pins nothing. */
  readonly pins: readonly string[];
  /** The ППЭ whose relay is at `url`: its certificate is for this site, whatever its address. */
  readonly relayOf: string | undefined;
  /**
   * The collector shows an operator's certificate: the system's authorities are believed for it beside
   * `caPem`, and no pins are asked. A relay is known by `caPem` and `pins` all the same.
   */
  readonly systemRoots: boolean;
}

/** Options of a TLS connection that is verified. There are none that are not. */
export interface VerifiedTls {
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: true;
  readonly ca?: string | string[];
  readonly servername?: string;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** What this end of a connection knows of it. */
export interface Channel {
  /** Binds the handshake to the connection; empty without TLS. */
  readonly binding: string;
  /** The listener's own key, where its certificate is over one. */
  readonly peerKey: string | undefined;
}

/** How to connect to a host that is trusted so. */
export function tlsOptions(trust: Omit<Trust, 'url' | 'publicKey'>): VerifiedTls {
  const { caPem, relayOf } = trust;
  const isOfSystem = trust.systemRoots && relayOf === undefined;
  const pins = isOfSystem ? [] : trust.pins;
  const name = relayOf === undefined ? undefined : relayHostOf(relayOf);
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(caPem !== undefined && { ca: isOfSystem ? [...systemRoots(), caPem] : caPem }),
    ...(name !== undefined && { servername: name }),
    checkServerIdentity: (host, certificate) =>
      checkServerIdentity(name ?? host, certificate) ?? checkPins(pins, certificate),
  };
}

/** Authorities that are believed when none are named; to name one replaces them all. */
function systemRoots(): string[] {
  const { NODE_EXTRA_CA_CERTS: path = '' } = process.env;
  const more = path === '' ? undefined : readText(path);
  return more === undefined ? [...rootCertificates] : [...rootCertificates, more];
}

/** What is known of the connection under a socket. */
export function channelOf(socket: Socket): Channel {
  if (!(socket instanceof TLSSocket)) return { binding: '', peerKey: undefined };
  const none = Buffer.alloc(0);
  const material = socket.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, none);
  return {
    binding: material.toString('base64url'),
    peerKey: rawKeyOf(socket.getPeerX509Certificate()),
  };
}

function rawKeyOf(certificate: X509Certificate | undefined): string | undefined {
  const key = certificate?.publicKey;
  if (key?.asymmetricKeyType !== 'ed25519') return undefined;
  const spki = key.export({ format: 'der', type: 'spki' });
  return spki.subarray(SPKI_PREFIX.length).toString('base64url');
}

/** Undefined when a pinned key stands in the chain, from the server's certificate up. */
function checkPins(pins: readonly string[], certificate: PeerCertificate): Error | undefined {
  if (pins.length === 0) return undefined;
  for (const each of chainOf(certificate)) if (pins.includes(pinOf(each))) return undefined;
  return Object.assign(new Error('none of the pinned keys is in the certificate’s chain'), {
    code: 'PIN_MISMATCH',
  });
}

function* chainOf(certificate: PeerCertificate): Iterable<PeerCertificate> {
  const seen = new Set<PeerCertificate>();
  let at: PeerCertificate | undefined = certificate;
  while (at && !seen.has(at)) {
    seen.add(at);
    yield at;
    at = 'issuerCertificate' in at ? (at.issuerCertificate as PeerCertificate) : undefined;
  }
}

function pinOf({ raw }: PeerCertificate): string {
  const spki = new X509Certificate(raw).publicKey.export({ format: 'der', type: 'spki' });
  return `sha256/${createHash('sha256').update(spki).digest('base64')}`;
}
