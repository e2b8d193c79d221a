/** Just enough of PNG (ISO 15948) to see whether a picture shows anything: eight bits a sample, not interlaced. */
import { inflateSync } from 'node:zlib';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb`. */
  readonly colourAt: (x: number, y: number) => string;
}

export function readPng(file: Buffer): Picture {
  if (file.readUInt32BE(0) !== 0x89504e47) throw new Error('it is no PNG');
  const [width, height, depth, type] = [file.readUInt32BE(16), file.readUInt32BE(20), file[24], file[25]];
  const samples = type === 6 ? 4 : type === 2 ? 3 : 0;
  if (depth !== 8 || samples === 0 || file[28] !== 0) throw new Error('it is a PNG of another kind');
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12)
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width * samples, height, samples);
  return {
    width,
    height,
    colourAt: (x, y) => {
      const at = y * width * samples + x * samples;
      return `#${Buffer.from(pixels.subarray(at, at + 3)).toString('hex')}`;
    },
  };
}

/** How many colours there are among every `step`th pixel of every `step`th line. */
export function colourCount({ width, height, colourAt }: Picture, step = 3): number {
  const seen = new Set<string>();
  for (let y = 0; y < height; y += step) for (let x = 0; x < width; x += step) seen.add(colourAt(x, y));
  return seen.size;
}

/** Every line begins with the number of its filter. */
function unfilter(data: Buffer, stride: number, height: number, samples: number): Uint8Array {
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < samples ? 0 : (pixels[at - samples] ?? 0);
      const up = y === 0 ? 0 : (pixels[at - stride] ?? 0);
      const upLeft = x < samples || y === 0 ? 0 : (pixels[at - stride - samples] ?? 0);
      pixels[at] = (data[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, up, upLeft);
    }
  }
  return pixels;
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - upLeft;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - upLeft)];
  return a <= b && a <= c ? left : b <= c ? up : upLeft;
}
