# SPDX-License-Identifier: LGPL-2.1-or-later
"""The answers of docs/api.md as patterns, and what is wrong with a value that should be like one.

A pattern is a type, a compiled expression for texts, a list of one pattern for each element, a
dictionary of all members (a name that ends in ? may be missing), {...: pattern} for a dictionary of any
members, or a tuple of alternatives.
"""

import re

TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z')
SERIES_ID = re.compile(r'[0-9a-f]{16}')
DIGEST = re.compile(r'[0-9a-f]{64}')
DIRECTION = re.compile(r'lower|higher|none')
OUTCOME = re.compile(r'ok|partial|failed|no-result')
NUMBER = (int, float)
CURSOR = (str, None)
TEXTS = {...: str}

ESTIMATE = {'value': NUMBER, 'low': NUMBER, 'high': NUMBER}
SHARE = {'value': (*NUMBER, None), 'low': (*NUMBER, None), 'high': (*NUMBER, None)}  # null where the level before is 0
SERIES = {
    'id': SERIES_ID,
    'labels': TEXTS,
    'unit': str,
    'direction': DIRECTION,
    'n': int,
    'last': ({'value': NUMBER, 'time': TIME, 'run': int, 'build': str, 'revision': str}, None),
    'week': ({'before': NUMBER, 'after': NUMBER, 'change': NUMBER}, None),
    'baseline': {
        'verdict': re.compile(r'worse|better|changed|same|not-enough-data'),
        'changes': int,
        'change': (SHARE, None),
        'before': (ESTIMATE, None),
        'after': (ESTIMATE, None),
    },
    'open_change': (
        {'id': int, 'state': re.compile(r'new|acknowledged'), 'direction': re.compile(r'regression|improvement|neither'), 'time': TIME},
        None,
    ),
    'spark': [NUMBER],
}
EVENT = {'time': TIME, 'who': str, 'what': str, 'value': str}
RUN = {
    'id': int,
    'labels': TEXTS,
    'build': str,
    'revision': str,
    'url': str,
    'started_at': TIME,
    'outcome': OUTCOME,
    'parser': str,
    'n_results': int,
    'log': {'id': int, 'digest': DIGEST, 'name': str},
    'hidden': ({'reason': re.compile('.+'), 'who': re.compile('.+'), 'time': TIME}, None),
}
RESULT = {
    'series': SERIES_ID,
    'benchmark': str,
    'metric': str,
    'labels': TEXTS,
    'unit': str,
    'direction': DIRECTION,
    'value': NUMBER,
    'stats': {...: NUMBER},
    'replicates': [NUMBER],
}
ERROR_CLASS = re.compile(r'unreadable|broken|crashed|timed-out|over-limit|protocol|forbidden')
LOG = {
    'id': int,
    'digest': DIGEST,
    'name': str,
    'size': int,
    'received_at': TIME,
    'source': str,
    'outcome': OUTCOME,
    'parser': str,
    'error': ({'class': ERROR_CLASS, 'message': str}, None),
    'warnings': [str],
    'runs': [int],
    'replaced_by': (int, None),
    'removed_at': (TIME, None),
    'removed_reason': (str, None),
}
LABEL_VALUE = {'value': str, 'series': int}
LABELS = {'generation': int, 'items': [{'key': str, 'n_values': int, 'values': [LABEL_VALUE]}]}
LABEL_VALUES = {'generation': int, 'key': str, 'items': [LABEL_VALUE], 'next': CURSOR}
SERIES_PAGE = {'generation': int, 'total': int, 'matched': int, 'items': [SERIES], 'next': CURSOR}
BUDGET = {
    'name': str,
    'title': str,
    'match': str,
    'since': str,
    'now': str,
    'limit': NUMBER,
    'state': re.compile(r'kept|not-enough-data|unclear|exceeded'),
    'used': (SHARE, None),
    'series': {'exceeded': int, 'unclear': int, 'not_enough_data': int, 'kept': int, 'without_baseline': int},
}
BUDGET_ROW = {
    'id': (SERIES_ID, None),
    'labels': TEXTS,
    'unit': str,
    'direction': DIRECTION,
    'state': BUDGET['state'],
    'used': (SHARE, None),
    'comparison': ({'n_before': int, 'n_after': int, 'before': NUMBER, 'after': NUMBER, 'is_relative': bool, 'change': SHARE}, None),
    'p_adjusted': (*NUMBER, None),
    'runs_needed': (int, None),
    'drift_per_week': ({**ESTIMATE, 'is_relative': bool}, None),
    'used_up': ({'first': TIME, 'last': (TIME, None)}, None),
}
BUDGETS = {'generation': int, 'items': [{**BUDGET, 'worst': (BUDGET_ROW, None)}]}
BUDGET_DETAIL = {'generation': int, **BUDGET, 'matched': int, 'items': [BUDGET_ROW], 'next': CURSOR}
RATIO = ({'ratio': NUMBER, 'interval': ([NUMBER], None)}, None)
COMPARISONS = {
    'generation': int,
    'margin': NUMBER,
    'matched': int,
    'geometric_mean': {'lower': RATIO, 'higher': RATIO},
    'shared_runs': [int],
    'items': [
        {
            'labels': TEXTS,
            'unit': str,
            'direction': DIRECTION,
            'n_before': int,
            'n_after': int,
            'before': NUMBER,
            'after': NUMBER,
            'is_relative': bool,
            'change': (*NUMBER, None),
            'interval': ([NUMBER], None),
            'p': NUMBER,
            'p_adjusted': NUMBER,
            'delta': NUMBER,
            'verdict': re.compile(r'worse|better|changed|same|not-enough-data'),
            'runs_needed': (int, None),
        }
    ],
    'next': CURSOR,
}
SIZES = {
    'before': ESTIMATE,
    'after': ESTIMATE,
    'change': SHARE,
    'effect': NUMBER,
    'p': NUMBER,
    'confidence': re.compile('certain|very likely|likely|possible'),
    'direction': re.compile('regression|improvement|neither'),
    'outliers': int,
}
WHERE = {'id': SERIES_ID, 'labels': TEXTS, 'unit': str, 'direction': DIRECTION}
CHANGE = {
    **SIZES,
    'id': int,
    'series': WHERE,
    'sentence': re.compile('.+'),
    'state': re.compile('new|acknowledged|ignored|fixed|historic|withdrawn|unsure'),
    'reason': str,
    'owner': str,
    'note': str,
    'link': str,
    'fixed_run': (int, None),
    'detected_at': TIME,
    'detector': int,
    'run': int,
    'previous_run': int,
    'first_run': int,
    'last_run': int,
    'time': TIME,
    'build': str,
    'previous_build': str,
    'revision': str,
    'previous_revision': str,
    'moved': bool,
    'machine': bool,
    'control': bool,
    'p_adjusted': (*NUMBER, None),
}
PRECISION = {'right': int, 'wrong': int, 'value': (*NUMBER, None)}
CHANGES = {
    'generation': int,
    'matched': int,
    'precision': PRECISION,
    'items': [{**CHANGE, 'precision': PRECISION}],
    'next': CURSOR,
}
CAUSE = {'key': str, 'before': str, 'after': str, 'runs_before': int, 'runs_after': int}
TOLD_CHANGE = {**CHANGE, 'history': [EVENT]}
CHANGE_DETAIL = {**TOLD_CHANGE, 'causes': [CAUSE]}
NAMED = {'n': int, 'values': [str]}
CHANGE_GROUPS = {
    'generation': int,
    'matched': int,
    'items': [
        {
            'id': int,
            'sentence': re.compile('.+'),
            'suspect': re.compile('code|lab|machine|unclear'),
            'evidence': [re.compile('.+')],
            'from': TIME,
            'to': TIME,
            'build': str,
            'previous_build': str,
            'revision': str,
            'previous_revision': str,
            'labels': {key: NAMED for key in ('lab', 'project', 'suite', 'branch', 'benchmark', 'metric')},
            'changes': int,
            'regressions': int,
            'improvements': int,
            'controls': int,
            'ids': [int],
            'said': [{'state': CHANGE['state'], 'reason': str, 'owner': str, 'link': str, 'ids': [int]}],
            'worst': CHANGE,
            'spark': [NUMBER],
        }
    ],
    'next': CURSOR,
}
CHANGED = {'generation': int, 'changed': int}
TREND = {
    **WHERE,
    'generation': int,
    'n': int,
    'relative': bool,
    'noise': NUMBER,
    'correlation': NUMBER,
    'modes': int,
    'level': ESTIMATE,
    'drift_per_week': (ESTIMATE, None),
    'levels': [{'from': TIME, 'to': TIME, 'level': ESTIMATE}],
    'changes': [TOLD_CHANGE],
    'precision': PRECISION,
    'undecided': ({**SIZES, 'confidence': re.compile('undecided'), 'run': int, 'time': TIME, 'runs_needed': int}, None),
    'outliers': [int],
    'hidden': [
        {'run': int, 'time': TIME, 'build': str, 'value': NUMBER, 'reason': re.compile('.+'), 'who': re.compile('.+'), 'hidden_at': TIME},
    ],
}
POINTS = {
    'generation': int,
    'id': SERIES_ID,
    'labels': TEXTS,
    'unit': str,
    'direction': DIRECTION,
    'n': int,
    'sampled': bool,
    'times': [int],
    'values': [NUMBER],
    'runs': [int],
    'builds': [str],
    'revisions': [str],
    'outcomes': [OUTCOME],
}
RUNS = {'generation': int, 'items': [RUN], 'next': CURSOR}
RUN_DETAIL = {
    **RUN,
    'replaced_by': (int, None),
    'history': [EVENT],
    'environment': TEXTS,
    'parameters': TEXTS,
    'warnings': [str],
    'results': [RESULT],
    'log_removed_at': (TIME, None),
    'log_removed_reason': (str, None),
}
LOGS = {'generation': int, 'items': [LOG], 'next': CURSOR}
PUSHED = {'id': int, 'digest': DIGEST, 'outcome': OUTCOME, 'parser': str, 'runs': [int], 'warnings': [str]}
REPARSE_REPORT = {
    'preview': bool,
    'parsers': [{
        'parser_before': str,
        'parser': str,
        'logs': int,
        'logs_same': int,
        **{f'runs_{what}': int for what in ('same', 'changed', 'moved', 'appeared', 'vanished')},
        **{f'values_{what}': int for what in ('same', 'rounded', 'changed', 'moved', 'appeared', 'vanished')},
        'outcomes_changed': int,
        'warnings_before': int,
        'warnings': int,
    }],
    'examples': [{
        'what': re.compile(r'rounded|changed|moved|appeared|vanished'),
        'log': str,
        'digest': DIGEST,
        'series_before': (str, None),
        'value_before': (*NUMBER, None),
        'unit_before': (str, None),
        'series': (str, None),
        'value': (*NUMBER, None),
        'unit': (str, None),
    }],
    'n_missing': int,
    'missing': [{'log': str, 'digest': DIGEST, 'source': str, 'received_at': TIME}],
    'n_failures': int,
    'failures': [{'log': str, 'digest': DIGEST, 'message': str}],
    'orphans': int,
}
REPARSED = {'generation': int, 'log': LOG, 'report': REPARSE_REPORT}
REPARSE = {
    'id': (str, None),
    'state': re.compile(r'none|running|done|stopped|failed'),
    'preview': bool,
    'due': (re.compile(r'outdated|failed|all'), None),
    'source': (str, None),
    'parser': (str, None),
    'since': (TIME, None),
    'started_at': (TIME, None),
    'ended_at': (TIME, None),
    'logs': int,
    'done': int,
    'error': (str, None),
    'report': (REPARSE_REPORT, None),
}
STATUS = {
    'version': re.compile(r'\d+\.\d+\.\d+'),
    'generation': int,
    'title': str,
    'notice': str,
    'series': int,
    'runs': int,
    'results': int,
    'last_result': (TIME, None),
}
CAUSE = re.compile('unreachable|refused|gone|busy|broken|configuration|no parser|job red|stopped')
RED_JOB = {'job': str, 'build': int, 'result': re.compile('FAILURE|ABORTED|NOT_BUILT'), 'time': TIME, 'url': str, 'builds': int}
SOURCE = {
    'name': str,
    'type': str,
    'location': str,
    'labs': [str],
    'state': re.compile('watching|silent|error'),
    'last_read': (TIME, None),
    'logs': int,
    'failed': int,
    'days': [{'date': re.compile(r'\d{4}-\d\d-\d\d'), 'logs': int, 'failed': int, 'results': int}],
    'failed_week': int,
    'last_poll': (TIME, None),
    'next_poll': (TIME, None),
    'poll_failures': int,
    'usual_seconds': (*NUMBER, None),
    'last_result': (TIME, None),
    'due': (TIME, None),
    'delay_seconds': (*NUMBER, None),
    'cause': (CAUSE, None),
    'error': (str, None),
    'failures': [LOG],
    'problems': [{'item': str, 'message': str, 'tries': int, 'retry_at': (TIME, None)}],
    'red_jobs': [RED_JOB],
}
SILENCE = {
    'cause': CAUSE,
    'sentence': str,
    'sources': [str],
    'labs': [str],
    'since': (TIME, None),
    'usual_seconds': (*NUMBER, None),
    'red_jobs': [RED_JOB],
}
SOURCES = {'silences': [SILENCE], 'items': [SOURCE]}
PARSER = {
    'name': str,
    'version': str,
    'description': str,
    'globs': [str],
    'reads': [re.compile('document|json|xml|console')],
    'kind': re.compile('module|key-file'),
    'path': str,
    'blocked': (str, None),
}
PARSERS = {'items': [PARSER]}
PROBLEM = {
    'type': re.compile(r'/problems/[a-z-]+'),
    'title': str,
    'status': int,
    'detail': re.compile(r'.+', re.DOTALL),
    'request_id': re.compile(r'[0-9a-f]{16}'),
    'digest?': DIGEST,
}


