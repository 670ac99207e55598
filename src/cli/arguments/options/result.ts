import { ALL, ANSWERS, type OptionHelp } from "./users.ts";

/** Where the answer goes. */
export const RESULT = {
  out: {
    value: "DIR",
    help: "write arrays (.npy), pictures (.png) and the result (.json) there",
    of: ANSWERS,
  },
  json: { value: null, help: "exactly one JSON document on standard output", of: ANSWERS },
  "install-native": { value: null, help: "get or repair the native engine", of: ["doctor"] },
  help: { value: null, help: "this text", of: ALL },
  version: { value: null, help: "the version", of: ALL },
} as const satisfies Record<string, OptionHelp>;
