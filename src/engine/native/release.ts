import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Collects garbage now (a few milliseconds). Left to itself the collector keeps what was uploaded, a second copy of the parameters, until
 * long after: 200 MB more at VGG16's peak. Not within Electron, which may have frozen the flags that this takes.
 */
export function release(): void {
  if (process.versions["electron"] !== undefined) return;
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
