import { createSocket, type Socket } from 'node:dgram';

/** Two ports of one track: RTP on an even one, RTCP on the next (RFC 3550, 11). */
export interface UdpTrack {
  readonly port: number;
  /** Opens the way through a firewall to the camera's ports, and says where reports go. */
  connect(rtpPort: number, rtcpPort: number): void;
  /** An empty receiver report: some cameras stop without one. */
  report(): void;
  close(): void;
}

/** Addresses of the connection that the track belongs to. */
export interface UdpEnds {
  readonly local: string;
  readonly camera: string;
}

const TRIES = 20;
/** A 2 Mbit/s key frame is 60 kB in one burst. */
const RECEIVE_BUFFER_BYTES = 1_048_576;
/** RTCP receiver report without blocks (RFC 3550, 6.4.2): version 2, type 201, length 1, an SSRC. */
const EMPTY_REPORT = Buffer.from([0x80, 0xc9, 0x00, 0x01, 0x50, 0x50, 0x45, 0x31]);
/** No RTP packet: it is there for the firewall alone. */
const OPENER = Buffer.from([0x80, 0, 0, 0]);

/** Binds a pair of ports. Rejects when the system has none. */
export async function openUdpTrack(
  ends: UdpEnds,
  onPacket: (packet: Buffer) => void,
): Promise<UdpTrack> {
  const family = ends.local.includes(':') ? 'udp6' : 'udp4';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const rtp = createSocket(family);
    const port = await bind(rtp, 0, ends.local);
    if (port === undefined || port % 2 !== 0) {
      rtp.close();
      continue;
    }
    const rtcp = createSocket(family);
    if ((await bind(rtcp, port + 1, ends.local)) !== undefined)
      return track({ rtp, rtcp, port }, ends.camera, onPacket);
    rtp.close();
    rtcp.close();
  }
  throw new Error('no free pair of UDP ports');
}

interface Pair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;
}

function track(
  { rtp, rtcp, port }: Pair,
  camera: string,
  onPacket: (packet: Buffer) => void,
): UdpTrack {
  let reportPort: number | undefined;
  let isClosed = false;
  enlarge(rtp);
  rtp.on('message', (packet, from) => {
    // Packets of somebody else are no frames of this camera.
    if (!isClosed && from.address === camera) onPacket(packet);
  });
  // Nothing is done with reports, but they must not fill a buffer of the system.
  rtcp.on('message', () => undefined);
  for (const socket of [rtp, rtcp]) socket.on('error', () => undefined);
  const report = (): void => {
    if (reportPort !== undefined && !isClosed) rtcp.send(EMPTY_REPORT, reportPort, camera);
  };
  return {
    port,
    connect: (rtpPort, rtcpPort) => {
      if (isClosed || !isPort(rtpPort) || !isPort(rtcpPort)) return;
      reportPort = rtcpPort;
      rtp.send(OPENER, rtpPort, camera);
      report();
    },
    report,
    close: () => {
      if (isClosed) return;
      isClosed = true;
      rtp.close();
      rtcp.close();
    },
  };
}

/** Sending to another throws. */
function isPort(port: number): boolean {
  return port > 0 && port <= 65_535;
}

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size must do then.
  }
}

function bind(socket: Socket, port: number, address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    socket.once('error', () => resolve(undefined));
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket.address().port);
    });
  });
}
