/**
 * TensorFlow's libraries in the native engine's folder by `process.platform`, in the order in which they need each other: all that is loaded
 * beside the binding, so all that must be as it was installed.
 */
export const NATIVE_LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: ["lib/libtensorflow_framework.so.2", "lib/libtensorflow_cc.so.2"],
  darwin: ["lib/libtensorflow_framework.2.dylib", "lib/libtensorflow.2.dylib"],
  win32: ["tensorflow.dll"],
};
