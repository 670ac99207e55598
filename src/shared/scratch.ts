/** How the names of a process' temporary folders begin: whoever sees it end can remove them. */
export const scratchPrefix = (pid: number): string => `convlens-${pid}-`;
