/** The compute process: forked by the extension host, it serves the compute contract until its parent is gone. */
import { serve } from "../rpc/index.ts";
import { createCompute } from "./compute.ts";
import { parentPort } from "./port.ts";

serve(parentPort(), createCompute());
process.on("disconnect", () => process.exit(0));