def member_names(pattern):
    """Of all dictionaries in a pattern, but for those of any members."""
    if isinstance(pattern, dict):
        for key, part in pattern.items():
            if key is not ...:
                yield key.removesuffix('?')
            yield from member_names(part)
    elif isinstance(pattern, (list, tuple)):
        for part in pattern:
            yield from member_names(part)


def dictionary_problems(value, pattern, where):
    if ... in pattern:
        for key, member in value.items():
            yield from problems(member, pattern[...], f'{where}.{key}')
        return
    known = {name.removesuffix('?'): (part, name.endswith('?')) for name, part in pattern.items()}
    yield from (f'{where}.{key}: is not documented' for key in value.keys() - known.keys())
    for key, (part, is_optional) in known.items():
        if key in value:
            yield from problems(value[key], part, f'{where}.{key}')
        elif not is_optional:
            yield f'{where}.{key}: is missing'


def is_like(value, pattern):
    if isinstance(pattern, re.Pattern):
        return isinstance(value, str) and pattern.fullmatch(value) is not None
    if pattern is None:
        return value is None
    return isinstance(value, pattern) and (pattern is bool or not isinstance(value, bool))


def problems(value, pattern, where=''):
    if isinstance(pattern, tuple):
        found = [list(problems(value, part, where)) for part in pattern]
        if all(found):
            yield from min(found, key=len)
    elif isinstance(pattern, dict) and isinstance(value, dict):
        yield from dictionary_problems(value, pattern, where)
    elif isinstance(pattern, list) and isinstance(value, list):
        for index, element in enumerate(value):
            yield from problems(element, pattern[0], f'{where}[{index}]')
    elif isinstance(pattern, (dict, list)) or not is_like(value, pattern):
        yield f'{where}: {value!r:.80} is not like {pattern}'
