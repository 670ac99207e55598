/**
 * Writes checkpoints as a training does, without Python: those of FROM into TO, two a second. Some grow in pieces with pauses between, as
 * large ones do; one is cut short and stays so; one goes away again.
 *
 *   node test/support/train.mjs FROM TO
 */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [from, to] = process.argv.slice(2);
const INTERVAL_MS = 500;
const PIECES = 5;
/** By their number: longer than a file has to stay as it is to be taken for whole. */
const SLOW = new Set([3, 8]);
const BROKEN = 7;
const GONE = 5;

/** @param {string} name @param {number} pause */
async function grow(name, pause) {
  const bytes = readFileSync(path.join(from, name));
  const step = Math.ceil(bytes.length / PIECES);
  writeFileSync(path.join(to, name), bytes.subarray(0, step));
  for (let at = step; at < bytes.length; at += step) {
    await sleep(pause);
    appendFileSync(path.join(to, name), bytes.subarray(at, at + step));
  }
}

mkdirSync(to, { recursive: true });
const names = readdirSync(from)
  .filter((name) => /^epoch_\d+\.h5$/.test(name))
  .sort();
const growing = [];
for (const [epoch, name] of names.entries()) {
  const bytes = readFileSync(path.join(from, name));
  if (epoch === BROKEN) writeFileSync(path.join(to, name), bytes.subarray(0, bytes.length / 2));
  else if (epoch % 2 === 1 || SLOW.has(epoch)) growing.push(grow(name, SLOW.has(epoch) ? 700 : 40));
  else copyFileSync(path.join(from, name), path.join(to, name));
  if (epoch === GONE + 2) rmSync(path.join(to, names[GONE] ?? ""));
  console.log(`Epoch ${epoch}/${names.length - 1}`);
  await sleep(INTERVAL_MS);
}
await Promise.all(growing);
console.log("done");
