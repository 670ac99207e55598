import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { strFromU8, unzipSync } from "fflate";

interface Script {
  readonly repositoryOf: (manifest: object, env: object) => { url: string; ref: string } | null;
  readonly vsceArguments: (env: object) => string[];
}

const onGitHub = {
  GITHUB_SERVER_URL: "https://git.example",
  GITHUB_REPOSITORY: "some/where",
  GITHUB_SHA: "abc123",
};
/** In bytes, without the library of structures, which has a limit of its own; the pictures of the README are 2.2 MB. */
const LARGEST = 3_000_000;
const LIBRARY = /^extension\/dist\/library\/.+\.gz$/u;
const NETWORK =
  /(?:require\(|from ?|import ?\(?)["'](?:node:)?(?:dgram|dns|http|http2|https|net|tls)["']/u;
const LINK = /(!?)\[[^\]]*\]\(([^)]+)\)/gu;

describe("the package", () => {
  let script: Script;
  before(async () => {
    script = (await import(path.resolve("scripts", "lib", "vsix.mjs"))) as Script;
  });

  it("has its README's pictures from the repository, where one is known", () => {
    const { repositoryOf } = script;
    const url = "https://git.example/some/where";
    assert.deepEqual(repositoryOf({}, onGitHub), { url, ref: "abc123" });
    const repository = { type: "git", url: `git+${url}.git` };
    assert.deepEqual(repositoryOf({ repository }, {}), { url, ref: "HEAD" });
    assert.deepEqual(repositoryOf({ repository: url }, {}), { url, ref: "HEAD" });
    assert.equal(repositoryOf({}, { GITHUB_REPOSITORY: "" }), null);
    assert.ok(script.vsceArguments({}).includes("--no-rewrite-relative-links"));
  });

  it("holds what it needs, and no picture of the README; each link leads to a file", async function () {
    // of a build for development it says nothing
    if (!existsSync("dist/sbom.cdx.json") || existsSync("dist/extension.cjs.map")) this.skip();
    const folder = mkdtempSync(path.join(tmpdir(), "convlens-vsix-"));
    try {
      const file = path.join(folder, "convlens.vsix");
      const vsce = path.resolve("node_modules/@vscode/vsce/vsce");
      const args = [vsce, "package", "--out", file, ...script.vsceArguments(onGitHub)];
      await promisify(execFile)(process.execPath, args);
      const { size } = statSync(file);
      const members = unzipSync(readFileSync(file));
      // what is compressed already stays as large as it is
      const library = Object.entries(members).reduce(
        (sum, [name, bytes]) => sum + (LIBRARY.test(name) ? bytes.length : 0),
        0,
      );
      assert.ok(library > 0, "has no library of structures");
      assert.ok(size - library < LARGEST, `${size} bytes, ${library} of them the library`);
      const names = Object.keys(members).map((name) => name.replace(/^extension\//u, ""));
      for (const name of ["LICENSE.txt", "dist/THIRD-PARTY-NOTICES.txt", "dist/sbom.cdx.json"])
        assert.ok(names.includes(name), name);
      const built = readdirSync("dist", { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name).replaceAll(path.sep, "/"));
      assert.deepEqual(
        built.filter((name) => !names.includes(name)),
        [],
      );
      assert.deepEqual(
        names.filter((name) => /^(media\/readme|node_modules|src|test|samples)\//u.test(name)),
        [],
      );
      // the engine is downloaded by a program of the person's
      const reaching = names.filter(
        (name) =>
          /^dist\/.*\.c?js$/u.test(name) &&
          NETWORK.test(strFromU8(members[`extension/${name}`] ?? new Uint8Array())),
      );
      assert.deepEqual(reaching, [], "loads a module that reaches the network");
      const readme = strFromU8(members["extension/readme.md"] ?? new Uint8Array());
      const own = "https://git.example/some/where/";
      const links = [...readme.matchAll(LINK)].map(([, picture, to = ""]) => ({
        kind: picture ? "raw" : "blob",
        to,
      }));
      assert.ok(links.filter(({ kind }) => kind === "raw").length >= 7);
      for (const { kind, to } of links) {
        if (to.startsWith("#") || (kind === "blob" && !to.startsWith(own))) continue;
        const [start, name = ""] = to.split("/abc123/");
        assert.equal(start, `${own}${kind}`, to);
        assert.ok(existsSync(name.split("#", 1)[0] ?? ""), to);
      }
      assert.doesNotMatch(readme, /\]\((?!https:|#)/u);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(120_000);
});
