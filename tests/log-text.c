/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-log-text.h"

#include <string.h>

#include "perfdash-error.h"

static GPtrArray *
split(const char *log, gsize size)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(log, size);
	g_autoptr(GError) error = NULL;
	gboolean is_cut = FALSE;
	GPtrArray *texts = perfdash_log_text_split(bytes, &is_cut, &error);
	g_assert_no_error(error);
	return texts;
}

static char *
get_text(GPtrArray *texts, guint index)
{
	PerfdashLogText *text = g_ptr_array_index(texts, index);
	gsize size;
	const char *data = g_bytes_get_data(text->bytes, &size);
	return g_strndup(data, size);
}

/* what was done to a log, and what its tool had written */
static const struct {
	const char *name;
	const char *log;
	const char *text;
} cases[] = {
	{"nothing", "Running 3s test\n  Latency  1ms\n", "Running 3s test\n  Latency  1ms\n"},
	{"empty-lines", "a\n\nb", "a\n\nb"},
	{"byte-order-mark",
	 "\xef\xbb\xbf"
	 "label,elapsed\n",
	 "label,elapsed\n"},
	{"line-ends-stay", "a\r\nb\r\n", "a\r\nb\r\n"},
	{"redrawn", "Progress 1%\rProgress 99%\rSET: 12 requests\nb\r\n", "SET: 12 requests\nb\n"},
	{"set-over",
	 "Load f\r    \r |-f : 9 -> \r |-f : 9 -> 4, 5\r /-f : 9 -> 4\r 3#\nb\r\n",
	 " 3#f : 9 -> 4, 5\nb\n"},
	{"set-over-nothing", "ab\r    \rok\rno\n\xc3\xa4\xc3\xa4\rx\n", "no\nx\n"},
	{"redrawn-at-the-end", "done\r\r\nb\rc\n", "done\nc\n"},
	{"colours", "\x1b[1;32mTime\x1b[0m 12 \x1b[Kms\n\x1b]0;title\aend\n", "Time 12 ms\nend\n"},
	{"colours-at-the-end", "\x1b[1ma\r\x1b[0m\nb\r\x1b[0m", "a\nb"},
	{"erased", "Progress 99%\r\x1b[Kdone\nab\x1b[2K\rc\nabc\rd\x1b[0K\n", "done\nc\nd\n"},
	{"link", "\x1b]8;;http://a\x1b\\b\x1b]8;;\x1b\\ c\n", "b c\n"},
	{"coloured-stamps", "\x1b[1m10:00:00 a\n\x1b[0m10:00:01 b\n", "a\nb\n"},
	{"one-stamp", "10:00:00 {\"a\": 1}\n", "{\"a\": 1}\n"},
	{"iso-stamps",
	 "[2024-05-01T10:00:00.123Z] {\n[2024-05-01T10:00:00.124Z]   \"a\": 1\n"
	 "[2024-05-01T10:00:00.125Z] \n[2024-05-01T10:00:01.125+02:00] }\n",
	 "{\n  \"a\": 1\n\n}\n"},
	{"iso-stamps-of-a-part",
	 "Started by user\nRunning in /x\nno stamp\nnone here\nnor here\n"
	 "[2024-05-01T10:00:00.123Z] a\n[2024-05-01T10:00:00.123Z] b\n"
	 "[2024-05-01T10:00:00.123Z] c\n",
	 "Started by user\nRunning in /x\nno stamp\nnone here\nnor here\na\nb\nc\n"},
	{"bare-stamps",
	 "2024-05-01T10:00:00.1234567Z {\r\n2024-05-01T10:00:00.1234567Z   \"a\": 1\r\n"
	 "2024-05-01T10:00:00Z \r\n2024-05-01T10:00:01.5Z }\r\n",
	 "{\n  \"a\": 1\n\n}\n"},
	{"bare-stamps-of-some-lines",
	 "2024-05-01T10:00:00Z a\nb\nc\n",
	 "2024-05-01T10:00:00Z a\nb\nc\n"},
	{"clock-stamps", "10:00:00 a\n10:00:01   b\n10:00:02 \n10:00:03 c\n", "a\n  b\n\nc\n"},
	{"elapsed-stamps", "00:00:01.234  a\n00:00:01.240  b\n", "a\nb\n"},
	{"stamps-of-gitlab",
	 "2024-05-01T10:00:00.123456Z 00O {\n2024-05-01T10:00:00.123456Z 01O   \"a\": 1\n"
	 "2024-05-01T10:00:00.123456Z 01E+}\n2024-05-01T10:00:00.123456Z 01O\n",
	 "{\n  \"a\": 1\n}\n\n"},
	{"stamps-of-kubernetes",
	 "2024-05-01T10:00:00.123456789+02:00 stdout F {\n"
	 "2024-05-01T10:00:00.123456789+0200 stderr P   \"a\": 1\n"
	 "2024-05-01T10:00:00.123456789Z stdout F }\n",
	 "{\n  \"a\": 1\n}\n"},
	{"stamps-of-ts",
	 "a\nb\nc\nd\nNov 23 10:00:00 e\nNov  3 10:00:00   f\nNov 23 10:00:00 g\nNov 23 h\n",
	 "a\nb\nc\nd\ne\n  f\ng\nNov 23 h\n"},
	{"stamps-of-the-journal",
	 "Nov 23 10:00:00 node-1 run.sh[123]: a\nNov 23 10:00:00 node-1 run.sh[123]:   b [1]: c\n"
	 "Nov 23 10:00:00 node-1 run.sh[123]:\nNov 23 10:00:00 d e [1]: f\n",
	 "a\n  b [1]: c\n\nd e [1]: f\n"},
	{"stamps-of-a-part",
	 "+ ./run\n10:00:00 {\n10:00:00   \"a\": 1\n\n10:00:01 }\n+ ./other\nb\nc\n[10:00:02] d\n"
	 "[10:00:02]   e\n[10:00:02] f\ng\n2024-05-01 10:00:03 h\n2024-05-01 10:00:03 i\n"
	 "2024-05-01 10:00:04 j",
	 "+ ./run\n{\n  \"a\": 1\n\n}\n+ ./other\nb\nc\nd\n  e\nf\ng\nh\ni\nj"},
	{"stamps-of-few-lines",
	 "+ ./run\n10:00:00 a\n10:00:00 b\nc\nd\n10:00:00 e\n[10:00:00] f\n10:00:00 g\n",
	 "+ ./run\n10:00:00 a\n10:00:00 b\nc\nd\n10:00:00 e\n[10:00:00] f\n10:00:00 g\n"},
	{"elapsed-stamps-of-a-part",
	 "a\nb\nc\nd\n00:00:01.234  e\n00:00:01.234    f\n00:00:01.234  g\n",
	 "a\nb\nc\nd\ne\n  f\ng\n"},
	{"stamps-behind-stamps",
	 "[2024-05-01T10:00:00.123Z] 10:00:00 a\n[2024-05-01T10:00:00.124Z] 10:00:00   b\n",
	 "a\n  b\n"},
	{"levels-of-a-part",
	 "a\n2024-05-01 10:00:00,123 INFO b\n2024-05-01 10:00:00,123 INFO c\n"
	 "2024-05-01 10:00:00,123 INFO d\ne\n",
	 "a\n2024-05-01 10:00:00,123 INFO b\n2024-05-01 10:00:00,123 INFO c\n"
	 "2024-05-01 10:00:00,123 INFO d\ne\n"},
	{"clock-in-a-table", "10:00:00 cpu 1\ntotal\nx\ny\n", "10:00:00 cpu 1\ntotal\nx\ny\n"},
	{"dates-of-loadtest",
	 "[Fri Mar 02 2018 10:53:31 GMT] a\n",
	 "[Fri Mar 02 2018 10:53:31 GMT] a\n"},
	{"no-stages",
	 "[ ID] Interval\n[  5] 0.00-1.00\n[SUM] 0.00-1.00\n[SUM] 1.00-2.00\n[SUM] 2-3\n",
	 "[ ID] Interval\n[  5] 0.00-1.00\n[SUM] 0.00-1.00\n[SUM] 1.00-2.00\n[SUM] 2-3\n"},
	{"dates",
	 "2024-05-01 10:00:00,123 {\n2024-05-01 10:00:00.124   \"a\": 1\n2024-05-01 10:00:00 \n"
	 "2024-05-01 10:00:01 }\n",
	 "{\n  \"a\": 1\n\n}\n"},
	{"dates-of-a-logger",
	 "2024-05-01 10:00:00,123 INFO a\n2024-05-01 10:00:00,124 WARN b\n",
	 "2024-05-01 10:00:00,123 INFO a\n2024-05-01 10:00:00,124 WARN b\n"},
	{"dates-of-some-lines",
	 "2024-05-01 10:00:00 a\nb\n2024-05-01 10:00:00 c\n",
	 "2024-05-01 10:00:00 a\nb\n2024-05-01 10:00:00 c\n"},
	{"bracketed-clocks",
	 "[10:00:00] {\n[10:00:00]   \"a\": 1\n[10:00:01] }\n",
	 "{\n  \"a\": 1\n}\n"},
	{"steps",
	 "[10:00:00] : Step 1/2: Run (1s)\n[10:00:00] :\t [Step 1/2] a\n"
	 "[10:00:00]W:\t [Step 1/2]   b\n[10:00:00][Step 1/2] c\n[10:00:00]i: d\n",
	 "Step 1/2: Run (1s)\na\n  b\nc\nd\n"},
	{"tables", "a | 1\nbcd | 2\nefghi | 3\n", "a | 1\nbcd | 2\nefghi | 3\n"},
	{"threads-and-blocks",
	 "[source,sh]\n----\n[thread  0] a\n[thread  1] b\n----\n",
	 "[source,sh]\n----\n[thread  0] a\n[thread  1] b\n----\n"},
};

