/** Getting, checking and repairing the native engine (libtensorflow and its binding to Node). */
export { installNative } from "./install.ts";
export { verifyNative } from "./verify.ts";
