import { runCommand } from './run-command.ts';

/** A camera's stream for a look at its key frames. */
export interface PictureTarget {
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly username?: string;
  readonly password?: string;
}

const SECONDS = 7;
const DEADLINE_MS = 15_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const INPUT = [
  '-hide_banner -loglevel info -skip_frame nokey -f concat -safe 0',
  '-protocol_whitelist pipe,file,rtsp,rtp,tcp,udp,http,https,tls,crypto -i pipe:0',
].flatMap((words) => words.split(' '));
/** Two key frames of most cameras are 2 s apart: a picture is still when it is so for this long. */
const FILTERS = 'scale=160:-2,freezedetect=n=-50dB:d=3,blackdetect=d=2:pix_th=0.10';

/**
 * Lets ffmpeg, where it is installed, decode key frames for some seconds: is the picture frozen or
 * black? Undefined when it could not look. Nothing is kept. The address goes in over standard input:
 * arguments of a program are there for everybody on the PC to read.
 */
export async function lookAtPicture(
  target: PictureTarget,
): Promise<'frozen' | 'black' | 'moving' | undefined> {
  const outcome = await runCommand({
    program: 'ffmpeg',
    args: [...INPUT, '-t', String(SECONDS), '-an', '-vf', FILTERS, '-f', 'null', '-'],
    input: playlistOf(target),
    deadlineMs: DEADLINE_MS,
    output: { kind: 'counted', maxBytes: MAX_OUTPUT_BYTES },
  });
  if (outcome.kind === 'notFound' || outcome.kind === 'tooMuch') return undefined;
  if (outcome.kind === 'ended' && outcome.code !== 0) return undefined;
  return pictureOf(outcome.stderr);
}

/** What the filters said; undefined when no frame was decoded. */
export function pictureOf(stderr: string): 'frozen' | 'black' | 'moving' | undefined {
  if (/\bblack_start:/.test(stderr)) return 'black';
  if (/\bfreeze_start:/.test(stderr)) return 'frozen';
  return /\bframe= *[1-9]/.test(stderr) ? 'moving' : undefined;
}

/** A playlist of one address. Quotes would end it early, and no address needs one. */
function playlistOf({ url, transport, username, password }: PictureTarget): string {
  const address = new URL(url);
  if (username !== undefined) {
    address.username = encodeURIComponent(username);
    address.password = encodeURIComponent(password ?? '');
  }
  return [
    'ffconcat version 1.0',
    `file '${address.href.replaceAll(/['\\\r\n]/g, '')}'`,
    ...(url.startsWith('rtsp') ? [`option rtsp_transport ${transport}`] : []),
    '',
  ].join('\n');
}
