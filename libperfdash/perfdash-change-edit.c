/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-edit-private.h"

#include <string.h>

#include "perfdash-change-event-private.h"
#include "perfdash-change-private.h"
#include "perfdash-error.h"

#define MAX_LINE 200
#define MAX_LINK 2000
#define MAX_NOTE 10000

typedef enum {
	FIELD_STATE,
	FIELD_REASON,
	FIELD_OWNER,
	FIELD_NOTE,
	FIELD_LINK,
	N_FIELDS,
} Field;

static const struct {
	const char *name;
	glong max_length; /* characters */
} fields[N_FIELDS] = {
	{"state", MAX_LINE},
	{"reason", MAX_LINE},
	{"owner", MAX_LINE},
	{"note", MAX_NOTE},
	{"link", MAX_LINK},
};

struct _PerfdashChangeEdit {
	GObject parent_instance;
	char *who;
	char *values[N_FIELDS]; /* NULL: stays as it is */
	gboolean has_run;
	gint64 run;
};

/**
 * PerfdashChangeEdit:
 *
 * What a person says of changes: what it does not set stays as it is.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE(PerfdashChangeEdit, perfdash_change_edit, G_TYPE_OBJECT)

static void
perfdash_change_edit_finalize(GObject *object)
{
	PerfdashChangeEdit *self = PERFDASH_CHANGE_EDIT(object);
	g_free(self->who);
	for (guint i = 0; i < N_FIELDS; i++)
		g_free(self->values[i]);
	G_OBJECT_CLASS(perfdash_change_edit_parent_class)->finalize(object);
}

static void
perfdash_change_edit_class_init(PerfdashChangeEditClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_change_edit_finalize;
}

static void
perfdash_change_edit_init(PerfdashChangeEdit *self)
{
}

/**
 * perfdash_change_edit_new:
 * @who: who says it, for the history
 *
 * Returns: (transfer full): an edit that sets nothing yet
 *
 * Since: 0.1
 */
PerfdashChangeEdit *
perfdash_change_edit_new(const char *who)
{
	g_return_val_if_fail(who != NULL, NULL);
	PerfdashChangeEdit *self = g_object_new(PERFDASH_TYPE_CHANGE_EDIT, NULL);
	self->who = g_strdup(who);
	return self;
}

static gboolean
refuse(GError **error, const char *field, const char *what)
{
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID, "%s: %s", field, what);
	return FALSE;
}

static gboolean
check_state(const char *value, GError **error)
{
	PerfdashChangeState state;
	if (!perfdash_change_state_from_string(value, &state) ||
	    state == PERFDASH_CHANGE_STATE_HISTORIC)
		return refuse(error, "state", "it is none of new, acknowledged, ignored");
	if (state == PERFDASH_CHANGE_STATE_NEW || state == PERFDASH_CHANGE_STATE_ACKNOWLEDGED ||
	    state == PERFDASH_CHANGE_STATE_IGNORED)
		return TRUE;
	return refuse(error,
		      "state",
		      "the analysis sees by itself what is fixed, withdrawn or unsure; use new, "
		      "acknowledged or ignored");
}

static gboolean
check_link(const char *value, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
	if (*value == '\0' || g_str_equal(scheme, "https") || g_str_equal(scheme, "http"))
		return TRUE;
	return refuse(error, "link", "it is not an address that begins with https:// or http://");
}

static gboolean
check(Field field, const char *value, GError **error)
{
	const char *name = fields[field].name;
	if (!g_utf8_validate(value, -1, NULL))
		return refuse(error, name, "it is not UTF-8");
	if (g_utf8_strlen(value, -1) > fields[field].max_length)
		return refuse(error, name, "it is too long");
	for (const char *p = value; field != FIELD_NOTE && *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			return refuse(error, name, "it is more than one line");
	}
	if (field == FIELD_STATE)
		return check_state(value, error);
	return field != FIELD_LINK || check_link(value, error);
}

/**
 * perfdash_change_edit_set:
 * @self: an edit
 * @field: `state` (`new`, `acknowledged` or `ignored`), `reason`, `owner`, `note` or `link`
 * @value: what it shall be; "" for nothing
 * @error: return location for an error, or %NULL
 *
 * Whoever ignores a change says why: the reason stays when the state does.
 *
 * Returns: whether that can be set; else %PERFDASH_ERROR_INVALID
 *
 * Since: 0.1
 */
