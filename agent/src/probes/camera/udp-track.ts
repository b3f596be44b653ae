import { createSocket, type Socket } from 'node:dgram';

/** Two ports of one track: RTP on an even one, RTCP on the next (RFC 3550, 11). */
export interface UdpTrack {
  readonly port: number;
  /** Opens the way through a firewall, and says where reports go. */
  connect(address: string, rtpPort: number, rtcpPort: number): void;
  /** An empty receiver report: some cameras stop without one. */
  report(): void;
  close(): void;
}

const TRIES = 20;
/** A 2 Mbit/s key frame is 60 kB in one burst. */
const RECEIVE_BUFFER_BYTES = 1_048_576;
/** RTCP receiver report without blocks (RFC 3550, 6.4.2): version 2, type 201, length 1, an SSRC. */
const EMPTY_REPORT = Buffer.from([0x80, 0xc9, 0x00, 0x01, 0x50, 0x50, 0x45, 0x31]);

/** Binds a pair of ports. Rejects when the system has none. */
export async function openUdpTrack(
  localAddress: string,
  onPacket: (packet: Buffer) => void,
): Promise<UdpTrack> {
  const family = localAddress.includes(':') ? 'udp6' : 'udp4';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const rtp = createSocket(family);
    const port = await bind(rtp, 0, localAddress);
    if (port === undefined || port % 2 !== 0) {
      rtp.close();
      continue;
    }
    const rtcp = createSocket(family);
    if ((await bind(rtcp, port + 1, localAddress)) !== undefined) {
      return track({ rtp, rtcp, port }, onPacket);
    }
    rtp.close();
    rtcp.close();
  }
  throw new Error('no free pair of UDP ports');
}

function track(
  { rtp, rtcp, port }: { readonly rtp: Socket; readonly rtcp: Socket; readonly port: number },
  onPacket: (packet: Buffer) => void,
): UdpTrack {
  let peer: { readonly address: string; readonly rtcpPort: number } | undefined;
  let isClosed = false;
  rtp.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  rtp.on('message', (packet, from) => {
    // Packets of somebody else are no frames of this camera.
    if (peer === undefined || from.address === peer.address) onPacket(packet);
  });
  for (const socket of [rtp, rtcp]) socket.on('error', () => undefined);
  const report = (): void => {
    if (peer && !isClosed) rtcp.send(EMPTY_REPORT, peer.rtcpPort, peer.address);
  };
  return {
    port,
    connect: (address, rtpPort, rtcpPort) => {
      peer = { address, rtcpPort };
      if (!isClosed) rtp.send(Buffer.from([0x80, 0, 0, 0]), rtpPort, address);
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

function bind(socket: Socket, port: number, address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    socket.once('error', () => resolve(undefined));
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket.address().port);
    });
  });
}
