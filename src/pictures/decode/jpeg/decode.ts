import { at } from "../../../base/at.ts";
import type { PictureBytes } from "../bytes.ts";
import type { RowSink } from "../format.ts";
import { colourOf } from "./colour.ts";
import { behindScan } from "./huffman.ts";
import { pictureRow, planesOf, transformStrip, type Plane } from "./planes.ts";
import { Scan, Tables } from "./scan.ts";
import { jpegStructure, segments } from "./segments.ts";

/** Baseline, extended and progressive, coded by Huffman. */
const KINDS = [0xc0, 0xc1, 0xc2];

/**
 * Decodes a JPEG strip by strip, and holds no more than two: what comes in many scans (progressive pictures, colours one by one) is read from
 * all of them at once, each going on where it stood at the last strip. Colours of any number of components that has a meaning, at any whole
 * ratio of sampling; to the same numbers as libjpeg-turbo. (ITU-T T.81)
 */
export function decodeStrips(bytes: PictureBytes, sink: RowSink): void {
  const structure = jpegStructure(bytes);
  const { kind, precision } = structure;
  if (!KINDS.includes(kind))
    throw new Error(
      "it is coded in a way that is not read (lossless or arithmetic); save it again",
    );
  if (precision !== 8) throw new Error(`it has ${precision} bits a sample, and 8 are read`);
  const picture = planesOf(structure);
  const { planes, down: strips } = picture;
  const { scans, used } = scansOf(bytes, picture, kind === 0xc2);
  const emit = emitter(structure, planes, sink);
  const blocks = planes.map(({ stride, down }) => new Int16Array(64 * stride * down));
  for (let strip = 0; strip < strips; strip++) {
    for (const block of blocks) block.fill(0);
    for (const scan of scans) scan.strip(strip, blocks);
    for (const [i, plane] of planes.entries())
      transformStrip(plane, strip, at(blocks, i), tableOf(used, i));
    emit(strip, strip === strips - 1);
  }
  for (const scan of scans) scan.end();
}

/** All scans of a picture at their beginning, and the quantization of each plane: that which holds at its first scan. */
function scansOf(
  bytes: PictureBytes,
  { planes, across }: ReturnType<typeof planesOf>,
  progressive: boolean,
): { scans: Scan[]; used: (Uint16Array | undefined)[] } {
  const tables = new Tables();
  const scans: Scan[] = [];
  const used: (Uint16Array | undefined)[] = [];
  for (let offset: number | null = 2; offset !== null;) {
    const from: number = offset;
    offset = null;
    for (const segment of segments(bytes, from)) {
      if (segment.marker !== 0xda) {
        tables.take(bytes, segment);
        continue;
      }
      const scan = new Scan(bytes, segment, planes, across, tables, progressive);
      for (const index of scan.planes) used[index] ??= tables.quantization[at(planes, index).table];
      scans.push(scan);
      // it has all there is: what follows is of no interest
      if (!progressive && scans.length === 1 && scan.planes.length === planes.length)
        return { scans, used };
      offset = behindScan(bytes, segment.start + segment.length);
    }
  }
  if (scans.length === 0) throw new Error("it holds no picture");
  return { scans, used };
}

function tableOf(used: readonly (Uint16Array | undefined)[], index: number): Uint16Array {
  const table = used[index];
  if (!table) throw new Error("its tables are missing");
  return table;
}

/** Hands over the rows that a strip completes: mixed rows wait for the strip below. */
function emitter(
  structure: ReturnType<typeof jpegStructure>,
  planes: readonly Plane[],
  sink: RowSink,
): (strip: number, last: boolean) => void {
  const { width, height } = structure;
  const toRgba = colourOf(structure);
  const most = Math.max(...planes.map(({ down }) => down));
  const lag = planes.some((plane) => plane.mixesRows) ? most : 0;
  // a sample more than the picture has, where it is odd
  const rows = planes.map(({ stride }) => new Uint8Array(8 * stride * 4 + width));
  const rgba = new Uint8Array(width * 4);
  let next = 0;
  return (strip, last) => {
    const end = last ? height : (strip + 1) * 8 * most - lag;
    for (; next < Math.min(end, height); next++) {
      if (!sink.wants(next)) continue;
      const made = planes.map((plane, i) =>
        pictureRow(plane, next, most / plane.down, at(rows, i)),
      );
      toRgba(made, rgba, width);
      sink.take(next, rgba);
    }
  };
}
