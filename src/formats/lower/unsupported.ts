/** Why a layer is shown but not executed. */
export class Unsupported extends Error {}
