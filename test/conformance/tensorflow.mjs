export const suites = [
  {
    name: "tensorflow-keras2",
    about: "SavedModels, frozen graphs and TF.js models of Keras 2 and tf.Module",
    environment: "keras2",
    script: "tensorflow/keras2.py",
  },
  {
    name: "tensorflow-keras3",
    about: "SavedModels exported by Keras 3",
    environment: "keras3",
    script: "tensorflow/keras3.py",
  },
];
