import assert from "node:assert/strict";
import { mkdir, readFile, realpath, symlink } from "node:fs/promises";
import { join } from "node:path";
import { findExecutable, liesIn, openedFolders } from "../../../src/native/executables.ts";
import { exists } from "../../../src/native/files.ts";
import { pythonRoute } from "../../../src/native/pythonRoute.ts";
import { wheelRoute } from "../../../src/native/wheelRoute.ts";
import { fakeWheel, Sandbox } from "./sandbox.ts";

/** A module that leaves a trace where it is imported, with the name of what it stands in for. */
const TRACE = `import os; open(os.path.join(os.path.dirname(__file__), "RAN-" + __name__), "w")`;
const NAMES = ["json", "csv", "os", "pip", "tensorflow", "importlib", "encodings", "site"];

describe("native: nothing of a folder that is open is run", () => {
  let sandbox: Sandbox;
  let opened: string;
  let cwd: string;
  before(function () {
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    sandbox = await Sandbox.make();
    opened = join(await realpath(sandbox.root), "opened");
    for (const name of NAMES) await sandbox.file(join("opened", `${name}.py`), TRACE);
    await sandbox.file("opened/tensorflow/__init__.py", TRACE);
    cwd = process.cwd();
    process.chdir(opened);
  });
  afterEach(() => {
    process.chdir(cwd);
    return sandbox.remove();
  });
  const traces = async (): Promise<string[]> => {
    const found = await Promise.all(NAMES.map((name) => exists(join(opened, `RAN-${name}`))));
    return NAMES.filter((_, i) => found[i]);
  };

  it("the real Python imports no module of it", async function () {
    const python = findExecutable("python3", process.env, []);
    if (python === null) this.skip();
    await symlink(python, join(sandbox.root, "bin", "python3"));
    const env = { ...sandbox.env, PYTHONPATH: opened, PIP_NO_INDEX: "1" };
    const routes = [pythonRoute, wheelRoute(() => fakeWheel().wheel)];
    await assert.rejects(sandbox.install({ env, routes, opened: [opened] }));
    assert.deepEqual(await traces(), []);
  });

  it("commands run in a folder of ours, whatever the current one is", async () => {
    await sandbox.command("python3", `pwd > '${sandbox.root}/where'; exit 1`);
    await assert.rejects(sandbox.install({ routes: [pythonRoute], opened: [opened] }));
    const where = (await readFile(join(sandbox.root, "where"), "utf8")).trim();
    assert.ok(liesIn(where, [await realpath(join(sandbox.root, "cache"))]), where);
  });

  it("takes no program from it: by PATH, a relative path, a link or a virtual environment", async () => {
    await sandbox.command("python3", "exit 0");
    await mkdir(join(opened, "bin"));
    await symlink(join(sandbox.root, "bin", "python3"), join(opened, "bin", "python3"));
    await symlink(join(opened, "bin"), join(sandbox.root, "linked"));
    const find = (path: string): string | null =>
      findExecutable("python3", { PATH: path }, [opened]);
    assert.equal(find(join(opened, "bin")), null);
    assert.equal(find("bin"), null);
    assert.equal(find(":."), null);
    assert.equal(find(join(sandbox.root, "bin")), join(sandbox.root, "bin", "python3"));
    assert.equal(findExecutable(join(opened, "bin", "python3"), {}, [opened]), null);
    assert.equal(findExecutable("./bin/python3", {}, []), null);
    await sandbox.file("opened/tool/planted", "#!/bin/sh");
    await symlink(join(opened, "tool"), join(sandbox.root, "tools"));
    assert.equal(findExecutable("planted", { PATH: join(sandbox.root, "tools") }, [opened]), null);
  });

  it("takes no TensorFlow that lies in it", async function () {
    if (process.platform !== "linux") this.skip();
    const folder = join(opened, "tensorflow");
    for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
      await sandbox.file(join("opened", "tensorflow", name), "planted");
    const answer = JSON.stringify({ folder, version: "2.16.2" });
    await sandbox.command("python3", `echo '${answer}'`);
    const setup = { routes: [pythonRoute], assets: [await sandbox.prebuilt()], opened: [opened] };
    await assert.rejects(sandbox.install(setup), /lies in the folder that is open/u);
  });

  it("a folder that holds the home folder is no opened one", () => {
    assert.deepEqual(openedFolders(["/home/me", "/", "/home/me/net"], "/home/me"), [
      "/home/me/net",
    ]);
    assert.ok(liesIn("/a/b", ["/a"]) && liesIn("/a", ["/a"]));
    assert.ok(!liesIn("/ab", ["/a"]) && !liesIn("/a/..b/../../c", ["/a"]));
    assert.ok(liesIn("/a/..b", ["/a"]));
  });
});
