#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a reviewer would say every time, said by a program."""

import ast
import re

import tree

C = ('.c', '.h', '.h.in')
SCRIPTS = ('.py', '.ts', '.tsx', '.mjs')
SOURCES = (*C, *SCRIPTS, '.sh', '.css', '.sql', 'meson.build')
MOST_LINES = 600
LONGEST_FUNCTION = 80


def is_shell(files, path):
    return not path.suffix and files.lines(path)[0].startswith('#!')


def unlicensed(files):
    sources = [path for path in files.files() if path.name.endswith(SOURCES) or is_shell(files, path)]
    for path in sources:
        head = files.lines(path)
        line = head[1] if head[0].startswith('#!') and len(head) > 1 else head[0]
        if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in line:
            yield f'{path}:1: does not begin with its SPDX line'


def gotos(files):
    for path, number, _ in files.search(r'^\s*goto\s+\w+;', *C):
        yield f'{path}:{number}: goto'


def long_c_functions(files):
    for path in files.files('.c'):
        begin = 0
        for number, line in enumerate(files.lines(path), 1):
            if line == '{':
                begin = number
            elif line == '}' and begin:
                if number - begin > LONGEST_FUNCTION:
                    yield f'{path}:{begin}: a function of {number - begin} lines'
                begin = 0


def long_python_functions(files):
    for path in files.files('.py'):
        for node in ast.walk(ast.parse('\n'.join(files.lines(path)))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > LONGEST_FUNCTION:
                yield f'{path}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno} lines'


def long_functions(files):
    yield from long_c_functions(files)
    yield from long_python_functions(files)


def long_files(files):
    for path in files.files(*C, *SCRIPTS, '.css'):
        n_lines = len(files.lines(path)) - 1
        if n_lines > MOST_LINES:
            yield f'{path}: has {n_lines} lines'


def unfinished(files):
    words = '|'.join(['TO' + 'DO', 'FIX' + 'ME', 'X' * 3, 'HA' + 'CK'])  # this file is searched, too
    for path, number, match in files.search(rf'\b({words})\b', *SOURCES):
        yield f'{path}:{number}: {match[1]}'


def untidy_blanks(files):
    for path, number, _ in files.search(r'[ \t]+$', *SOURCES):
        yield f'{path}:{number}: blanks at the end of the line'
    for path, number, _ in files.search(r'\t', *SCRIPTS, '.css', '.sql', 'meson.build'):
        yield f'{path}:{number}: a tab'
    for path in files.files(*SOURCES):
        lines = files.lines(path)
        if lines[-1] or (len(lines) > 1 and not lines[-2]):
            yield f'{path}:{len(lines)}: does not end with one line end'


def aborts(files):
    for path, number, match in files.search(r'\b(g_error|abort)\s*\(', '.c'):
        if path.parts[0] != 'tests':
            yield f'{path}:{number}: {match[1]}() would take the whole program down'


def unbounded(files):
    names = r'strcpy|strcat|sprintf|vsprintf|gets|atoi|atof|alloca|g_alloca'
    for path, number, match in files.search(rf'(?<![\w>.])({names})\s*\(', *C):
        yield f'{path}:{number}: {match[1]}() knows no bounds'


def drawers(files):
    """A file that is named after nothing is a drawer for everything."""
    for path in files.files():
        if re.search(r'(?<![a-z])(utils?|commons?|helpers?|misc)(?![a-z])', str(path).lower()):
            yield f'{path}: is named after nothing'


RULES = {
    'every source begins with its SPDX line': unlicensed,
    'no goto': gotos,
    f'no function is longer than {LONGEST_FUNCTION} lines': long_functions,
    f'no file is longer than {MOST_LINES} lines': long_files,
    'nothing is marked as unfinished': unfinished,
    'no tabs but in C and shell, no blanks at line ends': untidy_blanks,
    'nothing aborts but tests': aborts,
    'no function without bounds': unbounded,
    'every file is named after something': drawers,
}
LONG = '{\n' + '\tx();\n' * LONGEST_FUNCTION + '}\n'
VIOLATIONS = [
    (unlicensed, 'daemon/pdd-run.c', '/* a file */\n'),
    (unlicensed, 'tools/run', '#!/bin/sh\necho\n'),
    (gotos, 'cli/main.c', '\tgoto out;\n'),
    (long_functions, 'cli/main.c', 'int\nmain(void)\n' + LONG),
    (long_functions, 'tests/check.py', 'def main():\n' + '    x()\n' * (LONGEST_FUNCTION + 1)),
    (long_files, 'web/src/app.tsx', 'x;\n' * (MOST_LINES + 1)),
    (unfinished, 'web/src/app.tsx', '// TO' + 'DO: later\n'),
    (untidy_blanks, 'web/src/app.tsx', '\tx;\n'),
    (untidy_blanks, 'cli/main.c', 'int x; \n'),
    (untidy_blanks, 'cli/main.c', 'int x;'),
    (aborts, 'daemon/pdd-server.c', '\tg_error("no");\n'),
    (unbounded, 'plugins/wrk/wrk.c', '\tn = atoi(text);\n'),
    (drawers, 'libperfdash/perfdash-string-utils.c', '\n'),
    (drawers, 'web/src/common/index.ts', '\n'),
]
SENTENCES = {rule: sentence for sentence, rule in RULES.items()}

if __name__ == '__main__':
    tree.main(RULES, [(SENTENCES[rule], path, text) for rule, path, text in VIOLATIONS])
