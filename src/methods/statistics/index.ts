/** Statistics that batch normalizations kept of training, against those of pictures. */
export { agreements, between, type Agreement } from "./agreement.ts";
export { alternatives } from "./alternatives.ts";
export { unseen } from "./unseen.ts";
export { normsOf, type Norm } from "./norms.ts";
