/** The thread that lays out: a network comes first, then, again and again, which of its blocks are open. */
import { levelsOf } from "./levels.ts";
import { Placer } from "./place.ts";
import type { Asked, Laid } from "./messages.ts";

let placer: Placer | null = null;

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  if ("graph" in data) placer = new Placer(levelsOf(data.graph));
  else if (placer) {
    const laid: Laid = { ask: data.ask, drawing: placer.draw(new Set(data.open)) };
    postMessage(laid);
  }
});

/** What a page gets of this file: the bundler puts its code in place of this, to be started from a blob. */
const code: string = "";
export default code;
