/** Why a layer is shown but not executed. */
export class Unsupported extends Error {}

/**
 * What the settings of a layer say cannot be: of itself, or beside its weights. The file contradicts itself and is not read; an
 * `Unsupported` layer may be right, and is not understood.
 */
export class Impossible extends Error {}
