/** Networks that TensorFlow's converter writes. */
export const suites = [
  {
    name: "tflite",
    about:
      "TFLite: keras.applications converted, against the interpreter; integers against the same file dequantised",
    environment: "keras2",
    script: "zoo_tflite.py",
    seconds: 300,
  },
];
