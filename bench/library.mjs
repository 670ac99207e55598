/**
 * A file of weights whose network the library knows, beside the same network as ONNX: from the start of a process to its Grad-CAM, in turn,
 * and how long it takes to recognise it and to load what was recorded.
 *
 *   node bench/library.mjs resnet50.pth resnet50.onnx [ROUNDS]
 *
 * The files, with the packages of test/conformance/environments:
 *
 *   m = torchvision.models.resnet50().eval(); torch.save(m.state_dict(), "resnet50.pth")
 *   torch.onnx.export(m, (torch.randn(1, 3, 224, 224),), "resnet50.onnx", dynamic_axes={"x": {0: "batch"}}, input_names=["x"])
 */
import path from "node:path";
import { register } from "tsx/esm/api";
import { root } from "../scripts/lib/places.mjs";
import { say } from "../scripts/lib/say.mjs";
import { coldRuns } from "./lib/cold.mjs";

register();
const { readModel } = await import("../src/formats/index.ts");
const { knownFor, knownStructure } = await import("../src/session/structures/library/library.ts");

const [weights, onnx, rounds = "5"] = process.argv.slice(2);
const picture = path.join(root, "samples", "chelsea.png");
const sides = [weights, onnx].map((file) => ({
  command: process.execPath,
  args: [path.join(root, "dist", "cli.js"), "cam", file, "--image", picture, "--class", "0"],
}));
const runs = await coldRuns(sides, Number(rounds));
for (const what of ["seconds", "cpu"]) {
  const [own, other] = runs.map((side) => side.map((run) => run[what]).sort((a, b) => a - b));
  const middle = (list) => list[Math.floor(list.length / 2)];
  say(
    `Grad-CAM, ${what}: ${own[0].toFixed(2)} (median ${middle(own).toFixed(2)}) from weights, ${other[0].toFixed(2)} (${middle(other).toFixed(2)}) from ONNX: ${(own[0] / other[0]).toFixed(2)} x`,
  );
}

let networks = [];
const graph = await readModel(weights, {
  structures: (found) => {
    networks = found;
    return Promise.resolve({ tried: [] });
  },
});
for (const when of ["first", "again"]) {
  const start = performance.now();
  const [known] = await knownFor(networks[0].tensors);
  const recognised = performance.now();
  const structure = await knownStructure(known);
  const loaded = performance.now();
  structure.close();
  say(
    `${known.name}, ${when}: recognised in ${(recognised - start).toFixed(1)} ms, loaded in ${(loaded - recognised).toFixed(1)} ms`,
  );
}
graph.weights.close();
