/**
 * npm test: installs what is needed and runs everything; the last line is `N passed, N failed`.
 *
 *   node scripts/test.mjs [--only=static,unit,golden,host,security,dev,vsix]
 *
 * E2E_SHOTS=FOLDER keeps screenshots, CONVLENS_VERBOSE=1 shows the extension host's console,
 * VSCODE_DESKTOP_TESTS=1 downloads desktop VS Code where `code` is not on PATH.
 */
import { readdirSync } from "node:fs";
import { ensureDependencies } from "./bootstrap.mjs";
import { root } from "./lib/places.mjs";
import { must } from "./lib/run.mjs";
import { Tally } from "./lib/tally.mjs";

const kinds = ["static", "unit", "golden", "host", "security", "dev", "vsix"];
const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice("--only=".length);
const chosen = only?.split(",") ?? kinds;
const unknown = chosen.filter((kind) => !kinds.includes(kind));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(", ")}; there are ${kinds.join(", ")}`);
  process.exit(2);
}
const wanted = (...some) => some.some((kind) => chosen.includes(kind));

process.chdir(root);
await ensureDependencies();
// Only now: these import what was installed.
const { staticChecks, checkStatically, checkBundleSizes } = await import("./lib/static-checks.mjs");
const { mocha } = await import("./lib/mocha.mjs");
const { ensureNative } = await import("./lib/native.mjs");
const { hostTestsInCodeServer, hostTestsInDesktop, wantsDesktop } =
  await import("./lib/host-tests.mjs");
const { packageExtension } = await import("./package.mjs");

const tally = new Tally();

await tally.step("build", () =>
  must(process.execPath, ["esbuild.js", "--production"]).then(() => undefined),
);
if (wanted("static")) {
  for (const [name, args] of staticChecks) await tally.step(name, () => checkStatically(args));
  await tally.step("bundle sizes", checkBundleSizes);
}
if (wanted("unit")) await tally.step("unit tests", () => mocha(["test/unit/**/*.test.ts"]));
if (wanted("golden", "host", "dev", "vsix")) await tally.step("native engine", ensureNative);
if (wanted("golden"))
  await tally.step("golden tests", () =>
    mocha(["test/golden/**/*.test.ts"], { args: ["--timeout=120000"] }),
  );
if (wanted("host")) {
  await tally.step("extension host tests (code-server)", hostTestsInCodeServer);
  if (wantsDesktop())
    await tally.step("extension host tests (desktop VS Code)", hostTestsInDesktop);
}
if (wanted("security"))
  await tally.step("a hostile workspace (code-server)", () =>
    mocha(["test/security/**/*.test.ts"]),
  );
/** By their numbers, not by their names: each goes on in the workbench that the one before left. */
const browserFiles = () =>
  readdirSync("test/e2e")
    .filter((name) => name.endsWith(".test.ts"))
    .sort((a, b) => parseInt(a, 10) - parseInt(b, 10))
    .map((name) => `test/e2e/${name}`);
/** Both themes for the price of none: under development in the dark one, packaged in high contrast. */
const browserTests = (env) =>
  mocha(browserFiles(), {
    args: ["--timeout=120000"],
    env: { E2E_SHOTS: "", ...process.env, ...env },
  });
if (wanted("dev"))
  await tally.step("browser tests (under development)", () =>
    browserTests({ CONVLENS_E2E_THEME: "Dark Modern" }),
  );
if (wanted("vsix"))
  await tally.step("browser tests (packaged)", async () =>
    browserTests({
      CONVLENS_E2E_THEME: "Default High Contrast",
      CONVLENS_E2E_VSIX: await packageExtension(),
    }),
  );
tally.report();
