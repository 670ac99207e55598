import { useTool, type Desk } from "../../assistant/index.ts";
import type { State } from "../state.ts";
import type { Part } from "./timed.ts";

export function assistantHandlers(state: State): Part<"useTool"> {
  const desk: Desk = {
    pictures: state.pictures,
    model: (path) => state.model(path),
    runner: (path) => state.runner(path),
  };
  return { useTool: ({ name, args }, { signal }) => useTool(desk, name, args, signal) };
}
