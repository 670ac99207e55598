import assert from "node:assert/strict";
import { readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvLensError } from "../../../src/base/errors.ts";
import { npmRoute } from "../../../src/native/npmRoute.ts";
import { pythonRoute } from "../../../src/native/pythonRoute.ts";
import { exists } from "../../../src/native/files.ts";
import { RouteError } from "../../../src/native/reasons.ts";
import { wheelRoute } from "../../../src/native/wheelRoute.ts";
import { fakeWheel, pipThatBrings, Sandbox } from "./sandbox.ts";

const { wheel, bytes } = fakeWheel();
const fromWheel = wheelRoute(() => wheel);

describe("native: routes", () => {
  let sandbox: Sandbox;
  before(function () {
    // the fake commands are shell scripts
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    sandbox = await Sandbox.make();
  });
  afterEach(() => sandbox.remove());

  it("wheel: takes the two libraries and the prebuilt binding, and keeps the wheel", async () => {
    await sandbox.command("python3", pipThatBrings(await sandbox.file("a.whl", bytes)));
    const setup = { routes: [fromWheel], assets: [await sandbox.prebuilt()] };
    const { location, source } = await sandbox.install(setup);
    assert.equal(source, "wheel");
    const read = (name: string): Promise<string> => readFile(join(location, name), "utf8");
    assert.equal(await read("tfjs_binding.node"), "prebuilt");
    assert.equal(await read("lib/libtensorflow_cc.so.2"), "cc ".repeat(1000));
    assert.equal(await read("lib/libtensorflow_framework.so.2"), "framework");
    assert.ok(!(await exists(join(location, "include"))));
    assert.ok(!(await exists(join(location, "download"))));

    await sandbox.command("python3", "exit 1");
    await sandbox.install(setup);
    assert.ok(sandbox.messages.some((message) => message.includes("downloaded before")));
  });

  it("wheel: refuses a download with another checksum, and a damaged kept wheel", async () => {
    const other = await sandbox.file("other.whl", "something else");
    await sandbox.command("python3", pipThatBrings(other));
    await sandbox.file(join("cache", "wheel", wheel.file), "cut short");
    const setup = { routes: [fromWheel], assets: [await sandbox.prebuilt()] };
    await assert.rejects(sandbox.install(setup), /does not have the expected checksum/u);
    assert.ok(!(await exists(join(sandbox.root, "cache", "wheel", wheel.file))));
    assert.deepEqual(await sandbox.names(), []);
  });

  it("wheel: says what pip said", async () => {
    await sandbox.command("python3", "echo 'ERROR: No matching distribution found' >&2; exit 1");
    await assert.rejects(
      sandbox.install({ routes: [fromWheel] }),
      /python3 failed: ERROR: No matching distribution found/u,
    );
  });

  it("wheel: compiles where the prebuilt binding does not load, and names both reasons", async () => {
    await sandbox.command("python3", pipThatBrings(await sandbox.file("a.whl", bytes)));
    const assets = await sandbox.prebuilt();
    const selfTest = (): Promise<string> => Promise.reject(new RouteError("too old a library"));
    await assert.rejects(
      sandbox.install({ routes: [fromWheel], assets: [assets], selfTest }),
      /of the prebuilt binding, too old a library, and its C\+\+ sources are not here/u,
    );
    await sandbox.file("assets/native/source/binding/tfjs_binding.cc", "");
    await sandbox.file("assets/native/source/include/node_api.h", "");
    await assert.rejects(
      sandbox.install({ routes: [fromWheel], assets: [assets], selfTest }),
      /and no C\+\+ compiler/u,
    );
  });

  it("wheel: a cancel ends pip and its children", async () => {
    const pid = join(sandbox.root, "pid");
    await sandbox.command("python3", `/bin/sleep 60 & echo $! > '${pid}'; wait`);
    const controller = new AbortController();
    const installing = sandbox.install({ routes: [fromWheel] }, controller.signal);
    const cancelled = assert.rejects(
      installing,
      (error) => error instanceof ConvLensError && error.kind === "cancelled",
    );
    while ((await readFile(pid, "utf8").catch(() => "")) === "") await sleep(10);
    controller.abort();
    // settles when the command's output is closed: a child left alive would hold it open for a minute
    await cancelled;
    assert.deepEqual(await sandbox.names(), []);
  });

  it("npm: says that the download was refused", async () => {
    await sandbox.command("npm", "echo 'Error: getaddrinfo ENOTFOUND some.host' >&2; exit 1");
    await assert.rejects(sandbox.install({ routes: [npmRoute] }), /the download was refused/u);
  });

  it("npm: keeps the binding and the libraries that its own step made", async () => {
    await sandbox.command("npm", FAKE_NPM);
    const { location, source } = await sandbox.install({ routes: [npmRoute] });
    assert.equal(source, "npm");
    assert.equal(await readFile(join(location, "tfjs_binding.node"), "utf8"), "binding\n");
    const named = join(location, "lib", "libtensorflow_cc.so.2");
    if (process.platform === "linux") assert.equal(await readFile(named, "utf8"), "library\n");
    const real = join(location, "..", "..", "deps", "lib", "libtensorflow.so.2");
    assert.ok(await exists(real));
  });

  it("python: uses the libraries where they lie, and nothing older than 2.12", async function () {
    if (process.platform !== "linux") this.skip();
    const folder = join(sandbox.root, "site", "tensorflow");
    await sandbox.file("site/tensorflow/libtensorflow_cc.so.2", "");
    const answer = (version: string): string => `echo '${JSON.stringify({ folder, version })}'`;
    const setup = { routes: [pythonRoute], assets: [await sandbox.prebuilt()] };
    await sandbox.command("python3", answer("2.9.1"));
    await assert.rejects(sandbox.install(setup), /TensorFlow 2\.9\.1 in .* is not 2\.12 or newer/u);
    await sandbox.command("python3", answer("2.16.2"));
    await assert.rejects(sandbox.install(setup), /no libtensorflow_framework\.so\.2/u);
    await writeFile(join(folder, "libtensorflow_framework.so.2"), "");
    const { location, source } = await sandbox.install(setup);
    assert.equal(source, "python");
    assert.equal(await readlink(join(location, "lib")), folder);
    const manifest = await readFile(join(location, "manifest.json"), "utf8");
    assert.equal((JSON.parse(manifest) as { libraries: string }).libraries, folder);
  });
});

const FAKE_NPM = `
package=node_modules/@tensorflow/tfjs-node
/bin/mkdir -p $package/lib/napi-v8 $package/deps/lib $package/deps/include
echo binding > $package/lib/napi-v8/tfjs_binding.node
echo library > $package/deps/lib/libtensorflow.so.2
`;
