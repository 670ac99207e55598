/** Mutations of JPEG: segments by their fields, number and order, and what lies between them. */
import type { Random } from "../random.ts";
import { oddInteger, writeInteger, type Mutation } from "./bytes.ts";

/** Segments up to and with the first start of a scan, each with its marker; and the rest. */
function taken(bytes: Buffer): { segments: Buffer[]; rest: Buffer } {
  const segments: Buffer[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const length = 2 + bytes.readUInt16BE(at + 2);
    segments.push(Buffer.from(bytes.subarray(at, at + length)));
    const scan = bytes[at + 1] === 0xda;
    at += length;
    if (scan) break;
  }
  return { segments, rest: Buffer.from(bytes.subarray(Math.min(at, bytes.length))) };
}

type Change = (segments: Buffer[], random: Random) => void;

const isFrame = (segment: Buffer): boolean => [0xc0, 0xc1, 0xc2].includes(segment[1] ?? 0);
const frame: Change = (segments, random) => {
  const found = segments.find(isFrame);
  if (!found) return;
  const kind = random.below(4);
  if (kind === 0) writeInteger(found, random.pick([5, 7]), 2, oddInteger(random, 300, 2), false);
  else if (kind === 1) found[1] = random.pick([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca]);
  else if (kind === 2) found[9] = random.pick([0, 1, 2, 3, 4, 5, 255]);
  else {
    const component = 10 + 3 * random.below(4);
    if (component + 2 < found.length)
      found[component + 1] = random.pick([0x11, 0x12, 0x21, 0x22, 0x31, 0x13, 0x41, 0x44, 0, 0xff]);
  }
};
const field: Change = (segments, random) => {
  const segment = random.pick(segments);
  if (segment.length > 4) segment[4 + random.below(segment.length - 4)] = random.below(256);
};
const length: Change = (segments, random) => {
  writeInteger(random.pick(segments), 2, 2, oddInteger(random, 300, 2), false);
};
const order: Change = (segments, random) => {
  const one = segments[random.below(segments.length)];
  if (!one) return;
  if (random.chance(0.5)) segments.splice(segments.indexOf(one), 1);
  if (random.chance(0.7)) segments.splice(random.below(segments.length + 1), 0, one);
};
const added: Change = (segments, random) => {
  const texts = [
    "Exif\0\0II*\0\b\0\0\0\xff\xff",
    "ICC_PROFILE\0\x01\x01",
    "Adobe\0d\0\0\0\0\x02",
    "JFIF\0",
  ];
  const data = Buffer.concat([
    Buffer.from(random.pick(texts), "latin1"),
    Buffer.alloc(random.below(200), 1),
  ]);
  const head = Buffer.from([0xff, random.pick([0xe0, 0xe1, 0xe2, 0xee, 0xdd, 0xdb, 0xc4]), 0, 0]);
  head.writeUInt16BE(2 + data.length, 2);
  segments.unshift(Buffer.concat([head, data]));
};

const ofSegments = [frame, frame, frame, field, field, length, order, added].map(
  (change): Mutation =>
    (bytes, random) => {
      const { segments, rest } = taken(bytes);
      if (segments.length === 0) return bytes;
      change(segments, random);
      return Buffer.concat([bytes.subarray(0, 2), ...segments, rest]);
    },
);

/** The compressed pixels: bytes, markers in the middle of them, scans again and again. */
const scan: Mutation = (bytes, random) => {
  const { segments, rest } = taken(bytes);
  const begins = segments.at(-1);
  if (!begins || rest.length === 0) return bytes;
  const out = Buffer.from(rest);
  for (let i = 1 + random.below(6); i > 0; i--) out[random.below(out.length)] = random.below(256);
  const marker = Buffer.from([0xff, random.pick([0xd0, 0xd7, 0xd9, 0xda, 0xc4, 0xdb])]);
  if (random.chance(0.3)) marker.copy(out, random.below(out.length));
  const again = random.chance(0.2) ? Array.from({ length: random.below(150) }, () => begins) : [];
  return Buffer.concat([bytes.subarray(0, 2), ...segments, out, ...again]);
};

export const jpegMutations: readonly Mutation[] = [...ofSegments, scan, scan];
