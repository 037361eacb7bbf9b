/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-zstd-decompressor.h"

#include <zstd.h>

struct _PerfdashZstdDecompressor {
	GObject parent_instance;
	ZSTD_DCtx *context;
	gboolean in_frame; /* between the first and the last byte of a frame */
};

static void
converter_iface_init(GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(PerfdashZstdDecompressor,
			      perfdash_zstd_decompressor,
			      G_TYPE_OBJECT,
			      G_IMPLEMENT_INTERFACE(G_TYPE_CONVERTER, converter_iface_init))

static GConverterResult
perfdash_zstd_decompressor_convert(GConverter *converter,
				   const void *inbuf,
				   gsize inbuf_size,
				   void *outbuf,
				   gsize outbuf_size,
				   GConverterFlags flags,
				   gsize *bytes_read,
				   gsize *bytes_written,
				   GError **error)
{
	PerfdashZstdDecompressor *self = PERFDASH_ZSTD_DECOMPRESSOR(converter);
	ZSTD_inBuffer input = {inbuf, inbuf_size, 0};
	ZSTD_outBuffer output = {outbuf, outbuf_size, 0};
	gsize left = ZSTD_decompressStream(self->context, &output, &input);
	if (ZSTD_isError(left)) {
		g_set_error(error,
			    G_IO_ERROR,
			    G_IO_ERROR_INVALID_DATA,
			    "damaged zstd data: %s",
			    ZSTD_getErrorName(left));
		return G_CONVERTER_ERROR;
	}
	if (input.pos > 0 || output.pos > 0)
		self->in_frame = left != 0;
	*bytes_read = input.pos;
	*bytes_written = output.pos;
	if (output.pos > 0 || input.pos > 0)
		return !self->in_frame && input.pos == inbuf_size &&
				       (flags & G_CONVERTER_INPUT_AT_END)
			       ? G_CONVERTER_FINISHED
			       : G_CONVERTER_CONVERTED;
	if ((flags & G_CONVERTER_INPUT_AT_END) == 0) {
		g_set_error_literal(error,
				    G_IO_ERROR,
				    G_IO_ERROR_PARTIAL_INPUT,
				    "more input wanted");
		return G_CONVERTER_ERROR;
	}
	if (self->in_frame) {
		g_set_error_literal(error,
				    G_IO_ERROR,
				    G_IO_ERROR_PARTIAL_INPUT,
				    "zstd data ends too early");
		return G_CONVERTER_ERROR;
	}
	return G_CONVERTER_FINISHED;
}

static void
perfdash_zstd_decompressor_reset(GConverter *converter)
{
	PerfdashZstdDecompressor *self = PERFDASH_ZSTD_DECOMPRESSOR(converter);
	ZSTD_DCtx_reset(self->context, ZSTD_reset_session_only);
	self->in_frame = FALSE;
}

static void
converter_iface_init(GConverterIface *iface)
{
	iface->convert = perfdash_zstd_decompressor_convert;
	iface->reset = perfdash_zstd_decompressor_reset;
}

static void
perfdash_zstd_decompressor_finalize(GObject *object)
{
	PerfdashZstdDecompressor *self = PERFDASH_ZSTD_DECOMPRESSOR(object);
	ZSTD_freeDCtx(self->context);
	G_OBJECT_CLASS(perfdash_zstd_decompressor_parent_class)->finalize(object);
}

static void
perfdash_zstd_decompressor_class_init(PerfdashZstdDecompressorClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_zstd_decompressor_finalize;
}

static void
perfdash_zstd_decompressor_init(PerfdashZstdDecompressor *self)
{
	self->context = ZSTD_createDCtx();
}

GConverter *
perfdash_zstd_decompressor_new(void)
{
	return g_object_new(PERFDASH_TYPE_ZSTD_DECOMPRESSOR, NULL);
}
