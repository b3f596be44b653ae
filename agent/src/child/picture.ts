import { runCommand } from './run-command.ts';

/** A camera's stream for a look at its picture. */
export interface PictureTarget {
  readonly url: string;
  readonly transport: 'tcp' | 'udp';
  readonly username?: string;
  readonly password?: string;
}

/** What was seen; undefined when it could not look. */
export type PictureLook = 'frozen' | 'black' | 'moving' | undefined;

const SECONDS = 6;
/** Opening takes 1–3 s; black is told at the end only. */
const DEADLINE_MS = 13_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
/** Two key frames of most cameras are 2 s apart: a picture is still when it is so for this long. */
const STILL_SECONDS = 3;
/** Time counts from the first picture. */
const FILTERS = [
  'setpts=PTS-STARTPTS',
  'scale=160:-2',
  `freezedetect=n=-50dB:d=${STILL_SECONDS}`,
  'blackdetect=d=2:pix_th=0.10',
].join(',');
const INPUT =
  '-f concat -safe 0 -protocol_whitelist pipe,rtsp,rtp,tcp,udp,http,https,tls,crypto -i pipe:0';

/**
 * Lets ffmpeg (4.4 or newer), where it is installed, look for some seconds: is the picture frozen or
 * black? First at key frames, which costs a tenth; where they are too rare, at all frames. Nothing is
 * kept. The address goes in over standard input: arguments of a program are there for everybody on
 * the PC to read.
 */
export async function lookAtPicture(target: PictureTarget): Promise<PictureLook> {
  const first = await decode(target, '-skip_frame nokey');
  if (first.kind !== 'rare') return first.look;
  return (await decode(target, '')).look;
}

/** `rare`: too few frames for an answer. */
type Decoded =
  | { readonly kind: 'seen' | 'failed'; readonly look: PictureLook }
  | { readonly kind: 'rare'; readonly look: undefined };

async function decode(target: PictureTarget, frames: string): Promise<Decoded> {
  const outcome = await runCommand({
    program: 'ffmpeg',
    args: [
      ...`-hide_banner -loglevel info -threads 1 ${frames} ${INPUT}`.split(/ +/),
      ...`-t ${SECONDS} -an -vf ${FILTERS} -f null -`.split(' '),
    ],
    input: playlistOf(target),
    deadlineMs: DEADLINE_MS,
    output: { kind: 'counted', maxBytes: MAX_OUTPUT_BYTES },
  });
  if (outcome.kind === 'notFound' || outcome.kind === 'tooMuch')
    return { kind: 'failed', look: undefined };
  const look = pictureOf(outcome.stderr);
  if (look !== undefined) return { kind: 'seen', look };
  // Killed, or at its end, with a picture before its eyes.
  return { kind: /\bframe= *[1-9]/.test(outcome.stderr) ? 'rare' : 'failed', look };
}

/** What the filters said; undefined when no frames were decoded, or over too short a time. */
export function pictureOf(stderr: string): PictureLook {
  if (/\bblack_start:/.test(stderr)) return 'black';
  if (/\bfreeze_start:/.test(stderr)) return 'frozen';
  const times = [...stderr.matchAll(/\btime=(\d\d):(\d\d):(\d\d(?:\.\d\d)?)/g)];
  const [, hours, minutes, seconds] = times.at(-1) ?? [];
  const passed = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return passed > STILL_SECONDS ? 'moving' : undefined;
}

/** A playlist of one address. */
function playlistOf({ url, transport, username, password }: PictureTarget): string {
  const address = new URL(url);
  if (username !== undefined) {
    address.username = encodeURIComponent(username);
    address.password = encodeURIComponent(password ?? '');
  }
  // A quote would end the address early; of the others no address is made.
  const quoted = address.href.replaceAll("'", '%27').replaceAll(/[\\\s]/g, '');
  return ['ffconcat version 1.0', `file '${quoted}'`, ...optionsOf(url, transport), ''].join('\n');
}

function optionsOf(url: string, transport: PictureTarget['transport']): readonly string[] {
  if (url.startsWith('rtsp:')) return [`option rtsp_transport ${transport}`];
  // Pictures of Motion-JPEG have no time of their own: 25 a second are supposed, however few there are.
  return /\.m3u8(?:\?|$)/.test(url) ? [] : ['option use_wallclock_as_timestamps 1'];
}
