/** In place of `node-fetch`, which TensorFlow.js brings along for old Nodes: nothing that ships asks the network for anything. */
module.exports = () => {
  throw new Error("ConvLens asks nothing of the network");
};
