/** What a panel knows, asks for and remembers. */
export * from "./activity.ts";
export * from "./app.ts";
export * from "./census.ts";
export * from "./choice.ts";
export * from "./code-part.ts";
export * from "./epochs.ts";
export * from "./host.ts";
export * from "./intent.ts";
export * from "./job.ts";
export * from "./jobs.ts";
export * from "./lenses.ts";
export * from "./partial.ts";
export * from "./resource.ts";