static void
test_case(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	g_autoptr(GPtrArray) texts = split(cases[i].log, strlen(cases[i].log));
	g_autofree char *text = get_text(texts, 0);
	g_assert_cmpuint(texts->len, ==, 1);
	g_assert_cmpstr(text, ==, cases[i].text);
}

/* the lines of stages that ran side by side are put together, and know where they were */
static void
test_stages(void)
{
	static const char log[] = "[Pipeline] parallel\n"
				  "[linux] [2024-05-01T10:00:00.123Z] a\n"
				  "[2024-05-01T10:00:00.123Z] [windows] b\n"
				  "[linux] c\n"
				  "[windows] d\n"
				  "[linux] e";
	g_autoptr(GPtrArray) texts = split(log, strlen(log));
	static const struct {
		const char *stage;
		const char *text;
		guint last_line;
	} expected[] = {{"", "[Pipeline] parallel\n", 1},
			{"linux", "a\nc\ne", 6},
			{"windows", "b\nd\n", 5}};
	g_assert_cmpuint(texts->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < texts->len; i++) {
		PerfdashLogText *one = g_ptr_array_index(texts, i);
		g_autofree char *text = get_text(texts, i);
		g_assert_cmpstr(one->stage, ==, expected[i].stage);
		g_assert_cmpstr(text, ==, expected[i].text);
		g_assert_cmpuint(perfdash_log_text_get_line(one, one->lines->len),
				 ==,
				 expected[i].last_line);
	}
}

