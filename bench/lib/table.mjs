/** What is written: a Markdown table for people, rows for programs. */
import { cpus, loadavg, release, totalmem } from "node:os";

const number = (value, digits = 3) =>
  value === null || value === undefined ? "" : String(Number(value.toPrecision(digits)));
const time = (seconds) => (seconds < 1 ? `${number(seconds * 1000)} ms` : `${number(seconds)} s`);
const megabytes = (value) => (value === null ? "" : `${Math.round(value)} MB`);
const side = (s, rate, units) => {
  if (!s) return "";
  const speed = rate ? `; ${number(rate)} ${units}/s` : "";
  return `${time(s.seconds)} (${time(s.median)}; CPU ${s.cpu === null ? "?" : time(s.cpu)}${speed})`;
};

const HEAD = [
  ...["row", "model", "ours: min (median; CPU)", "peak", "peer", "peer: min (median; CPU)", "peak"],
  ...["ratio", "difference", "aim", "holds"],
];

/** @param {object[]} rows @param {object} machine from `describeMachine` */
export function markdown(rows, machine) {
  const lines = rows.map((row) => [
    ...[
      row.row,
      row.model,
      side(row.details.ours, row.ourRate, row.units),
      megabytes(row.details.ours.peakMegabytes),
    ],
    ...[row.peerName ?? "(none)", side(row.details.peer, row.peerRate, row.units)],
    row.details.peer ? megabytes(row.details.peer.peakMegabytes) : "",
    ...[row.ratio === null ? "" : `${number(row.ratio)} x`],
    ...[row.difference === null ? "" : row.difference.toExponential(1), row.aim ?? ""],
    row.holds === null ? "" : row.holds ? "yes" : "**no**",
  ]);
  const table = [HEAD, HEAD.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  const { date, cpu, cores, memory, kernel, node, versions, load } = machine;
  return [
    `${date}; ${cpu}, ${cores} cores, ${memory} GB, ${kernel}; Node ${node}; ${versions.join("; ")}; load average ${load.before} before, ${load.after} after.`,
    "",
    ...table,
    "",
  ].join("\n");
}

export const loadAverage = () => Number((loadavg()[0] ?? 0).toFixed(2));

export function describeMachine(versions, loadBefore) {
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    cpu: cpus()[0]?.model ?? "unknown CPU",
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.versions.node,
    versions,
    load: { before: loadBefore, after: loadAverage() },
  };
}
