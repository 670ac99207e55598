/**
 * What the native engine needs of us where there is no node_modules: the binding for this platform if this machine has made one,
 * and the sources and headers to compile it elsewhere (all 0.3 MB; TensorFlow itself is never packaged).
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { cache, root } from "./places.mjs";

const target = `${process.platform}-${process.arch}`;

/** @param {string} dist the folder that ships; src/native looks below its `native` */
export function copyNativeParts(dist) {
  const modules = path.join(root, "node_modules");
  const native = path.join(dist, "native");
  cpSync(
    path.join(modules, "@tensorflow", "tfjs-node", "binding"),
    path.join(native, "source", "binding"),
    { recursive: true },
  );
  cpSync(
    path.join(modules, "node-api-headers", "include"),
    path.join(native, "source", "include"),
    { recursive: true },
  );
  // says where the libraries are downloaded from
  copyFileSync(
    path.join(modules, "@tensorflow", "tfjs-node", "package.json"),
    path.join(native, "source", "package.json"),
  );
  const current = path.join(cache, "native", "current");
  const binding = path.join(current, "tfjs_binding.node");
  if (!existsSync(binding) || !isOurs(current)) return;
  mkdirSync(path.join(native, target), { recursive: true });
  copyFileSync(binding, path.join(native, target, "tfjs_binding.node"));
}

/** Compiled for this platform. */
function isOurs(folder) {
  const file = path.join(folder, "manifest.json");
  return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).platform === target;
}
