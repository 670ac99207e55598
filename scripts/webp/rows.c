// Decodes a WebP picture row by row: libwebp writes into a window of a few rows, which is handed over and written again.
#include <stdlib.h>
#include <string.h>

#include "src/dec/vp8i_dec.h"
#include "src/dec/vp8li_dec.h"
#include "src/dec/webpi_dec.h"
#include "src/dsp/lossless.h"

#define EXPORT(name) __attribute__((export_name(#name))) name
// libwebp finishes a row of macro blocks (16) with what filtering (8) and upsampling (1) kept back
#define WINDOW_ROWS 32

// `count` rows from `y` on lie at `rgba`
__attribute__((import_module("rows"), import_name("take"))) void TakeRows(
    int y, int count, const uint8_t* rgba);

//------------------------------------------------------------------------------
// Memory: what one picture took is forgotten with it.

extern uint8_t __heap_base;
static size_t heap_end = 0;

void* malloc(size_t size) {
  const size_t start = (heap_end + 15) & ~(size_t)15;
  const size_t end = start + size;
  const size_t held = __builtin_wasm_memory_size(0) << 16;
  if (end < start) return NULL;
  if (end > held && __builtin_wasm_memory_grow(0, (end - held + 0xffff) >> 16) == (size_t)-1)
    return NULL;
  heap_end = end;
  return (void*)start;
}
void* calloc(size_t count, size_t size) {
  void* const made = malloc(count * size);  // libwebp checks the product
  if (made != NULL) memset(made, 0, count * size);
  return made;
}
void free(void* p) { (void)p; }

uint8_t* EXPORT(begin)(size_t size) {
  heap_end = (size_t)&__heap_base;
  return malloc(size);
}

//------------------------------------------------------------------------------

static uint8_t* window;
static int lossless_row;
static int (*put)(const VP8Io* io);

static int PutRows(const VP8Io* io) {
  WebPDecParams* const params = (WebPDecParams*)io->opaque;
  WebPRGBABuffer* const buf = &params->output->u.RGBA;
  const int first = params->last_y;
  buf->rgba = window - (size_t)first * buf->stride;
  if (!put(io)) return 0;
  TakeRows(first, params->last_y - first, window);
  return 1;
}

// vp8l_dec.c calls this for VP8LConvertFromBGRA, a row at a time
void ConvertRow(const uint32_t* in, int width, WEBP_CSP_MODE mode, uint8_t* out) {
  VP8LConvertFromBGRA(in, width, mode, out);
  TakeRows(lossless_row++, 1, out);
}

// `data` is what `begin` gave. Returns a VP8StatusCode.
int EXPORT(decode)(const uint8_t* data, size_t size, int width, int height) {
  VP8StatusCode status;
  VP8Io io;
  WebPHeaderStructure headers;
  WebPDecBuffer buf;
  WebPDecParams params;

  memset(&headers, 0, sizeof(headers));
  headers.data = data;
  headers.data_size = size;
  headers.have_all_data = 1;
  status = WebPParseHeaders(&headers);
  if (status != VP8_STATUS_OK) return status;

  window = (uint8_t*)malloc((size_t)4 * width * WINDOW_ROWS);
  if (window == NULL) return VP8_STATUS_OUT_OF_MEMORY;
  if (!WebPInitDecBuffer(&buf) || !VP8InitIo(&io)) return VP8_STATUS_INVALID_PARAM;
  buf.colorspace = MODE_RGBA;
  buf.width = width;
  buf.height = height;
  buf.is_external_memory = 1;
  buf.u.RGBA.rgba = window;
  buf.u.RGBA.size = (size_t)4 * width * WINDOW_ROWS;
  WebPResetDecParams(&params);
  params.output = &buf;
  io.data = headers.data + headers.offset;
  io.data_size = headers.data_size - headers.offset;
  WebPInitCustomIo(&params, &io);

  if (headers.is_lossless) {
    VP8LDecoder* const dec = VP8LNew();
    if (dec == NULL) return VP8_STATUS_OUT_OF_MEMORY;
    lossless_row = 0;
    buf.u.RGBA.stride = 0;  // each row in the place of the last
    if (!VP8LDecodeHeader(dec, &io)) return dec->status_;
    if (io.width != width || io.height != height) return VP8_STATUS_INVALID_PARAM;
    dec->output_ = &buf;
    return VP8LDecodeImage(dec) ? VP8_STATUS_OK : dec->status_;
  } else {
    VP8Decoder* const dec = VP8New();
    if (dec == NULL) return VP8_STATUS_OUT_OF_MEMORY;
    dec->alpha_data_ = headers.alpha_data;
    dec->alpha_data_size_ = headers.alpha_data_size;
    put = io.put;
    io.put = PutRows;
    buf.u.RGBA.stride = 4 * width;
    if (!VP8GetHeaders(dec, &io)) return dec->status_;
    if (io.width != width || io.height != height) return VP8_STATUS_INVALID_PARAM;
    dec->mt_method_ = 0;
    VP8InitDithering(NULL, dec);
    return VP8Decode(dec, &io) ? VP8_STATUS_OK : dec->status_;
  }
}