/* Docker Compose says which containers it attaches to, but not before what they printed earlier */
static void
test_containers(void)
{
	static const struct {
		const char *log;
		guint n_texts;
		const char *last;
	} logs[] = {
		{"web-1  | 10:00 a\nwrk-1  | {\nweb-1  | b\nwrk-1  |   \"a\": 1\nwrk-1  | }\n",
		 3,
		 "{\n  \"a\": 1\n}\n"},
		{"+ docker compose up\nAttaching to web-1, wrk-1\n\x1b[36mwrk-1  |\x1b[0m a\nb\n"
		 "c\nname | a\nwrk-1  | d\nwrk-1 exited with code 0\n",
		 2,
		 "a\nd\n"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(logs); i++) {
		g_autoptr(GPtrArray) texts = split(logs[i].log, strlen(logs[i].log));
		g_assert_cmpuint(texts->len, ==, logs[i].n_texts);
		g_autofree char *text = get_text(texts, texts->len - 1);
		g_assert_cmpstr(text, ==, logs[i].last);
	}
}

/* one line is enough when there is no other, or Jenkins says that there are branches */
static void
test_few_stages(void)
{
	static const struct {
		const char *log;
		guint n_texts;
		const char *last;
	} logs[] = {
		{"[perf tests] {\"a\": 1}\n", 2, "{\"a\": 1}\n"},
		{"[lint] ok\n[perf] {}\n", 3, "{}\n"},
		{"[Pipeline] { (Branch: perf)\na\nb\nc\n[perf] d\ne\n", 2, "d\n"},
		{"[perf] d\na\nb\nc\n", 1, "[perf] d\na\nb\nc\n"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(logs); i++) {
		g_autoptr(GPtrArray) texts = split(logs[i].log, strlen(logs[i].log));
		g_assert_cmpuint(texts->len, ==, logs[i].n_texts);
		g_autofree char *text = get_text(texts, texts->len - 1);
		g_assert_cmpstr(text, ==, logs[i].last);
	}
}

static void
test_encodings(void)
{
	static const char *const encodings[] = {"UTF-16", "UTF-16LE", "UTF-16BE"};
	static const char expected[] = "timeStamp,elapsed,label,success\n1,2,caf\xc3\xa9,true\n";
	for (guint i = 0; i < G_N_ELEMENTS(encodings); i++) {
		gsize size;
		g_autofree char *log =
			g_convert(expected, -1, encodings[i], "UTF-8", NULL, &size, NULL);
		g_autoptr(GPtrArray) texts = split(log, size);
		g_autofree char *text = get_text(texts, 0);
		g_assert_cmpstr(text, ==, expected);
	}
}

/* a table of boxes, as autocannon draws it, of which most lines are neither letters nor blanks */
static void
test_boxes(void)
{
	g_autoptr(GString) expected = g_string_new(NULL);
	for (guint i = 0; i < 600; i++)
		g_string_append(expected, i % 300 == 299 ? "\n" : "\xe2\x94\x80");
	for (guint i = 0; i < 100; i++)
		g_string_append(expected, "\xe2\x94\x82 Latency \xe2\x94\x82 12 ms \xe2\x94\x82\n");
	for (guint i = 0; i < 2; i++) {
		gsize size;
		const char *encoding = i == 0 ? "UTF-16LE" : "UTF-16BE";
		g_autofree char *log =
			g_convert(expected->str, -1, encoding, "UTF-8", NULL, &size, NULL);
		g_autoptr(GPtrArray) texts = split(log, size);
		g_autofree char *text = get_text(texts, 0);
		g_assert_cmpstr(text, ==, expected->str);
	}
}

static GBytes *
compress(GBytes *bytes)
{
	g_autoptr(GConverter)
		compressor = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
	g_autoptr(GInputStream) plain = g_memory_input_stream_new_from_bytes(bytes);
	g_autoptr(GInputStream) packed = g_converter_input_stream_new(plain, compressor);
	g_autoptr(GOutputStream) all = g_memory_output_stream_new_resizable();
	g_assert_cmpint(g_output_stream_splice(all,
					       packed,
					       G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
					       NULL,
					       NULL),
			>,
			0);
	return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(all));
}

static void
test_compressed(void)
{
	g_autoptr(GBytes) plain = g_bytes_new_static("\x1b[1ma\n", 6);
	g_autoptr(GBytes) once = compress(plain);
	g_autoptr(GBytes) twice = compress(once);
	g_autoptr(GPtrArray) texts = split(g_bytes_get_data(twice, NULL), g_bytes_get_size(twice));
	g_autofree char *text = get_text(texts, 0);
	g_assert_cmpstr(text, ==, "a\n");
}

/* a little file that unpacks to a gigabyte, and one that is cut off */
static void
test_refused(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *zeros = g_malloc0(1 << 30);
	g_autoptr(GBytes) large = g_bytes_new_static(zeros, 1 << 30);
	g_autoptr(GBytes) bomb = compress(large);
	gboolean is_cut = FALSE;
	g_assert_null(perfdash_log_text_split(bomb, &is_cut, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_OVER_LIMIT);
	g_clear_error(&error);
	g_autoptr(GBytes) cut = g_bytes_new_from_bytes(bomb, 0, 1000);
	g_autoptr(GPtrArray) texts = perfdash_log_text_split(cut, &is_cut, &error);
	g_assert_no_error(error);
	g_assert_nonnull(texts);
	g_assert_true(is_cut);
}

/* a frame of two blocks, as zstd writes those that cannot be made smaller */
static void
test_cut_zstd(void)
{
	static const char frame[] = "\x28\xb5\x2f\xfd\x20\x08\x20\x00\x00"
				    "abc\n\x21\x00\x00"
				    "def\n";
	gboolean is_cut = FALSE;
	for (gsize n = 4; n < sizeof(frame) - 1; n++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) log = g_bytes_new_static(frame, n);
		g_autoptr(GPtrArray) texts = perfdash_log_text_split(log, &is_cut, &error);
		if (n <= 9) {
			g_assert_null(texts);
			g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN);
			g_assert_nonnull(strstr(error->message, "cut off"));
			continue;
		}
		g_autofree char *text = get_text(texts, 0);
		g_assert_true(is_cut);
		g_assert_true(g_str_has_prefix("abc\ndef\n", text) && *text == 'a');
	}
}

