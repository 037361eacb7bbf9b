/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <perfdash.h>

_PERFDASH_EXTERN const PerfdashParserModule perfdash_parser_module;
const PerfdashParserModule perfdash_parser_module = {
	.abi_version = PERFDASH_PARSER_ABI_VERSION + 1,
	.struct_size = sizeof(PerfdashParserModule),
};
