import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ListRootsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { TOOLS } from "../../src/assistant/index.ts";
import { DIGIT, DIGITS, root } from "./cli-support.ts";

interface Content {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
}

describe("convlens mcp", () => {
  const client = new Client({ name: "test", version: "1" });
  const ask = async (
    name: string,
    args: Record<string, unknown>,
  ): Promise<[boolean, Content[]]> => {
    const answer = await client.callTool({ name, arguments: args });
    return [answer.isError === true, answer.content as Content[]];
  };
  before(async () => {
    const args = [path.join(root, "dist", "cli.js"), "mcp", "--engine", "wasm"];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, stderr: "ignore" }),
    );
  });
  after(() => client.close());

  it("reads the current folder where nothing else is said", async () => {
    const [failed, [text]] = await ask("convlens_inspect", { model: "/etc/model.h5" });
    assert.equal(failed, true);
    assert.match(text?.text ?? "", /^'\/etc\/model.h5' lies outside of what assistants may read/);
  });

  it("lists the tools, which only read", async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      TOOLS.map(({ name }) => name),
    );
    for (const { annotations } of tools) assert.equal(annotations?.readOnlyHint, true);
  });

  it("answers with text, and a heat map with its picture", async () => {
    const [failed, [text, picture]] = await ask("convlens_grad_cam", {
      model: DIGITS,
      image: DIGIT,
    });
    assert.equal(failed, false);
    assert.match(text?.text ?? "", /^6 \(class 6\)/);
    const png = Buffer.from(picture?.data ?? "", "base64");
    assert.equal(png.subarray(1, 4).toString("latin1"), "PNG");
  });

  it("a mistake is an answer, and the next question is answered", async () => {
    const none = path.join(root, "none.h5");
    const [failed, [text]] = await ask("convlens_predict", { model: none, image: DIGIT });
    assert.equal(failed, true);
    assert.match(text?.text ?? "", /there is no such file/);
    const [again] = await ask("convlens_inspect", { model: DIGITS });
    assert.equal(again, false);
  });
});

describe("the roots of convlens mcp", () => {
  const cli = path.join(root, "dist", "cli.js");
  /** Whether a model of samples/ may be read, by a server with these options and a client with these roots. */
  async function reads(options: readonly string[], roots: string[] | null): Promise<boolean> {
    const capabilities = roots === null ? {} : { roots: { listChanged: true } };
    const client = new Client({ name: "test", version: "1" }, { capabilities });
    if (roots !== null)
      client.setRequestHandler(ListRootsRequestSchema, () => ({
        roots: roots.map((folder) => ({ uri: pathToFileURL(folder).href })),
      }));
    const args = [cli, "mcp", "--engine", "wasm", ...options];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, cwd: root, stderr: "ignore" }),
    );
    try {
      const ask = { name: "convlens_inspect", arguments: { model: DIGITS } };
      const first = await client.callTool(ask);
      if (roots === null) return first.isError !== true;
      // another folder is opened: the next question is held against it
      roots.push(path.dirname(DIGITS));
      await client.sendRootsListChanged();
      const again = await client.callTool(ask);
      assert.equal(again.isError === true, options.length > 0 && first.isError === true);
      return first.isError !== true;
    } finally {
      await client.close();
    }
  }
  const samples = path.dirname(DIGITS);
  const other = path.join(root, "test");

  it("are those of --root, whatever the client says", async () => {
    assert.equal(await reads(["--root", other], null), false);
    assert.equal(await reads(["--root", other, "--root", samples], null), true);
    assert.equal(await reads(["--root", other], [samples]), false);
  });

  it("else those of the client, and those only", async () => {
    assert.equal(await reads([], [other]), false);
    assert.equal(await reads([], []), false);
    assert.equal(await reads([], [samples]), true);
  });

  it("else the current folder", async () => {
    assert.equal(await reads([], null), true);
  });
});
