/** One WebGL 2 context for all grids of a page: browsers keep only a few of them alive. */
import { fragment, vertex } from "./shaders.ts";

/** The shared context, with its program in use. */
export interface Gl {
  readonly canvas: OffscreenCanvas;
  readonly gl: WebGL2RenderingContext;
  /** Where a uniform of the program is, looked up once. */
  readonly uniform: (name: string) => WebGLUniformLocation | null;
  /** Values per row of an atlas, and how large textures and canvases may be. */
  readonly columns: number;
  readonly most: { readonly side: number; readonly layers: number };
}

let shared: Gl | null = null;
let asked = false;

/**
 * Null where there is no WebGL 2, where it was lost, or where it is imitated in software (a quarter of the speed of a 2-D
 * canvas, which draws the same): `software` takes that too.
 */
export function sharedGl(software = false): Gl | null {
  if (!asked || software) shared ??= open(software);
  asked = true;
  return shared?.gl.isContextLost() === false ? shared : null;
}

const COLUMNS = 1024;

function open(software: boolean): Gl | null {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext("webgl2", {
    antialias: false,
    depth: false,
    failIfMajorPerformanceCaveat: !software,
  });
  const program = gl && link(gl);
  if (!gl || !program) return null;
  gl.useProgram(program);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const uniform = (name: string): WebGLUniformLocation | null =>
    gl.getUniformLocation(program, name);
  gl.uniform1i(uniform("lut"), 1);
  gl.uniform1i(uniform("columns"), COLUMNS);
  const most = {
    side: gl.getParameter(gl.MAX_TEXTURE_SIZE) as number,
    layers: gl.getParameter(gl.MAX_ARRAY_TEXTURE_LAYERS) as number,
  };
  return { canvas, gl, uniform: remembered(uniform), columns: COLUMNS, most };
}

/** Attributes get fixed places: painter.ts fills them. */
function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  for (const [place, name] of ["origin", "place", "alpha"].entries())
    gl.bindAttribLocation(program, place, name);
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : null;
}

function remembered<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    if (!known.has(name)) known.set(name, find(name));
    return known.get(name) as T;
  };
}
