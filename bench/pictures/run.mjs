/** npm run bench -- --pictures: how fast a grid of tiles is drawn and scrolled, in the Chromium of the browser tests. */
import { writeFileSync } from "node:fs";
import { build } from "esbuild";
import { openBrowser } from "../../scripts/lib/chromium.mjs";
import { root } from "../../scripts/lib/places.mjs";
import { say } from "../../scripts/lib/say.mjs";

const SECONDS = 3;
const GRIDS = [
  { tiles: 4096, side: 32 },
  { tiles: 4096, side: 7 },
  { tiles: 512, side: 112 },
];

/** @returns {Promise<object[]>} one row per grid and painter */
export async function pictureRows() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["bench/pictures/page.ts"],
    tsconfig: "webview/tsconfig.json",
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minify: true,
  });
  const browser = await openBrowser({ softwareWebGl: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    await page.setContent(
      "<!doctype html><style>body{margin:0}convlens-tiles{height:100vh}</style><body>",
    );
    await page.addScriptTag({ content: outputFiles[0].text });
    const rows = [];
    for (const { tiles, side } of GRIDS)
      for (const webgl of [false, true]) {
        const given = { tiles, side, webgl, seconds: SECONDS };
        // the first run compiles what the browser compiles late
        await page.evaluate((asked) => globalThis.run({ ...asked, seconds: 0.2 }), given);
        rows.push({
          tiles,
          side,
          ...(await page.evaluate((asked) => globalThis.run(asked), given)),
        });
      }
    return rows;
  } finally {
    await browser.close();
  }
}

const ms = (value) => `${value.toFixed(0)} ms`;

/** @param {string | undefined} file for the table, beside the terminal */
export async function runPictures(file) {
  const rows = await pictureRows();
  const cells = rows.map((row) => [
    ...[`${row.tiles} of ${row.side} x ${row.side}`, row.painter, ms(row.firstPaint)],
    ...[ms(row.recolour), row.framesPerSecond.toFixed(1), ms(row.frame95)],
  ]);
  const head = ["tiles", "painter", "first paint", "other colours", "frames/s", "95 % of frames"];
  const table = [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  say(`\n${table.join("\n")}\n`);
  if (file) writeFileSync(file, `${table.join("\n")}\n`);
}
