/** From cases to one table: what passed, of how many, and what was left out and why. */

const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const cell = (text) =>
  text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").replaceAll("`", "'").slice(0, 400);

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** Equal reasons in one line, with the number of cases. */
function byReason(cases, reason) {
  const groups = groupBy(cases, (one) => `${one.group}: ${reason(one)}`);
  return [...groups].map(
    ([why, all]) =>
      `- ${cell(why)} (${all.length}: ${all
        .slice(0, 12)
        .map(({ name }) => name)
        .join(", ")}${all.length > 12 ? ", ..." : ""})`,
  );
}

/** One row for each group of each suite. */
export function rowsOf(results) {
  return results.flatMap(({ suite, cases, engine, broken }) => {
    const groups = groupBy(cases, ({ group }) => group);
    const rows = [...groups].map(([group, all]) => {
      const tried = all.filter(({ leftOut }) => leftOut === undefined);
      const passed = tried.filter(({ ok }) => ok).length;
      const leftOut = all.length - tried.length;
      return { suite, group, engine: engine?.engine ?? "", passed, of: tried.length, leftOut };
    });
    if (broken) rows.push({ suite, group: "", engine: "", passed: 0, of: 0, leftOut: 0, broken });
    return rows;
  });
}

/** The cases of a suite one by one, with how far each array is off. */
function eachCase({ suite, cases, each }) {
  if (!each) return [];
  const columns = [...new Set(cases.flatMap(({ errors = {} }) => Object.keys(errors)))];
  const off = (error) => (error === undefined ? "" : error === null ? "**fails**" : error === 0 ? "yes" : error.toExponential(0)); // prettier-ignore
  const rows = cases.map(({ name, ok, leftOut, errors = {} }) => [
    name,
    leftOut !== undefined ? "left out" : ok ? "yes" : "**no**",
    ...columns.map((what) => off(errors[what])),
  ]);
  return ["", table([suite, "passed", ...columns], rows)];
}

const percent = (passed, of) => (of === 0 ? "" : `${((100 * passed) / of).toFixed(1)} %`);

/** @param {object[]} results of `runSuite` */
export function markdown(results, machine) {
  const rows = rowsOf(results).map((row) =>
    row.broken
      ? [row.suite, `**did not run to its end**: ${cell(row.broken)}`, "", "", "", "", ""]
      : [
          ...[row.suite, row.group, row.engine, String(row.passed), String(row.of)],
          ...[percent(row.passed, row.of), row.leftOut === 0 ? "" : String(row.leftOut)],
        ],
  );
  const all = results.flatMap(({ cases }) => cases);
  const failed = all.filter(({ ok, leftOut }) => leftOut === undefined && !ok);
  const left = all.filter(({ leftOut }) => leftOut !== undefined);
  const section = (title, lines) => (lines.length === 0 ? [] : ["", `${title}:`, "", ...lines]);
  return [
    machine,
    "",
    table(["suite", "cases", "engine", "passed", "of", "", "left out"], rows),
    ...results.flatMap(eachCase),
    ...section(
      "Failed",
      byReason(failed, ({ error }) => error),
    ),
    ...section(
      "Left out",
      byReason(left, ({ leftOut }) => leftOut),
    ),
    "",
  ].join("\n");
}
