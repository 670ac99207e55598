import { createRequire } from "node:module";
import { constants } from "node:os";
import type { EngineStatus } from "../../shared/engines.ts";
import type { Binding } from "./binding.ts";
import { filesStatus, librariesOf, locateUnchanged, notReady, type NativeFiles } from "./locate.ts";

type Answer = { readonly binding: Binding } | { readonly reason: string };
let loaded: Binding | null = null;

/** Loads TensorFlow once per process, or says why it cannot; a failure is tried again, as it may have been cured. */
export function loadBinding(): Answer {
  const answer = loaded ? { binding: loaded } : load();
  if ("binding" in answer) loaded = answer.binding;
  return answer;
}
function load(): Answer {
  const files = locateUnchanged();
  if ("reason" in files) return files;
  try {
    quiet();
    preload(files);
    return { binding: createRequire(import.meta.url)(files.binding) as Binding };
  } catch (error) {
    return { reason: `it cannot be loaded (${(error as Error).message.split("\n", 1)[0] ?? ""})` };
  }
}

/** TensorFlow reads this when it is loaded: it logs errors only. */
export function quiet(): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
}

/** Somebody else's TensorFlow lies outside the binding's search path: its libraries are loaded first, for all to see. */
function preload(files: NativeFiles): void {
  if (files.manifest.libraries === undefined) return;
  const RTLD_NODELETE = 0x1000;
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  for (const file of librariesOf(files))
    try {
      process.dlopen({ exports: {} }, file, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    } catch (error) {
      // a plain library is loaded, and then complained about for not being an addon
      if (!/self-regist|Module did not/.test((error as Error).message)) throw error;
    }
}

/** Whether the native engine runs here; loads it only when `thoroughly`. */
export function nativeStatus(thoroughly = false): EngineStatus {
  const files = filesStatus();
  if (!files.ready || (!thoroughly && loaded === null)) return files;
  const answer = loadBinding();
  if ("reason" in answer) return notReady(answer.reason);
  return { ...files, version: `TensorFlow ${answer.binding.TF_Version}` };
}
