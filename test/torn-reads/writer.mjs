/**
 * writer.mjs SEED A B TARGET [A B TARGET ...]: writes generation A and B of models in turn over TARGET, in all the ways of programs that
 * save checkpoints, until its parent goes. A and B are files, or folders of the same files.
 */
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { setPriority } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [, , seed, ...places] = process.argv;
const PIECE = 1 << 14;

let state = Number(seed) >>> 0 || 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};

const filesOf = (from) =>
  statSync(from).isDirectory()
    ? readdirSync(from, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)))
        .sort()
    : [""];
let [last, longest] = [performance.now(), 0];
const step = () => {
  const now = performance.now();
  longest = Math.max(longest, Math.ceil(now - last));
  last = now;
};
const pieces = (file, flags, bytes) => {
  const handle = openSync(file, flags);
  for (let at = 0; at < bytes.length; at += PIECE) {
    writeSync(handle, bytes, at, Math.min(PIECE, bytes.length - at), at);
    step();
  }
  ftruncateSync(handle, bytes.length);
  closeSync(handle);
};
const renamed = (file, bytes) => {
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
};
const keepingTime = (write) => (file, bytes) => {
  const { atime, mtime } = statSync(file);
  write(file, bytes);
  utimesSync(file, atime, mtime);
};
const inPlace = (file, bytes) => pieces(file, "r+", bytes);
const STYLES = [
  renamed,
  inPlace,
  (file, bytes) => pieces(file, "w", bytes),
  keepingTime(inPlace),
  (file, bytes) => {
    const { atime, mtime } = statSync(file);
    writeFileSync(`${file}.tmp`, bytes);
    utimesSync(`${file}.tmp`, atime, mtime);
    renameSync(`${file}.tmp`, file);
  },
];

// whoever else is busy here, what it writes is written at once
try {
  setPriority(-10);
} catch {
  // only root may
}
process.on("disconnect", () => process.exit(0));

/** Of files with numbers in them the first may be of one generation and the second of another for some milliseconds. */
async function write(a, b, target) {
  const names = filesOf(a);
  const generations = [a, b].map((from) =>
    names.map((name) => readFileSync(path.join(from, name))),
  );
  for (let turn = 1; ; turn++) {
    const style = STYLES[Math.floor(random() * STYLES.length)];
    const order = names.map((_, i) => i).sort(() => random() - 0.5);
    let begun = performance.now();
    for (const i of order) {
      // other models are written in between
      longest = Math.max(longest, Math.ceil(performance.now() - begun));
      last = performance.now();
      style(path.join(target, names[i]), generations[turn % 2][i]);
      begun = performance.now();
      if (names.length > 1 && random() < 0.5) await sleep(random() * 3);
    }
    process.send(longest);
    // often at once again, and now and then so late that somebody can read between
    await sleep(random() < 0.7 ? random() * 20 : 200 + random() * 1500);
  }
}

process.send("ready");
const models = Array.from({ length: places.length / 3 }, (_, i) => places.slice(3 * i, 3 * i + 3));
await Promise.all(models.map(([a, b, target]) => write(a, b, target)));
