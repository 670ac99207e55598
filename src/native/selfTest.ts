import { join } from "node:path";
import { runCommand } from "./command.ts";
import { RouteError, reasonOf } from "./reasons.ts";
import { ConvLensError } from "../base/errors.ts";

/** Loads the binding, writes a tensor and reads it back. */
const CODE = `
const loaded = { exports: {} };
process.dlopen(loaded, process.argv[1]);
const binding = loaded.exports;
const id = binding.createTensor([2], binding.TF_FLOAT, new Float32Array([1, 2]));
const back = binding.tensorDataSync(id);
if (back.length !== 2 || back[1] !== 2) throw new Error("a tensor came back changed");
console.log("tensorflow=" + binding.TF_Version);
`;

/** Loads the engine of `folder` in a process of its own, so that a crash there costs nothing. Returns its version. */
export async function selfTest(
  folder: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  const output = await runCommand(
    process.execPath,
    ["-e", CODE, "--", join(folder, "tfjs_binding.node")],
    {
      ...{ cwd: folder, avoid: [] },
      env: { ...env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "", TF_CPP_MIN_LOG_LEVEL: "3" },
      signal,
      limitSeconds: 120,
    },
  ).catch((error: unknown) => {
    if (error instanceof ConvLensError) throw error;
    const reason = reasonOf(error).replace(`${process.execPath} failed: `, "");
    throw new RouteError(`it does not load here: ${reason}`);
  });
  const version = /^tensorflow=(.+)$/mu.exec(output)?.[1];
  if (version === undefined) throw new RouteError("it does not load here: it said nothing");
  return version;
}
