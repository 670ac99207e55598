import { sizeOf } from "../../../base/tensor.ts";
import { expect, word, type Pages } from "./pages.ts";
import { shapeOf, typeOf } from "./types.ts";

/** A text attribute, or a list of them; null for other attributes. An empty list of names is written as one of numbers. */
export type Text = string | string[] | null;

/** Reads attributes (HDF5 file format 3.0, IV.A.2.m), and the heaps in which texts of any length are kept. */
export class Texts {
  private readonly heaps = new Map<number, ReadonlyMap<number, Buffer>>();

  constructor(private readonly pages: Pages) {}

  attribute(body: Buffer): { name: string; value: Text } {
    const version = body.readUInt8(0);
    expect(version >= 1 && version <= 3, "an attribute");
    expect(version === 1 || body[1] === 0, "a type of its own");
    const parts = [2, 4, 6].map((at) => body.readUInt16LE(at));
    let at = version === 3 ? 9 : 8;
    const [name, type, space] = parts.map((length) => {
      const part = body.subarray(at, at + length);
      expect(part.length === length, "a whole attribute");
      at += version === 1 ? Math.ceil(length / 8) * 8 : length;
      return part;
    });
    expect(!!name && !!type && !!space, "three parts");
    const known = textOf(name);
    return { name: known, value: this.value(typeOf(type), shapeOf(space), body.subarray(at)) };
  }

  private value(
    { size, kind }: ReturnType<typeof typeOf>,
    shape: readonly number[] | null,
    data: Buffer,
  ): Text {
    if (!shape) return null;
    const count = sizeOf(shape);
    if (kind !== "text" && kind !== "texts of any length") return count === 0 ? [] : null;
    expect(size > 0 && count * size <= data.length, "the whole value");
    const texts = Array.from({ length: count }, (_, i) => {
      const element = data.subarray(i * size, (i + 1) * size);
      return textOf(kind === "text" ? element : this.kept(element));
    });
    return shape.length === 0 ? (texts[0] ?? null) : texts;
  }

  /** A text by its length, the address of its heap, and its number there. */
  private kept(element: Buffer): Buffer {
    const length = element.readUInt32LE(0);
    if (length === 0) return element.subarray(0, 0);
    const found = this.heap(word(element, 4)).get(element.readUInt32LE(12));
    expect(found !== undefined && found.length >= length, "a text in its heap");
    this.pages.spend(length);
    return found.subarray(0, length);
  }

  /** III.E */
  private heap(address: number): ReadonlyMap<number, Buffer> {
    const known = this.heaps.get(address);
    if (known) return known;
    const head = this.pages.bytes(address, 16);
    expect(head.toString("latin1", 0, 4) === "GCOL" && head[4] === 1, "a global heap");
    const heap = this.pages.bytes(address, word(head, 8));
    const objects = new Map<number, Buffer>();
    for (let at = 16; at + 16 <= heap.length;) {
      const index = heap.readUInt16LE(at);
      if (index === 0) break; // what follows is free
      const length = word(heap, at + 8);
      at += 16;
      expect(at + length <= heap.length, "a whole object");
      objects.set(index, heap.subarray(at, at + length));
      at += Math.ceil(length / 8) * 8;
    }
    this.heaps.set(address, objects);
    return objects;
  }
}

/** Texts end with the first zero. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}
