/** A part of a file's name: layers may be called what files must not be. */
export const fileName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll(/[^\w.-]+/g, "_")).join(".");
