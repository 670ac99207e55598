/**
 * Builds src/pictures/decode/webp/webp-rows.wasm: libwebp's decoder with rows.c, the same to the bit wherever it is built. window.patch keeps
 * the last million pixels of a stream without loss in place of all of them.
 *
 *   node scripts/webp/build.mjs libwebp_1.5.0.orig.tar.gz
 *
 * The archive is that of Debian's source package (`apt-get source --download-only libwebp`, Debian 13); the compiler (Zig's, with clang in it)
 * comes from PyPI. Both are named in built.json, with the digests of the archive and of what is built, which a test compares.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const built = path.join(here, "../../src/pictures/decode/webp/webp-rows.wasm");
const pinned = JSON.parse(readFileSync(path.join(here, "built.json"), "utf8"));
const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Of libwebp's src/, without `.c`: what decodes, and no encoder, demuxer or scaler. */
const SOURCES = [
  ...["alpha", "buffer", "frame", "io", "quant", "tree", "vp8", "vp8l", "webp"].map(
    (name) => `dec/${name}_dec`,
  ),
  ...["alpha_processing", "cpu", "dec", "dec_clip_tables", "filters", "lossless"].map(
    (name) => `dsp/${name}`,
  ),
  ...["rescaler", "upsampling", "yuv"].map((name) => `dsp/${name}`),
  ...["bit_reader", "color_cache", "huffman", "quant_levels_dec", "random", "rescaler"].map(
    (name) => `utils/${name}_utils`,
  ),
  ...["utils/thread_utils", "utils/utils"],
];
const COMPILE = [
  ...["--target=wasm32-wasi", "-O3", "-DNDEBUG", "-DWEBP_REDUCE_SIZE", "-mbulk-memory"],
  // the window's pixel 0 may lie before the memory's beginning
  ...["-ffunction-sections", "-fdata-sections", "-fwrapv-pointer"],
];
/** No library of C is linked: rows.c has the little that is needed. The memory is given, with its limit, by who runs it. */
const LINK = [
  ...["--target=wasm32-wasi", "-nostdlib", "-O3", "-s", "-Wl,--no-entry", "-Wl,--gc-sections"],
  ...["-Wl,--import-memory", "-Wl,--max-memory=4294901760", "-Wl,-z,stack-size=262144"],
];

const [archive] = process.argv.slice(2);
if (!archive) throw new Error("which archive of libwebp's source?");
if (sha256(archive) !== pinned.archive)
  throw new Error(`not libwebp ${pinned.libwebp}: ${archive}`);
const work = mkdtempSync(path.join(tmpdir(), "convlens-webp-"));
try {
  const run = (command, ...args) => execFileSync(command, args, { stdio: "inherit", cwd: work });
  run("tar", "xzf", path.resolve(archive));
  run("python3", "-m", "venv", "zig");
  run("zig/bin/pip", "install", "--quiet", `ziglang==${pinned.zig}`);
  const zig = (...args) => run("zig/bin/python", "-m", "ziglang", "cc", ...args);
  const source = `libwebp-${pinned.libwebp}`;
  run("patch", "-p1", "-d", source, "-i", path.join(here, "window.patch"));
  const compile = (file, object, ...more) => {
    zig(...COMPILE, `-I${source}`, ...more, "-c", file, "-o", object);
    return object;
  };
  // rows without loss leave by the last function that touches them
  const renamed = ["-DVP8LConvertFromBGRA=ConvertRow", "-Wno-implicit-function-declaration"];
  const objects = SOURCES.map((name) =>
    compile(
      `${source}/src/${name}.c`,
      `${name.replace("/", "-")}.o`,
      ...(name === "dec/vp8l_dec" ? renamed : []),
    ),
  );
  copyFileSync(path.join(here, "rows.c"), path.join(work, "rows.c"));
  zig(...LINK, ...objects, compile("rows.c", "rows.o"), "-o", "webp-rows.wasm");
  copyFileSync(path.join(work, "webp-rows.wasm"), built);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${sha256(built)}  ${path.relative(process.cwd(), built)}`);
if (sha256(built) !== pinned.wasm) console.log("It is another one than built.json has.");
