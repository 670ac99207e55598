import type { Tiles } from "../../../../src/shared/contract/lenses.ts";
import type { Gl } from "./context.ts";

/** What an atlas may take on the graphics card, bytes. */
const BUDGET = 2 ** 26;
const MOST_LAYERS = 64;

/** The pages of one grid as layers of one texture; the layer that was drawn longest ago makes room for a new page. */
export class Atlas {
  private readonly texture: WebGLTexture;
  /** In the order in which they were used last. */
  private readonly layerOf = new Map<Tiles, number>();
  readonly layers: number;

  /** @param bytes of the largest page */
  constructor(
    private readonly context: Gl,
    readonly bytes: number,
  ) {
    const { gl, columns, most } = context;
    const rows = Math.ceil(bytes / columns);
    const affordable = Math.max(1, Math.floor(BUDGET / (rows * columns)));
    this.layers = Math.min(MOST_LAYERS, most.layers, affordable);
    this.texture = gl.createTexture();
    this.bind();
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R8, columns, rows, this.layers);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, gl.NEAREST);
  }

  bind(): void {
    const { gl } = this.context;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.texture);
  }

  /** The layer that holds `page`; it is uploaded if it is not there. */
  place(page: Tiles): number {
    const known = this.layerOf.get(page);
    const layer = known ?? this.free();
    this.layerOf.delete(page);
    this.layerOf.set(page, layer);
    if (known === undefined) this.upload(page.pixels, layer);
    return layer;
  }

  private free(): number {
    if (this.layerOf.size < this.layers) return this.layerOf.size;
    const [oldest] = this.layerOf;
    if (!oldest) throw new Error("an atlas has at least one layer");
    this.layerOf.delete(oldest[0]);
    return oldest[1];
  }

  private upload(pixels: Uint8Array, layer: number): void {
    const { gl, columns } = this.context;
    const write = (row: number, width: number, height: number): void => {
      const at = row * columns;
      const part = pixels.subarray(at, at + width * height);
      const target = gl.TEXTURE_2D_ARRAY;
      gl.texSubImage3D(target, 0, 0, row, layer, width, height, 1, gl.RED, gl.UNSIGNED_BYTE, part);
    };
    const rows = Math.floor(pixels.length / columns);
    const rest = pixels.length % columns;
    if (rows > 0) write(0, columns, rows);
    if (rest > 0) write(rows, rest, 1);
  }

  dispose(): void {
    this.context.gl.deleteTexture(this.texture);
  }
}
