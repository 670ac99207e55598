import { inputError } from "../../shared/errors.ts";

/** A file may call functions in functions: what it becomes is counted, not what it declares. */
export const MAX_NODES = 200_000;
/** Functions or branches inside one another. */
export const MAX_DEPTH = 100;

export const tooMuch = (file: string): Error =>
  inputError(
    `'${file}' calls functions in functions so often or so deep that no network needs it; export the model again.`,
  );
