import { type OptionHelp } from "./users.ts";

/** Other programs: assistants, and a Python that makes a network. */
export const PROGRAMS = {
  root: {
    value: "DIR",
    help: "a folder that assistants may read, once or more (else what the client gives, or this one)",
    of: ["mcp"],
  },
  python: { value: "PATH", help: "the Python that the program runs in", of: ["export"] },
  entry: {
    value: "FILE.py:NAME",
    help: "the class, function or variable that makes the network",
    of: ["export"],
  },
  argument: {
    value: "NAME=VALUE",
    help: "an argument for it, once or more (else what the checkpoint keeps of them)",
    of: ["export"],
  },
  "time-limit": { value: "SECONDS", help: "ends the program after this (600)", of: ["export"] },
} as const satisfies Record<string, OptionHelp>;
