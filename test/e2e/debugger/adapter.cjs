/**
 * A debug adapter (DAP over standard streams). CONVLENS_TEST_PYTHON names a Python with debugpy and torch: then it is that one's adapter. Else a
 * program is paused at its first line with a model in an object, and what is evaluated there writes the network of a file that torch wrote.
 */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const python = process.env.CONVLENS_TEST_PYTHON;
if (python) spawn(python, ["-m", "debugpy.adapter"], { stdio: "inherit" }).on("exit", process.exit);
else listen();

function listen() {
  let bytes = Buffer.alloc(0);
  process.stdin.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const end = bytes.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/.exec(bytes.toString("latin1", 0, end))?.[1]);
      if (end < 0 || bytes.length < end + 4 + length) return;
      answer(JSON.parse(bytes.toString("utf8", end + 4, end + 4 + length)));
      bytes = bytes.subarray(end + 4 + length);
    }
  });
}

let seq = 0;
let program = "";
function send(message) {
  const text = JSON.stringify({ seq: ++seq, ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}
const tell = (event, body = {}) => send({ type: "event", event, body });
const variable = (name, value, more) => ({ name, value, variablesReference: 0, ...more });

const ANSWERS = {
  initialize: () => ({ supportsConfigurationDoneRequest: true }),
  launch: (args) => {
    ({ program } = args);
  },
  threads: () => ({ threads: [{ id: 1, name: "MainThread" }] }),
  stackTrace: () => ({
    stackFrames: [{ id: 1, name: "<module>", line: 1, column: 1, source: { path: program } }],
    totalFrames: 1,
  }),
  scopes: () => ({ scopes: [{ name: "Locals", variablesReference: 1, expensive: false }] }),
  variables: ({ variablesReference }) => ({
    variables:
      variablesReference === 1
        ? [
            variable("epoch", "3", { type: "int", evaluateName: "epoch" }),
            variable("trainer", "<Trainer>", { variablesReference: 2, evaluateName: "trainer" }),
          ]
        : [variable("net", "Digits(...)", { type: "Digits", evaluateName: "trainer.net" })],
  }),
  evaluate: ({ expression, context }) => {
    fs.writeFileSync(
      path.join(path.dirname(program), "evaluated.json"),
      JSON.stringify({ expression, context }),
    );
    const [, file] = /\["save"\]\(trainer\.net, "([^"]+)"\)$/.exec(expression) ?? [];
    if (!file) throw new Error(`NameError: ${expression}`);
    fs.copyFileSync(path.join(path.dirname(program), "paused.pt2"), file);
    return { result: `'${file}'`, variablesReference: 0 };
  },
};

function answer({ command, seq: request_seq, arguments: args }) {
  const reply = { type: "response", command, request_seq };
  try {
    send({ ...reply, success: true, body: ANSWERS[command]?.(args) });
  } catch (error) {
    send({ ...reply, success: false, message: error.message });
  }
  if (command === "initialize") tell("initialized");
  if (command === "configurationDone") tell("stopped", { reason: "breakpoint", threadId: 1 });
  if (command === "continue" || command === "disconnect") tell("terminated");
}
