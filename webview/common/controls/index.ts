/** Controls as templates, which take their looks from the `controls` style sheet. */
export * from "./buttons.ts";
export * from "./choices.ts";
export * from "./fields.ts";
export * from "./legend.ts";
