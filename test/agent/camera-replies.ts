/** What cameras say: recorded of GStreamer's server, the others in the manner of their makers. */

const crlf = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** H.264 1280×720 and H.265 2688×1520, by x264 and x265. */
export const spsH264 = 'Z2QAH6zZQFAFuwEQAAADABAAAAMDIPGDGWA=';
export const spsH265 = 'QgEBAWAAAAMAkAAAAwAAAwCWoAFQIAXxZZWaSTK8BaAgAAADACAAAAMDIQ==';

export const gstreamer = crlf([
  'v=0',
  'o=- 10063753718768522760 1 IN IP4 127.0.0.1',
  's=Session streamed with GStreamer',
  'i=rtsp-server',
  't=0 0',
  'a=tool:GStreamer',
  'a=type:broadcast',
  'a=control:*',
  'a=range:npt=now-',
  'm=video 0 RTP/AVP 96',
  'c=IN IP4 0.0.0.0',
  'b=AS:1024',
  'a=rtpmap:96 H264/90000',
  'a=framerate:15',
  'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAFtoCgPbAWoMDA1KAAAADAIAAAA9HixdQ,aM48gA==;profile-level-id=42c016;level-asymmetry-allowed=1',
  'a=control:stream=0',
  'a=ts-refclk:local',
  'a=mediaclk:sender',
  'a=ssrc:1580940552 cname:user3772074845@host-37db7eba',
  'm=audio 0 RTP/AVP 8',
  'c=IN IP4 0.0.0.0',
  'a=rtpmap:8 PCMA/8000',
  'a=control:stream=1',
]);

/** Addresses in full, a space after each semicolon, its own attributes. */
export const fullAddresses = crlf([
  'v=0',
  'o=- 1109162014219182 1109162014219192 IN IP4 0.0.0.0',
  's=Media Presentation',
  'e=NONE',
  'b=AS:5100',
  't=0 0',
  'a=control:rtsp://192.0.2.64:554/Streaming/Channels/101/',
  'm=video 0 RTP/AVP 96',
  'b=AS:5000',
  'a=recvonly',
  'a=x-dimensions:1280,720',
  'a=control:rtsp://192.0.2.64:554/Streaming/Channels/101/trackID=1',
  'a=rtpmap:96 H264/90000',
  `a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=${spsH264},aO44gA==`,
  'm=audio 0 RTP/AVP 0',
  'a=control:rtsp://192.0.2.64:554/Streaming/Channels/101/trackID=2',
  'a=rtpmap:0 PCMU/8000',
  'a=Media_header:MEDIAINFO=494D4B48010100000400010010710110401F000000FA000000000000000000000000000000000000;',
  'a=appversion:1.0',
]);

/** H.265, the stream's name in a query, metadata beside the picture. */
export const queryAddress = crlf([
  'v=0',
  'o=- 2251938202 2251938202 IN IP4 0.0.0.0',
  's=RTSP Session/2.0',
  'c=IN IP4 0.0.0.0',
  't=0 0',
  'a=control:*',
  'a=range:npt=now-',
  'm=video 0 RTP/AVP 98',
  'a=control:trackID=0',
  'a=framerate:25.000000',
  'a=rtpmap:98 H265/90000',
  `a=fmtp:98 profile-id=1;sprop-sps=${spsH265};sprop-pps=RAHBcrRiQA==;sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwCWlZgJ`,
  'a=recvonly',
  'm=audio 0 RTP/AVP 97',
  'a=control:trackID=1',
  'a=rtpmap:97 MPEG4-GENERIC/16000',
  'm=application 0 RTP/AVP 107',
  'a=control:trackID=4',
  'a=rtpmap:107 vnd.onvif.metadata/90000',
]);

/** Several formats of one track, LF alone, Motion-JPEG by its static number, a port with a count. */
export const oldCamera = [
  'v=0',
  'm=video 5004/2 RTP/AVP 26 96',
  'a=control:track1',
  'a=rtpmap:96 MP4V-ES/90000',
  '',
].join('\n');

