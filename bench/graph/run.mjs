/** npm run bench -- --graph: the graph of a network of 1,000 layers, all unfolded, drawn and moved in the Chromium of the browser tests. */
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/lib/chromium.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { say } from "../../scripts/lib/say.mjs";

const SECONDS = 3;
const LAYERS = 1000;
/** Frames a second, and milliseconds until the first picture. */
const AIMS = { frames: 50, firstPaint: 500 };

/** @returns {Promise<import("./page.ts").GraphCosts>} */
async function costs(pictures) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["bench/graph/page.ts"],
    tsconfig: "webview/tsconfig.json",
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    await page.setContent(
      "<!doctype html><style>body{margin:0}convlens-network{display:block;height:100vh}</style><body>",
    );
    await page.addScriptTag({ content: outputFiles[0].text });
    // the first run compiles what the browser compiles late
    await page.evaluate((asked) => globalThis.run(asked), { layers: 60, pictures, seconds: 0.2 });
    return await page.evaluate((asked) => globalThis.run(asked), {
      ...{ layers: LAYERS, pictures, seconds: SECONDS },
    });
  } finally {
    await browser.close();
  }
}

/** @param {string | undefined} file for the table, beside the terminal */
export async function runGraph(file) {
  const rows = [];
  for (const pictures of [false, true]) {
    const { nodes, layout, firstPaint, gestures } = await costs(pictures);
    const what = `${nodes} nodes${pictures ? " with pictures" : ""}`;
    const ms = (value) => `${value.toFixed(0)} ms`;
    const holds = (yes) => (yes ? "yes" : "**no**");
    rows.push([`${what}: laid out (on a thread)`, ms(layout), "", ""]);
    const aim = `< ${AIMS.firstPaint} ms`;
    rows.push([`${what}: first paint`, ms(firstPaint), aim, holds(firstPaint < AIMS.firstPaint)]);
    for (const { name, framesPerSecond, frame95, drawing } of gestures)
      rows.push([
        `${what}: ${name}`,
        `${framesPerSecond.toFixed(1)} frames a second, 95 % within ${ms(frame95)}; ${drawing.toFixed(1)} ms of drawing each`,
        `>= ${AIMS.frames} frames a second`,
        holds(framesPerSecond >= AIMS.frames),
      ]);
  }
  const head = ["what", "measured", "aim", "holds"];
  const table = [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
  say(table);
  if (file) writeFileSync(file, `${table}\n`);
}
