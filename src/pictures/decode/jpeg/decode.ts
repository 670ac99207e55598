import { at } from "../../../base/at.ts";
import type { RowSink } from "../format.ts";
import { colourOf } from "./colour.ts";
import { pictureRow, planesOf, transformStrip, type Plane } from "./planes.ts";
import { Scan, Tables } from "./scan.ts";
import { jpegStructure, segments } from "./segments.ts";

/** Baseline, extended and progressive, coded by Huffman. */
const KINDS = [0xc0, 0xc1, 0xc2];

/**
 * Decodes a JPEG strip by strip: of a baseline picture no more than two strips are held, of a progressive one its coefficients (two bytes
 * each). Colours of any number of components that has a meaning, at any whole ratio of sampling; to the same numbers as libjpeg-turbo.
 * (ITU-T T.81)
 */
export function decodeStrips(bytes: Uint8Array, sink: RowSink): void {
  const structure = jpegStructure(bytes);
  const { kind, precision } = structure;
  if (!KINDS.includes(kind))
    throw new Error(
      "it is coded in a way that is not read (lossless or arithmetic); save it again",
    );
  if (precision !== 8) throw new Error(`it has ${precision} bits a sample, and 8 are read`);
  const picture = planesOf(structure);
  const { planes, down: strips } = picture;
  const tables = new Tables();
  const emit = emitter(structure, planes, sink);
  const progressive = kind === 0xc2;
  let blocks: Int16Array[] | null = null;
  const used: (Uint16Array | undefined)[] = [];
  for (let offset: number | null = 2; offset !== null;) {
    const from: number = offset;
    offset = null;
    for (const segment of segments(bytes, from)) {
      if (segment.marker !== 0xda) {
        tables.take(bytes, segment);
        continue;
      }
      const scan = new Scan(bytes, segment, planes, tables, progressive);
      // a plane's table is the one that holds at its first scan
      for (const index of scan.planes) used[index] ??= tables.quantization[at(planes, index).table];
      if (!progressive && blocks === null && scan.planes.length === planes.length) {
        stripByStrip(scan, picture, used, emit);
        scan.end();
        return;
      }
      blocks ??= planes.map(({ stride, down }) => new Int16Array(64 * stride * down * strips));
      if (scan.planes.length === 1) scan.blockRows(blocks);
      else
        for (let strip = 0; strip < strips; strip++)
          scan.mcuRow(
            picture.across,
            blocks,
            planes.map(({ stride, down }) => strip * stride * down),
          );
      offset = scan.end();
    }
  }
  if (blocks === null) throw new Error("it holds no picture");
  for (let strip = 0; strip < strips; strip++) {
    for (const [i, plane] of planes.entries())
      transformStrip(
        plane,
        strip,
        at(blocks, i),
        strip * plane.stride * plane.down,
        tableOf(used, i),
      );
    emit(strip, strip === strips - 1);
  }
}

function stripByStrip(
  scan: Scan,
  { planes, across, down }: ReturnType<typeof planesOf>,
  used: readonly (Uint16Array | undefined)[],
  emit: (strip: number, last: boolean) => void,
): void {
  const blocks = planes.map((plane) => new Int16Array(64 * plane.stride * plane.down));
  const first = planes.map(() => 0);
  for (let strip = 0; strip < down; strip++) {
    for (const block of blocks) block.fill(0);
    scan.mcuRow(across, blocks, first);
    for (const [i, plane] of planes.entries())
      transformStrip(plane, strip, at(blocks, i), 0, tableOf(used, i));
    emit(strip, strip === down - 1);
  }
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
