/** The command line of the bench. */
import { parseArgs } from "node:util";

const HELP = `npm run bench -- [options]
  --quick             the important rows only, 3 repetitions
  --repeat N          repetitions of each side (default 7; at least 1)
  --only ROW[,ROW]    rows by name, e.g. gradcam-warm
  --models M[,M]      lite0, mobilenetv2, resnet50, vgg16, digits
  --peers tf,torch    which Python environments to make and use; none = ours alone
  --python-tf FILE, --python-torch FILE   an interpreter that has the packages already
  --growth            instead of the rows: how time grows with layers, image size, filters and pictures
  --memory            instead of the rows: what methods take at their peak, with the default budget and a small one
  --pictures          instead of the rows: how fast grids of tiles are drawn and scrolled, in a browser
  --graph             instead of the rows: the graph of a network of 1,000 layers, drawn and moved, in a browser
  --host              instead of the rows: the extension host while a training is followed, and after 500 panels
  --workbench         instead of the rows: clicks in a real workbench until their pictures are painted
  --wasm              ours on WebAssembly as one more side of every row (slow): the ratio is native's gain
  --engine NAME       auto (default), native or wasm
  --json FILE         the rows as JSON;  --markdown FILE  the table (it is also printed)
  --list              names the rows and ends`;

const LISTS = { only: [], models: [], peers: ["tf", "torch"] };

export function readOptions(argv) {
  const text = { type: "string" };
  const { values } = parseArgs({
    args: argv,
    options: {
      ...{
        quick: { type: "boolean" },
        list: { type: "boolean" },
        growth: { type: "boolean" },
        wasm: { type: "boolean" },
        memory: { type: "boolean" },
        pictures: { type: "boolean" },
        graph: { type: "boolean" },
        host: { type: "boolean" },
        workbench: { type: "boolean" },
        help: { type: "boolean" },
      },
      ...{ repeat: text, only: text, models: text, peers: text, engine: text },
      ...{ "python-tf": text, "python-torch": text, json: text, markdown: text },
    },
  });
  const list = (name) => values[name]?.split(",").filter((word) => word !== "none") ?? LISTS[name];
  return {
    help: values.help ? HELP : null,
    list: values.list ?? false,
    growth: values.growth ?? false,
    wasm: values.wasm ?? false,
    memory: values.memory ?? false,
    pictures: values.pictures ?? false,
    graph: values.graph ?? false,
    host: values.host ?? false,
    workbench: values.workbench ?? false,
    quick: values.quick ?? false,
    repeat: Math.max(1, Number(values.repeat ?? (values.quick ? 3 : 7))),
    only: list("only"),
    models: list("models"),
    peers: list("peers"),
    pythons: { tf: values["python-tf"], torch: values["python-torch"] },
    engine: values.engine ?? "auto",
    json: values.json,
    markdown: values.markdown,
  };
}