gboolean
perfdash_change_edit_set(PerfdashChangeEdit *self,
			 const char *field,
			 const char *value,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_CHANGE_EDIT(self), FALSE);
	g_return_val_if_fail(field != NULL && value != NULL, FALSE);
	for (guint i = 0; i < N_FIELDS; i++) {
		if (!g_str_equal(field, fields[i].name))
			continue;
		if (!check(i, value, error))
			return FALSE;
		perfdash_change_set_text(&self->values[i], value);
		return TRUE;
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "\"%.64s\" is none of state, reason, owner, note, link, run",
		    field);
	return FALSE;
}

/**
 * perfdash_change_edit_set_run:
 * @self: an edit
 * @run: the id of the run that is the first of the new level, or 0 for the one that is found
 *
 * Moves a change: the analysis keeps it there.
 *
 * Since: 0.1
 */
void
perfdash_change_edit_set_run(PerfdashChangeEdit *self, gint64 run)
{
	g_return_if_fail(PERFDASH_IS_CHANGE_EDIT(self));
	self->has_run = TRUE;
	self->run = run;
}

gint64
perfdash_change_edit_get_run(PerfdashChangeEdit *self, gboolean *is_set)
{
	*is_set = self->has_run;
	return self->run;
}

static void
add_event(PerfdashChangeEdit *self,
	  GPtrArray *events,
	  gint64 now,
	  const char *what,
	  const char *value)
{
	g_ptr_array_add(events, perfdash_change_event_new(now, self->who, what, value));
}

static void
apply_texts(PerfdashChangeEdit *self, PerfdashChange *change, gint64 now, GPtrArray *events)
{
	char **const texts[N_FIELDS] = {NULL,
					&change->reason,
					&change->owner,
					&change->note,
					&change->link};
	for (guint i = FIELD_REASON; i < N_FIELDS; i++) {
		if (self->values[i] == NULL || g_str_equal(self->values[i], *texts[i]))
			continue;
		perfdash_change_set_text(texts[i], self->values[i]);
		add_event(self, events, now, fields[i].name, self->values[i]);
	}
}

static gboolean
apply_state(PerfdashChangeEdit *self,
	    PerfdashChange *change,
	    gint64 now,
	    GPtrArray *events,
	    GError **error)
{
	PerfdashChangeState state = change->state;
	if (self->values[FIELD_STATE] != NULL)
		perfdash_change_state_from_string(self->values[FIELD_STATE], &state);
	if (state == PERFDASH_CHANGE_STATE_IGNORED && *change->reason == '\0')
		return refuse(error, "reason", "say why the change is ignored");
	if (state != change->state)
		add_event(self, events, now, "state", self->values[FIELD_STATE]);
	change->state = state;
	if (state != PERFDASH_CHANGE_STATE_IGNORED)
		perfdash_change_set_text(&change->reason, "");
	return TRUE;
}

static gboolean
find_run(PerfdashSeries *series, gint64 run, gsize *index)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	for (gsize i = 0; i < n; i++) {
		if (runs[i] == run) {
			*index = i;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
apply_run(PerfdashChangeEdit *self,
	  PerfdashChange *change,
	  PerfdashSeries *series,
	  gint64 now,
	  GPtrArray *events,
	  GError **error)
{
	gint64 run = self->run != 0 ? self->run : change->found_run;
	g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, self->run);
	gsize index;
	if (!self->has_run)
		return TRUE;
	if (!find_run(series, run, &index) || index == 0)
		return refuse(error, "run", "the series has no such run with another before it");
	if (change->is_moved != (self->run != 0) || change->run != run)
		add_event(self, events, now, "run", value);
	change->is_moved = self->run != 0;
	perfdash_change_set_place(change, series, index);
	return TRUE;
}

gboolean
perfdash_change_edit_apply(PerfdashChangeEdit *self,
			   PerfdashChange *change,
			   PerfdashSeries *series,
			   gint64 now,
			   GPtrArray *events,
			   GError **error)
{
	apply_texts(self, change, now, events);
	if (!apply_state(self, change, now, events, error) ||
	    !apply_run(self, change, series, now, events, error))
		return FALSE;
	change->is_touched = TRUE;
	return TRUE;
}
