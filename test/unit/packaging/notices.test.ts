import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";

interface Shipped {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
  readonly parts: readonly { name: string; licence: string; text: string; note?: string }[];
}
interface Scripts {
  notices(packages: readonly Shipped[]): string;
  faultsOf(file: string, packages: readonly Shipped[]): string[];
  foldersOf(outputs: object): string[];
  bill(packages: readonly Shipped[], about: object, lock: object): Bill;
}
interface Component {
  readonly name: string;
  readonly hashes?: readonly { readonly content: string }[];
  readonly components?: readonly Component[];
}
interface Bill {
  readonly serialNumber: string;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const MIT = "Permission is hereby granted, free of charge, to any person\n\nTHE SOFTWARE IS";
const lit: Shipped = {
  ...{ folder: "node_modules/lit", name: "lit", version: "3.0.0", licence: "MIT", text: MIT },
  parts: [],
};
const decoder: Shipped = {
  ...{ folder: "node_modules/@a/wasm", name: "@a/wasm", version: "1.0.0-b+1", licence: "ISC" },
  text: "Permission to use, copy, modify",
  parts: [
    { name: "libx", licence: "MIT", text: MIT, note: "Based on y." },
    { name: "z", licence: "Apache-2.0 WITH LLVM-exception", text: "Apache License" },
  ],
};
const lock = {
  "node_modules/lit": { integrity: `sha512-${Buffer.alloc(64, 1).toString("base64")}` },
  "node_modules/@a/wasm": { dependencies: { lit: "3", other: "1" } },
};
const about = { name: "convlens", version: "0.1.0", license: "Apache-2.0" };

describe("what others made and ships", () => {
  let scripts: Scripts;
  before(async () => {
    const load = (name: string): Promise<Partial<Scripts>> =>
      import(path.resolve("scripts", "lib", name)) as Promise<Partial<Scripts>>;
    const all = ["notices.mjs", "shipped.mjs", "sbom.mjs"];
    scripts = Object.assign({}, ...(await Promise.all(all.map(load)))) as Scripts;
  });

  it("is found by what was bundled and what is copied", () => {
    const outputs = {
      "dist/a.js": {
        inputs: { "src/a.ts": {}, "node_modules/@x/y/z.js": {}, "node_modules/p/q.js": {} },
      },
      "out/integration/t.cjs": { inputs: { "node_modules/only-tests/i.js": {} } },
    };
    const found = scripts.foldersOf(outputs);
    for (const name of [
      "@x/y",
      "p",
      "@tensorflow/tfjs-node",
      "node-api-headers",
      "web-tree-sitter",
    ])
      assert.ok(found.includes(`node_modules/${name}`), name);
    assert.ok(!found.includes("node_modules/only-tests"));
  });

  it("has a notice each, with the parts that are compiled in, and one text once", () => {
    const file = scripts.notices([decoder, lit]);
    assert.deepEqual(scripts.faultsOf(file, [decoder, lit]), []);
    assert.equal(file.split(MIT).length, 2);
    assert.match(file, /^libx \(MIT\), in @a\/wasm\n\nBased on y\.\n\nPermission/mu);
    assert.match(file, /^lit 3\.0\.0 \(MIT\)\n\nThe licence stands after libx \(MIT\), in @a/mu);
  });

  it("is missed, where there is no notice, no licence, or nothing that needs it", () => {
    const file = scripts.notices([lit]);
    assert.deepEqual(scripts.faultsOf(file, [decoder, lit]), [
      "not in the notices: @a/wasm 1.0.0-b+1 (ISC)",
      "not in the notices: libx (MIT), in @a/wasm",
      "not in the notices: z (Apache-2.0 WITH LLVM-exception), in @a/wasm",
    ]);
    assert.deepEqual(scripts.faultsOf(file, []), ["no longer shipped: lit 3.0.0 (MIT)"]);
    const bare = { ...lit, text: "" };
    assert.deepEqual(scripts.faultsOf(scripts.notices([bare]), [bare]), [
      "without the text of its licence: lit 3.0.0 (MIT)",
    ]);
  });

  it("is a bill of materials that CycloneDX's schema takes, the same for the same build", () => {
    const made = scripts.bill([decoder, lit], about, lock);
    assert.deepEqual(made, scripts.bill([decoder, lit], about, lock));
    assertValid(made);
    assert.equal(made.components[1]?.hashes?.[0]?.content, "01".repeat(64));
    assert.deepEqual(
      made.components[0]?.components?.map(({ name }) => name),
      ["libx", "z"],
    );
    assert.deepEqual(
      made.dependencies.map(({ dependsOn }) => dependsOn),
      [["pkg:npm/%40a/wasm@1.0.0-b%2B1"], ["pkg:npm/lit@3.0.0"], []],
    );
    assert.throws(() => assertValid({ ...made, components: [{ name: "x" }] }), /type/);
  });

  it("is in the bill that was built", function () {
    const file = path.join("dist", "sbom.cdx.json");
    let text = "";
    try {
      text = readFileSync(file, "utf8");
    } catch {
      // there was no build
      this.skip();
    }
    const built = JSON.parse(text) as Bill;
    assertValid(built);
    assert.ok(built.components.length > 20);
  });
});

function assertValid(document: object): void {
  const folder = path.join("node_modules", "@cyclonedx", "cyclonedx-library", "res", "schema");
  const schema = (name: string): object =>
    JSON.parse(readFileSync(path.join(folder, `${name}.SNAPSHOT.schema.json`), "utf8")) as object;
  // what addresses look like is not this test's matter
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ["spdx", "jsf-0.82"])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  const valid = ajv.compile(schema("bom-1.6"));
  assert.ok(valid(document), JSON.stringify(valid.errors, null, 1));
}
