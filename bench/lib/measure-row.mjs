/** One row for one model: ours and its peers in turn, then what they wrote is compared. */
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { coldRuns } from "./cold.mjs";
import { compare } from "./compare.mjs";
import { onWasm } from "./sides.mjs";
import { summarise } from "./statistics.mjs";
import { loadAverage } from "./table.mjs";
import { warmRuns } from "./warm.mjs";

/** @returns {Promise<object[]>} one row per peer, or one without a peer where none is there */
export async function measureRow(row, model, context, options) {
  const peers = row.peers.filter(({ env }) => context.pythons[env]);
  if (options.wasm && usesEngine(row)) peers.push(onWasm(row));
  const folder = path.join(context.folder, row.name);
  const outs = ["ours", ...peers.map((_, i) => `peer-${i}`)].map((name) => path.join(folder, name));
  for (const out of outs) mkdirSync(out, { recursive: true });
  const sides = [row.ours, ...peers.map((peer) => peer.side)].map((make, i) =>
    make(context, outs[i]),
  );
  const loadBefore = loadAverage();
  const results =
    row.kind === "cold"
      ? (await coldRuns(sides, options.repeat)).map((runs) => summarise(runs))
      : (await warmRuns(sides, options.repeat)).map(({ runs, peakMegabytes, about }) => ({
          ...summarise(runs, peakMegabytes),
          about,
        }));
  const [ours, ...theirs] = results;
  const versus = peers.length > 0 ? peers : [null];
  return versus.map((peer, i) => {
    const their = theirs[i] ?? null;
    const aim = aimOf(row, model, peer);
    const rate = (side) => (side && row.units ? row.units.count / side.seconds : null);
    return {
      ...{ row: row.name, model, ours: ours.seconds, peer: their?.seconds ?? null },
      peerName: peer?.name ?? null,
      ratio: their ? their.seconds / ours.seconds : null,
      aim: aim?.text ?? null,
      holds: aim ? aim.holds(ours, their) : null,
      units: row.units?.name ?? null,
      ...{ ourRate: rate(ours), peerRate: rate(their) },
      difference: their ? compare(outs[0], outs[i + 1], arraysOf(row, outs[0]), row.compare) : null,
      loadBefore,
      commands: { ours: lineOf(sides[0]), peer: peer ? lineOf(sides[i + 1]) : null },
      details: { ours, peer: their },
    };
  });
}

/** Filters are read without one. */
const usesEngine = ({ name }) => name !== "filters-cold";

/** An aim is for some models, and for the peers that its pattern names. */
function aimOf({ aims = [] }, model, peer) {
  if (peer?.env === "node") return null;
  const known = aims.find(
    ({ models, of }) => models.includes(model) && (of === undefined || of.test(peer?.name ?? "")),
  );
  return known ?? null;
}

const arraysOf = ({ arrays }, out) =>
  arrays.includes("*")
    ? readdirSync(out)
        .filter((name) => name.endsWith(".npy"))
        .map((name) => path.basename(name, ".npy"))
    : arrays;

const lineOf = ({ command, args }) =>
  [command, ...args].map((word) => (/[\s{"]/.test(word) ? `'${word}'` : word)).join(" ");
