import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { manifestFiles } from "../../../scripts/lib/manifest.ts";
import { CONTRIBUTED, INTERNAL } from "../../../src/host/commands/ids.ts";
import {
  editorOf,
  foldersAmong,
  MODEL_NAME,
  modelsAmong,
  OFFERED_EXTENSIONS,
  OPENED_EXTENSIONS,
} from "../../../src/host/model-files.ts";
import { LOOKED_AT_FILE, PICTURE_FILE, PICTURE_NAMES } from "../../../src/shared/picture-kinds.ts";
import { OP_ICONS } from "../../../src/host/views/layer-item.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const text = readFileSync(path.join(root, "package.json"), "utf8");
const words = readFileSync(path.join(root, "package.nls.json"), "utf8");
const { contributes, icon } = JSON.parse(text) as {
  icon: string;
  contributes: {
    commands: { command: string; category: string; icon?: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    customEditors: { priority: string; selector: { filenamePattern: string }[] }[];
    configuration: {
      properties: Record<string, { scope?: string; markdownDescription?: string }>;
    };
    walkthroughs: {
      steps: { description: string; media: { svg: string }; completionEvents: string[] }[];
    }[];
    viewsContainers: { activitybar: { icon: string }[] };
  };
};

describe("package.json", () => {
  it("contributes exactly the commands of the table", () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).sort(),
      [...CONTRIBUTED].sort(),
    );
    for (const { category } of contributes.commands) assert.equal(category, "ConvLens");
  });

  it("takes the models of the list for models, and has all its texts: node scripts/manifest.mjs writes it", () => {
    const read = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(path.join(root, name), "utf8")) as Record<string, unknown>;
    const { files, missing } = manifestFiles(read);
    assert.deepEqual(missing, []);
    for (const [name, content] of Object.entries(files))
      assert.deepEqual(read(name), content, name);
  });

  it("knows pictures by the ends of names that are read", () => {
    const conditions = text.match(/resourceExtname =~ [^"&]*\bpng\b[^"&]*/g) ?? [];
    assert.equal(conditions.length, 4);
    const offered = (of: RegExp): string => `resourceExtname =~ /${of.source}/i`;
    const [picture, array] = [offered(PICTURE_FILE), offered(LOOKED_AT_FILE)];
    // arrays are looked at out of the explorer
    assert.deepEqual(
      conditions.map((condition): unknown => JSON.parse(`"${condition.trim()}"`)),
      [array, picture, picture, picture],
    );
    assert.equal(text.split(`of a picture (${PICTURE_NAMES.join(", ")}).`).length - 1, 4);
  });

  it("offers what computes in trusted workspaces only", () => {
    const everywhere = contributes.commands
      .filter(({ enablement }) => enablement !== "isWorkspaceTrusted")
      .map(({ command }) => command.replace("convlens.", ""));
    assert.deepEqual(everywhere.sort(), [
      ...[
        "compare",
        "compareSelected",
        "doctor",
        "filters",
        "goToCode",
        "insertPicture",
        "inspect",
      ],
      ...["linkScript", "openWalkthrough", "refreshModels", "restart"],
      ...["selectEngine", "showCode", "showLog"],
    ]);
  });

  it("refers to no command that does not exist", () => {
    const known = new Set<string>([...CONTRIBUTED, ...INTERNAL]);
    const named = [
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command)),
      ...[...words.matchAll(/\(command:([\w.]+)\)/g)].map((match) => match[1]),
      ...[...text.matchAll(/"onCommand:([\w.]+)"/g)].map((match) => match[1]),
    ];
    assert.ok(named.length > 20);
    assert.deepEqual(
      named.filter(
        (command) =>
          command === undefined || !(known.has(command) || /^(vscode|workbench)\./.test(command)),
      ),
      [],
    );
  });

  it("offers the inspector on the files of the list, and on nothing else", () => {
    const menus = ["explorer/context", "editor/title", "editor/title/context", "editor/context"];
    for (const menu of menus) {
      const whens = contributes.menus[menu]?.filter(
        ({ command }) => command === "convlens.inspect",
      );
      const [{ when = "" } = {}] = whens ?? [];
      assert.equal(/resourceFilename =~ (\/.*\/i)/.exec(when)?.[1], String(MODEL_NAME), menu);
    }
    const patterns = (extensions: readonly string[]): object[] =>
      extensions.map((extension) => ({ filenamePattern: `*.${extension}` }));
    assert.deepEqual(
      contributes.customEditors.map(({ priority, selector }) => [priority, selector]),
      [
        ["option", patterns(OFFERED_EXTENSIONS)],
        ["default", patterns(OPENED_EXTENSIONS)],
      ],
    );
    assert.equal(editorOf("a/net.ONNX"), "convlens.opened");
    assert.equal(editorOf("a/net.h5"), "convlens.model");
    for (const name of [
      "net.onnx",
      "NET.H5",
      "model.json",
      "pytorch_model.bin",
      "export.pkl",
      "a.b.pt2",
    ])
      assert.match(name, MODEL_NAME);
    for (const name of [
      "package.json",
      "my-model.json",
      "data.bin",
      "step.ckpt.index",
      "net.pt3",
      "h5",
    ])
      assert.doesNotMatch(name, MODEL_NAME);
  });

  it("knows which of the files that were found are models, and which of them are folders", () => {
    const found = ["/w/net.onnx", "/w/saved/saved_model.pb", "/w/saved/fingerprint.pb"];
    const json = ["/w/web/model.json", "/w/schema/model.json"];
    const models = modelsAmong([...found, ...json], (folder) => folder === "/w/web");
    assert.deepEqual(models, ["/w/net.onnx", "/w/saved", "/w/web/model.json"]);
    assert.deepEqual(foldersAmong(models), ["/w/saved", "/w/web"]);
  });

  it("names pictures and icons that are there", () => {
    const icons = readFileSync(
      path.join(root, "node_modules/@vscode/codicons/dist/codicon.css"),
      "utf8",
    );
    const names = [
      ...Object.values(OP_ICONS),
      ...contributes.commands.flatMap((command) => command.icon?.slice(2, -1) ?? []),
    ];
    for (const name of names) assert.ok(icons.includes(`.codicon-${name}:before`), name);
    const files = [
      icon,
      "media/tab.svg",
      ...contributes.viewsContainers.activitybar.map((container) => container.icon),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    for (const file of files) assert.ok(existsSync(path.join(root, file)), file);
  });

  it("has drawings whose colours a walkthrough applies: of attributes, not of style sheets", () => {
    for (const { steps } of contributes.walkthroughs)
      for (const { media } of steps)
        assert.doesNotMatch(
          readFileSync(path.join(root, media.svg), "utf8"),
          /<style|\s(class|style)=/,
        );
  });

  it("describes every setting, with its scope", () => {
    for (const [name, { scope, markdownDescription }] of Object.entries(
      contributes.configuration.properties,
    ))
      assert.ok(name.startsWith("convlens.") && scope && markdownDescription, name);
  });
});
