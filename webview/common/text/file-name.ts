/** A part of a file's name: layers may be called what files must not be. */
export const fileName = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll(/[^\w.-]+/g, "_")).join(".");

/** The last part of a path, on any system. */
export const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
