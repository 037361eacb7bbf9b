#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Do the named queries, their comments and the C that uses them agree?"""

import re

import tree

NAME = r'^-- name: (\w+)$'
USE = r'perfdash_database_query\([^;]*?"(\w+)"\)'


def queries(files):
    """(path, name, in, out, sql) for each named query."""
    for path in files.files('.sql'):
        parts = re.split(NAME, '\n'.join(files.lines(path)), flags=re.M)[1:]
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            comment, _, sql = body.strip().partition('\n')
            match = re.fullmatch(r'-- in: (.+); out: (.+)', comment)
            yield path, name, match and match[1], match and match[2], sql


def used(files):
    for path in files.files('.c'):
        for name in re.findall(USE, '\n'.join(files.lines(path)), flags=re.S):
            yield path, name


def missing(files):
    known = {name for _, name, *_ in queries(files)}
    for path, name in used(files):
        if name not in known:
            yield f'{path}: uses query {name}, which does not exist'


def unused(files):
    wanted = {name for _, name in used(files)}
    for path, name, *_ in queries(files):
        if name not in wanted:
            yield f'{path}: nobody uses {name}'


def undocumented(files):
    for path, name, takes, _, sql in queries(files):
        n_taken = 0 if takes in (None, 'nothing') else len(takes.split(', '))
        if takes is None or n_taken != len(set(re.findall(r'\?\d+', sql))):
            yield f'{path}: {name} does not say what it takes and gives'


RULES = {
    'every query that is used exists': missing,
    'every query is used': unused,
    'every query says what it takes and gives': undocumented,
}
SQL = '-- name: {}\n-- in: id; out: x\nSELECT x FROM t WHERE id = ?1;\n'
VIOLATIONS = [
    ('every query that is used exists', 'a/b.c', '\tx(perfdash_database_query(database, "nope"));\n'),
    ('every query is used', 'a/b.sql', SQL.format('nobody')),
    ('every query says what it takes and gives', 'a/b.sql', SQL.format('n').replace('id = ?1', 'id = ?1 + ?2')),
    ('every query says what it takes and gives', 'a/c.sql', SQL.format('n').replace('-- in', '-- takes')),
]

if __name__ == '__main__':
    tree.main(RULES, VIOLATIONS)
