/**
 * One instance is one tile: a rectangle on the canvas and the place of its first value in the atlas. Values are addressed
 * one after the other, as they came, so a page is uploaded as it is. Colours are found here, so that another colour map
 * moves 768 bytes.
 */
export const vertex = `#version 300 es
uniform vec2 canvas;
uniform vec2 tile;
in vec2 origin;
in vec2 place;
in float alpha;
flat out ivec2 start;
flat out float opacity;
out vec2 at;
void main() {
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 p = (origin + at * tile) / canvas * 2.0 - 1.0;
  gl_Position = vec4(p.x, -p.y, 0, 1);
  start = ivec2(place);
  opacity = alpha;
}`;

/** Enlarged tiles keep their cells as squares; in reduced ones a pixel is the mean of up to 8 x 8 values that it covers. */
export const fragment = `#version 300 es
precision highp float;
precision highp sampler2DArray;
uniform sampler2DArray atlas;
uniform sampler2D lut;
uniform ivec2 native;
uniform vec2 tile;
uniform int channels;
uniform int columns;
flat in ivec2 start;
flat in float opacity;
in vec2 at;
out vec4 colour;
float value(ivec2 p, int channel) {
  int i = start.y + (p.y * native.x + p.x) * channels + channel;
  return texelFetch(atlas, ivec3(i % columns, i / columns, start.x), 0).r;
}
vec3 cell(ivec2 p) {
  float r = value(p, 0);
  return channels == 3 ? vec3(r, value(p, 1), value(p, 2)) : vec3(r);
}
void main() {
  vec2 size = vec2(native);
  vec2 step = size / tile;
  ivec2 n = clamp(ivec2(ceil(step - 0.01)), ivec2(1), ivec2(8));
  vec3 sum = vec3(0);
  for (int y = 0; y < n.y; y++)
    for (int x = 0; x < n.x; x++) {
      vec2 inside = (vec2(x, y) + 0.5) / vec2(n) - 0.5;
      sum += cell(clamp(ivec2(at * size + inside * step * vec2(greaterThan(n, ivec2(1)))), ivec2(0), native - 1));
    }
  vec3 mean = sum / float(n.x * n.y);
  vec3 rgb = channels == 3 ? mean : texelFetch(lut, ivec2(int(mean.r * 255.0 + 0.5), 0), 0).rgb;
  colour = vec4(rgb, 1) * opacity;
}`;
