/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_ZSTD_DECOMPRESSOR (perfdash_zstd_decompressor_get_type())

G_DECLARE_FINAL_TYPE(PerfdashZstdDecompressor,
		     perfdash_zstd_decompressor,
		     PERFDASH,
		     ZSTD_DECOMPRESSOR,
		     GObject)

GConverter *
perfdash_zstd_decompressor_new(void);

G_END_DECLS
