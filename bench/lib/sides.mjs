/** Command lines of the two sides of a row. */
import path from "node:path";
import { root } from "../../scripts/lib/places.mjs";
import { peersFolder } from "./environments.mjs";

/**
 * @typedef {object} Context one model in one row
 * @property {string} h5  @property {string | null} pt
 * @property {string} folder what all sides are given  @property {string} input the array that warm sides are fed
 * @property {import("./models.mjs").MODELS[string]} about
 * @property {string} engine  @property {Record<string, string>} pythons
 */

/**
 * What a row asks of every side alike; `layer` is a function of what is known of the model.
 * @typedef {{ layer?: (about: object) => string, classes?: number, filters?: number, steps?: number, batch?: number }} Wanted
 */

const node = process.execPath;

/** The command line of the product. */
export const cli = (command, ...args) => ({
  command: node,
  args: [path.join(root, "dist", "cli.js"), command, ...args],
});

/** Our side of a warm row. @param {string} task @param {Wanted} wanted */
export const warm =
  (task, { layer, classes = 1, filters = 1, steps = 0, batch = 1 } = {}) =>
  ({ h5, input, folder, engine, about }, out) => ({
    command: node,
    args: [
      ...["--import=tsx", path.join(root, "bench", "warm.ts"), "serve"],
      JSON.stringify({
        ...{ task, model: h5, input, folder, out, engine, layer: layer?.(about) ?? null },
        ...{ classIndex: about.class, classes, filters, steps, batch },
      }),
    ],
  });

/** A peer; `env` says which interpreter and which file of the model it takes. */
const peer = (name, env, mode, task, extra) => ({
  name,
  env,
  side: (context, out) => ({
    command: context.pythons[env],
    args: [
      ...[path.join(peersFolder, `${env}_peer.py`), mode, task, "--out", out],
      ...["--model", env === "torch" ? context.pt : context.h5, ...extra(context)],
    ],
  }),
});
const scaling = ({ about }) => ["--scaling", JSON.stringify(about.scaling)];
const asked = ({ about, folder }, { layer, classes, filters, steps, batch } = {}) => [
  ...["--class", String(about.class), "--folder", folder],
  ...Object.entries({ layer: layer?.(about), classes, filters, steps, batch }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]),
  ),
];

/** From the start of Python to a picture on disk. @param {Wanted} wanted */
export const coldPeer = (name, env, task, wanted) =>
  peer(name, env, "cold", task, (context) => [
    ...["--image", context.about.picture, ...scaling(context), ...asked(context, wanted)],
  ]);

/** A process that is prepared once. @param {Wanted} wanted */
export const warmPeer = (name, env, task, wanted) =>
  peer(name, env, "serve", task, (context) => [
    ...["--input", context.input, ...scaling(context), ...asked(context, wanted)],
  ]);

/** Our own side on the other engine, for `--wasm`. */
export const onWasm = (row) => ({
  name: "ours on wasm",
  env: "node",
  side: (context, out) => row.ours({ ...context, engine: "wasm" }, out),
});

/** An aim for some models, as a ratio to the peers whose names match. */
export const atLeast = (times, of, models) => ({
  ...{ models, of, text: `>= ${times} x` },
  holds: (ours, theirs) => theirs !== null && theirs.seconds / ours.seconds >= times,
});