/* a log to which nothing was done is not copied */
static void
test_not_copied(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("a,b\r\n1,2\r\n", 10);
	gboolean is_cut = FALSE;
	g_autoptr(GPtrArray) texts = perfdash_log_text_split(bytes, &is_cut, NULL);
	PerfdashLogText *text = g_ptr_array_index(texts, 0);
	g_assert_true(g_bytes_get_data(text->bytes, NULL) == g_bytes_get_data(bytes, NULL));
}

/* takes no time that grows with the square of their number */
static void
test_many_stages(void)
{
	const guint n = 300000;
	g_autoptr(GString) log = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(log, "[s%u] x\n", i);
	g_autoptr(GPtrArray) texts = split(log->str, log->len);
	g_assert_cmpuint(texts->len, ==, n + 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/log-text/%s", cases[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_case);
	}
	g_test_add_func("/log-text/stages", test_stages);
	g_test_add_func("/log-text/few-stages", test_few_stages);
	g_test_add_func("/log-text/containers", test_containers);
	g_test_add_func("/log-text/many-stages", test_many_stages);
	g_test_add_func("/log-text/encodings", test_encodings);
	g_test_add_func("/log-text/boxes", test_boxes);
	g_test_add_func("/log-text/compressed", test_compressed);
	g_test_add_func("/log-text/refused", test_refused);
	g_test_add_func("/log-text/cut-zstd", test_cut_zstd);
	g_test_add_func("/log-text/not-copied", test_not_copied);
	return g_test_run();
}
