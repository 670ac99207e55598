/** Every family of keras.applications, and networks of people's own, as Keras 2 and Keras 3 write them. */
const suite = (version) => ({
  name: `keras${version}`,
  about: `keras.applications and networks around them, written by Keras ${version}`,
  environment: `keras${version}`,
  script: "zoo_keras.py",
  seconds: 300,
});
export const suites = [suite(2), suite(3)];
