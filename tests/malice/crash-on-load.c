/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

__attribute__((constructor)) static void
crash(void)
{
	abort();
}
