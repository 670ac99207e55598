/**
 * What the native engine needs of us where there is no node_modules: the binding for this platform if this machine has made one,
 * and the sources and headers to compile it elsewhere (all 0.3 MB; TensorFlow itself is never packaged).
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { nativeSources } from "./copied.mjs";
import { cache, root } from "./places.mjs";

const target = `${process.platform}-${process.arch}`;

/** Into dist/native, where src/native looks. */
export function copyNativeParts() {
  for (const [from, to] of nativeSources)
    if (path.extname(from) === "")
      cpSync(path.join(root, from), path.join(root, to), { recursive: true });
    else {
      mkdirSync(path.join(root, to), { recursive: true });
      copyFileSync(path.join(root, from), path.join(root, to, path.basename(from)));
    }
  const current = path.join(cache, "native", "current");
  const binding = path.join(current, "tfjs_binding.node");
  if (!existsSync(binding) || !isOurs(current)) return;
  const folder = path.join(root, "dist", "native", target);
  mkdirSync(folder, { recursive: true });
  copyFileSync(binding, path.join(folder, "tfjs_binding.node"));
}

/** Compiled for this platform. */
function isOurs(folder) {
  const file = path.join(folder, "manifest.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).platform === target;
}
