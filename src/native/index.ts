/** Getting, checking and repairing the native engine (libtensorflow and its binding to Node). */
export { installNative } from "./install.ts";
export type { Installed, InstallOptions, InstallProgress } from "./install.ts";
export { verifyNative } from "./verify.ts";
export { cacheDirectory, nativeDirectory } from "./cache.ts";
export type { NativeManifest, NativeSource } from "./manifest.ts";
