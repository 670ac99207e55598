/** As Keras does it: `MaxPooling2D` -> `max_pooling2d`, `PReLU` -> `p_re_lu`. */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();

/** The name under which Keras stores the weights of a class: that of its code, which one class has another name for. */
export const storedName = (className: string): string =>
  snakeCase(className === "GroupQueryAttention" ? "GroupedQueryAttention" : className);
