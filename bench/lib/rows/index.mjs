/** What is measured: one entry per row, with the peers to beat. Adding a row is adding an entry here. */
import { coldRows } from "./cold.mjs";
import { gradientRows } from "./gradients.mjs";
import { mapRows } from "./maps.mjs";
import { manyRows } from "./many.mjs";

export const ROWS = [...coldRows, ...mapRows, ...gradientRows, ...manyRows];
