/** The command line of the conformance run. */
import { parseArgs } from "node:util";

const HELP = `npm run conformance -- [options]
  --only=SUITE[,SUITE]   by name (--list names them)
  --engine=NAME          auto (default), native, wasm, or both
  --quick                a few cases of each suite, a few minutes
  --case=PART            only the cases with PART in their name
  --json=FILE            every case as JSON;  --markdown=FILE  the table (it is also printed)
  --keep=FOLDER          leaves the last case of a suite there
  --python-keras2=FILE, --python-keras3=FILE, --python-torch=FILE   an interpreter that has the packages already
  --list                 names the suites and ends`;

export const ENVIRONMENTS = ["keras2", "keras3", "torch"];

export function readOptions(argv) {
  const text = { type: "string" };
  const flag = { type: "boolean", default: false };
  const { values } = parseArgs({
    args: argv,
    options: {
      ...{ quick: flag, list: flag, help: flag, keep: text, case: text },
      ...{ only: text, engine: text, json: text, markdown: text },
      ...Object.fromEntries(ENVIRONMENTS.map((name) => [`python-${name}`, text])),
    },
  });
  const { engine = "auto" } = values;
  return {
    ...values,
    help: values.help ? HELP : null,
    only: values.only?.split(",") ?? [],
    case: values.case ?? "",
    engines: engine === "both" ? ["native", "wasm"] : [engine],
    pythons: Object.fromEntries(
      ENVIRONMENTS.flatMap((name) => {
        const given = values[`python-${name}`];
        return given === undefined ? [] : [[name, given]];
      }),
    ),
  };
}
