/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-digest.h"

/* of all lengths around blocks, in pieces, as GLib has it */
static void
test_glib(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	guint8 data[1000];
	for (guint i = 0; i < sizeof(data); i++)
		data[i] = g_rand_int(random);
	for (gsize size = 0; size <= sizeof(data); size++) {
		g_autoptr(PerfdashDigest) digest = perfdash_digest_new();
		for (gsize at = 0; at < size;) {
			gsize n = g_rand_int_range(random, 0, MIN(size - at, 200) + 1);
			perfdash_digest_update(digest, data + at, n);
			at += n;
		}
		g_autofree char *found = perfdash_digest_end(digest);
		g_autofree char *expected = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
									data,
									size);
		g_assert_cmpstr(found, ==, expected);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/digest/glib", test_glib);
	return g_test_run();
}
