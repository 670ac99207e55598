/** Finds a Chromium and opens it without a window. What has to be downloaded comes through npm or Debian. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ensureNode24 } from "./code-server.mjs";
import { cache } from "./places.mjs";
import { must, onPath, run } from "./run.mjs";
import { patiently, say } from "./say.mjs";

const commands = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

async function installed() {
  if (process.env.CHROMIUM) return { executablePath: process.env.CHROMIUM };
  const place = places.find((file) => existsSync(file));
  if (place) return { executablePath: place };
  const command = commands.find(onPath);
  if (!command) return null;
  const found = await must("sh", ["-c", `command -v ${command}`]);
  return { executablePath: found.trim() };
}

/** @sparticuz/chromium: a whole headless Chromium inside an npm package; it wants a newer Node to unpack it. */
async function fromNpm() {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const { node, env } = await ensureNode24();
  const folder = path.join(cache, "chromium");
  const home = path.join(folder, "node_modules", "@sparticuz", "chromium");
  if (!existsSync(path.join(home, "package.json"))) {
    say("Getting a Chromium for the browser tests from npm (once; 90 MB) ...");
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true }));
    const args = ["install", "@sparticuz/chromium", "--ignore-scripts", "--no-audit", "--no-fund"];
    await patiently("getting Chromium", () => must("npm", args, { cwd: folder, env }));
  }
  // It brings the libraries it needs too, and unpacks them where it believes to be on a cloud function.
  const unpack = `
    const { default: chromium } = await import("@sparticuz/chromium");
    const executablePath = await chromium.executablePath();
    console.log(JSON.stringify({ executablePath, libraries: process.env.LD_LIBRARY_PATH }));`;
  const lambda = { ...env, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
  const output = await must(node, ["--input-type=module", "-e", unpack], {
    cwd: folder,
    env: lambda,
  });
  const { executablePath, libraries } = JSON.parse(output.trim().split("\n").at(-1));
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: libraries ?? "" } };
}

async function fromPlaywright() {
  say("Getting Playwright's own Chromium (once; 100 MB) ...");
  const cli = path.join(import.meta.dirname, "../../node_modules/playwright-core/cli.js");
  const { code } = await run(process.execPath, [cli, "install", "--only-shell", "chromium"]);
  return code === 0 ? {} : null;
}

async function fromDebian() {
  if (process.getuid?.() !== 0 || !onPath("apt-get")) return null;
  say("Installing Debian's Chromium (once; about a minute) ...");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await patiently("installing Chromium", async () => {
    await run("apt-get", ["update", "-q"], { env });
    await run("apt-get", ["install", "-yq", "--no-install-recommends", "chromium"], { env });
  });
  return installed();
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param {{ softwareWebGl?: boolean }} [options] WebGL where there is no graphics card: slow, and right
 * @returns {Promise<import("playwright-core").Browser>} the first that can be had and starts
 */
export async function openBrowser({ softwareWebGl = false } = {}) {
  const args = softwareWebGl
    ? [...flags.filter((flag) => flag !== "--disable-gpu"), "--enable-unsafe-swiftshader"]
    : flags;
  const { chromium } = await import("playwright-core");
  const reasons = [];
  for (const source of [installed, fromNpm, fromPlaywright, fromDebian])
    try {
      const found = await source();
      if (found) return await chromium.launch({ ...found, args });
    } catch (error) {
      reasons.push(`${source.name}: ${error.message.split("\n")[0]}`);
    }
  throw new Error(
    ["No Chromium: install one, or set CHROMIUM to its path.", ...reasons].join("\n  "),
  );
}
