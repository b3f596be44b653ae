/** Colours as eyes see them: small maths of its own, so that palettes are judged without a library. */

type Triple = readonly [number, number, number];

/** Kinds of colour blindness that are simulated, at full severity. */
export const deficiencies = ['protan', 'deutan', 'tritan'] as const;
export type Deficiency = (typeof deficiencies)[number];

/** Machado, Oliveira and Fernandes 2009, severity 1.0; they act on linear RGB. */
const matrices: Readonly<Record<Deficiency, readonly [Triple, Triple, Triple]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** `#rrggbb` as linear RGB, 0…1. */
export function linearOf(hex: string): Triple {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** What somebody with this deficiency sees of a linear colour. */
export function seenBy(deficiency: Deficiency, colour: Triple): Triple {
  return times(matrices[deficiency], colour).map((value) =>
    Math.min(1, Math.max(0, value)),
  ) as unknown as Triple;
}

/** Contrast of WCAG 2.2 between two colours, 1…21. */
export function contrastOf(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Difference of two linear colours by CIEDE2000: below about 2 nobody sees it side by side. */
export function differenceOf(a: Triple, b: Triple): number {
  return ciede2000(labOf(a), labOf(b));
}

function luminanceOf(hex: string): number {
  const [red, green, blue] = linearOf(hex);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** CIE Lab by the white of sRGB, D65. */
function labOf(colour: Triple): Triple {
  const xyz = times(
    [
      [0.412_456_4, 0.357_576_1, 0.180_437_5],
      [0.212_672_9, 0.715_152_2, 0.072_175],
      [0.019_333_9, 0.119_192, 0.950_304_1],
    ],
    colour,
  );
  const root = (value: number): number =>
    value > 216 / 24_389 ? Math.cbrt(value) : (value * (24_389 / 27) + 16) / 116;
  const [x, y, z] = [root(xyz[0] / 0.950_47), root(xyz[1]), root(xyz[2] / 1.088_83)];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Sharma, Wu and Dalal 2005. */
export function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const grey = 0.5 * (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)));
  const first = polar(a1 * (1 + grey), b1);
  const second = polar(a2 * (1 + grey), b2);
  const chroma = (first.chroma + second.chroma) / 2;
  const isGrey = first.chroma * second.chroma === 0;
  const turn = isGrey ? 0 : turned(second.hue - first.hue);
  const hue = isGrey ? first.hue + second.hue : meanHue(first.hue, second.hue);
  const light = (l1 + l2) / 2;
  const t =
    1 -
    0.17 * cos(hue - 30) +
    0.24 * cos(2 * hue) +
    0.32 * cos(3 * hue + 6) -
    0.2 * cos(4 * hue - 63);
  const sl = 1 + (0.015 * (light - 50) ** 2) / Math.sqrt(20 + (light - 50) ** 2);
  const sc = 1 + 0.045 * chroma;
  const sh = 1 + 0.015 * chroma * t;
  const rotation = 60 * Math.exp(-(((hue - 275) / 25) ** 2));
  const rt = -2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7)) * sin(rotation);
  const dl = (l2 - l1) / sl;
  const dc = (second.chroma - first.chroma) / sc;
  const dh = (2 * Math.sqrt(first.chroma * second.chroma) * sin(turn / 2)) / sh;
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rt * dc * dh);
}

function polar(a: number, b: number): { chroma: number; hue: number } {
  const hue = (Math.atan2(b, a) * 180) / Math.PI;
  return { chroma: Math.hypot(a, b), hue: hue < 0 ? hue + 360 : hue };
}

function turned(degrees: number): number {
  if (degrees > 180) return degrees - 360;
  return degrees < -180 ? degrees + 360 : degrees;
}

function meanHue(a: number, b: number): number {
  if (Math.abs(a - b) <= 180) return (a + b) / 2;
  return a + b < 360 ? (a + b + 360) / 2 : (a + b - 360) / 2;
}

const sin = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);
const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

function times(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  return matrix.map((row) => row[0] * x + row[1] * y + row[2] * z) as unknown as Triple;
}
