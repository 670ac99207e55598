import type { Tiles } from "../../../../src/shared/contract/lenses.ts";
import type { Lut } from "../../../common/drawing/index.ts";
import type { Stamp, TilePainter } from "../painter.ts";
import { Atlas } from "./atlas.ts";
import { sharedGl, type Gl } from "./context.ts";

/** Numbers per instance: x, y, layer, first value, opacity. */
const STRIDE = 5;

/** All tiles of a grid that are seen, in one draw call. */
export class WebGlPainter implements TilePainter {
  readonly name = "WebGL 2";
  private atlas: Atlas | null = null;
  private readonly buffer: WebGLBuffer;
  private readonly colours: WebGLTexture;
  private shownLut: Lut | null = null;

  private constructor(private readonly context: Gl) {
    this.buffer = context.gl.createBuffer();
    this.colours = context.gl.createTexture();
  }

  /** Null where WebGL 2 is not to be had; see `sharedGl`. */
  static create(software = false): WebGlPainter | null {
    const context = sharedGl(software);
    return context && new WebGlPainter(context);
  }

  draw(
    target: CanvasRenderingContext2D,
    stamps: readonly Stamp[],
    size: { readonly width: number; readonly height: number },
    lut: Lut,
  ): boolean {
    const { context } = this;
    const { gl, canvas, uniform } = context;
    const [first] = stamps;
    if (!first) return true;
    const bytes = Math.max(...stamps.map(({ place }) => place.tiles.pixels.length));
    const { width, height } = target.canvas;
    const needed = Math.max(width, height, bytes / context.columns);
    if (gl.isContextLost() || needed > context.most.side) return false;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { tiles } = first.place;
    gl.uniform2f(uniform("canvas"), width, height);
    gl.uniform2f(uniform("tile"), size.width, size.height);
    gl.uniform2i(uniform("native"), tiles.width, tiles.height);
    gl.uniform1i(uniform("channels"), tiles.channels);
    this.useColours(lut);
    const atlas = this.atlasFor(bytes);
    for (const group of byPages(stamps, atlas.layers)) this.drawGroup(atlas, group);
    target.save();
    target.resetTransform();
    target.drawImage(canvas, 0, 0);
    target.restore();
    return true;
  }

  dispose(): void {
    const { gl } = this.context;
    this.atlas?.dispose();
    gl.deleteBuffer(this.buffer);
    gl.deleteTexture(this.colours);
  }

  private atlasFor(bytes: number): Atlas {
    if (this.atlas && this.atlas.bytes >= bytes) {
      this.atlas.bind();
      return this.atlas;
    }
    this.atlas?.dispose();
    return (this.atlas = new Atlas(this.context, bytes));
  }

  private useColours(lut: Lut): void {
    const { gl } = this.context;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.colours);
    if (lut === this.shownLut) return;
    this.shownLut = lut;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, lut);
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  }

  private drawGroup(atlas: Atlas, stamps: readonly Stamp[]): void {
    const { gl } = this.context;
    const data = new Float32Array(stamps.length * STRIDE);
    for (const [i, { place, x, y, opacity }] of stamps.entries()) {
      const { tiles, slot } = place;
      const value = slot * tiles.width * tiles.height * tiles.channels;
      data.set([x, y, atlas.place(tiles), value, opacity], i * STRIDE);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STREAM_DRAW);
    for (const [place, count, at] of [
      [0, 2, 0],
      [1, 2, 2],
      [2, 1, 4],
    ] as const) {
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, count, gl.FLOAT, false, STRIDE * 4, at * 4);
      gl.vertexAttribDivisor(place, 1);
    }
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, stamps.length);
  }
}

/** Runs of stamps that need no more than `most` pages. */
function* byPages(stamps: readonly Stamp[], most: number): Generator<readonly Stamp[]> {
  let group: Stamp[] = [];
  let pages = new Set<Tiles>();
  for (const stamp of stamps) {
    const { tiles } = stamp.place;
    if (pages.size === most && !pages.has(tiles)) {
      yield group;
      group = [];
      pages = new Set();
    }
    pages.add(tiles);
    group.push(stamp);
  }
  yield group;
}
