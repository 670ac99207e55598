import assert from "node:assert/strict";
import path from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
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
    const [failed, [text]] = await ask("convlens_predict", { model: "/none.h5", image: DIGIT });
    assert.equal(failed, true);
    assert.match(text?.text ?? "", /there is no such file/);
    const [again] = await ask("convlens_inspect", { model: DIGITS });
    assert.equal(again, false);
  });
});