/** A conversation as it comes: answers with frames between them, an announcement of the camera. */
export const conversation = Buffer.concat([
  Buffer.from(
    crlf([
      'RTSP/1.0 200 OK',
      'CSeq: 1',
      'Public: OPTIONS, DESCRIBE, GET_PARAMETER, PLAY, SETUP, TEARDOWN',
      '',
    ]),
  ),
  Buffer.from(
    crlf([
      'RTSP/1.0 401 Unauthorized',
      'CSeq: 2',
      'WWW-Authenticate: Digest realm="GStreamer RTSP Server", nonce="cc28366e0ab524ac"',
      'WWW-Authenticate: Basic realm="GStreamer RTSP Server"',
      '',
    ]),
  ),
  Buffer.from(
    `RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Type: application/sdp\r\nContent-Length: ${Buffer.byteLength(gstreamer)}\r\n\r\n${gstreamer}`,
  ),
  Buffer.from([0x24, 0, 0, 6, 1, 2, 3, 4, 5, 6]),
  Buffer.from([0x24, 1, 0, 0]),
  Buffer.from('\r\nRTSP/1.0 200 OK\nCSeq: 4\nSession: 12345678;timeout=60\n\n'),
  Buffer.from(
    'ANNOUNCE rtsp://192.0.2.1/live RTSP/1.0\r\nCSeq: 9\r\nContent-Length: 5\r\n\r\nv=0\r\n',
  ),
  Buffer.from([0x24, 2, 0, 2, 0x24, 0x24]),
  Buffer.from('RTSP/1.0 454 Session Not Found\r\nCSeq: 5\r\n\r\n'),
]);

export const mediaPlaylist = [
  '#EXTM3U',
  '#EXT-X-VERSION:3',
  '#EXT-X-TARGETDURATION:2',
  '#EXT-X-MEDIA-SEQUENCE:1041',
  '#EXTINF:1.960000,',
  'stream1041.ts',
  '#EXTINF:2.000000,',
  'stream1042.ts',
  '#EXTINF:2.040000,',
  'stream1043.ts?x=1',
  '',
].join('\n');

export const masterPlaylist = [
  '#EXTM3U',
  '#EXT-X-VERSION:3',
  '#EXT-X-STREAM-INF:BANDWIDTH=1170400,RESOLUTION=640x480,CODECS="avc1.42c01e,mp4a.40.2"',
  'stream.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=320x240',
  'small.m3u8',
  '',
].join('\r\n');

/** The beginning of a picture of 640×480. */
export const jpeg = Buffer.from(
  [
    'ffd8ffe000104a46494600010200000100010000fffe00104c61766335392e33372e31303000ffdb0043000810',
    '101310131616161616161a181a1b1b1b1a1a1a1a1b1b1b1d1d1d2222221d1d1d1b1b1d1d202022222526252323',
    '2223262628282830302e2e38383a454553ffc4004a000100000000000000000000000000000000010100000000',
    '000000000000000000000000100100000000000000000000000000000000110100000000000000000000000000',
    '000000ffc000110801e0028003012200021100031100',
  ].join(''),
  'hex',
);

/** Two parts of a stream with lengths. */
export const multipart = Buffer.concat(
  [jpeg, jpeg].flatMap((picture) => [
    Buffer.from(
      `--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${picture.length}\r\n\r\n`,
    ),
    picture,
    Buffer.from('\r\n'),
  ]),
);

export const challenges = [
  'Digest realm="yard, Basic \\"inner\\" gate", nonce="dcd98b71", qop="auth,auth-int", algorithm=SHA-256, opaque="5ccc"',
  'Digest realm="yard", nonce="dcd98b71"',
  'Basic realm="yard"',
].join(', ');

export const ffmpegWords = [
  "Input #0, concat, from 'pipe:0':",
  '  Stream #0:0: Video: h264 (Constrained Baseline), yuv420p, 640x480, 25 fps, 25 tbr, 90k tbn',
  'frame=    2 fps=0.8 q=-0.0 size=N/A time=00:00:02.00 bitrate=N/A speed=0.771x    ',
  '[freezedetect @ 0x559cf47e0540] lavfi.freezedetect.freeze_start: 0',
  'frame=    4 fps=0.6 q=-0.0 Lsize=N/A time=00:00:06.00 bitrate=N/A speed=0.857x    ',
].join('\r');
