# SPDX-License-Identifier: LGPL-2.1-or-later
"""The project's own files, for the checks of the tree."""

import os
import re
import sys
import tempfile
from pathlib import Path

import tap

FOREIGN = re.compile(r'(build.*|\.(?!ci$).*|node_modules|__pycache__)')


class Tree:
    def __init__(self, root):
        self.root = Path(root)

    def files(self, *suffixes):
        """Paths below the root, relative to it, in order."""
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not FOREIGN.fullmatch(name))
            here = Path(folder).relative_to(self.root)
            found += [here / name for name in sorted(names) if name.endswith(suffixes or '')]
        return found

    def lines(self, path):
        text = (self.root / path).read_text(encoding='utf-8', errors='replace')
        return text.split('\n')

    def search(self, pattern, *suffixes):
        """(path, line number, match) for each line that the expression is found in."""
        expression = re.compile(pattern)
        for path in self.files(*suffixes):
            for number, line in enumerate(self.lines(path), 1):
                if match := expression.search(line):
                    yield path, number, match


def main(rules, violations):
    """Checks the tree the caller lives in; with --self-test, that each rule finds what breaks it.

    rules maps a sentence to a function (tree) -> lines; violations lists (sentence, path, text of the file).
    """
    if '--self-test' in sys.argv:
        unproven = rules.keys() - {sentence for sentence, _, _ in violations}
        assert not unproven, f'no violation for: {unproven}'
        tap.run([_proof(rules, *violation) for violation in violations])
    here = Tree(Path(__file__).resolve().parent.parent)
    tap.run([(sentence, lambda rule=rule: rule(here)) for sentence, rule in rules.items()])


def _proof(rules, sentence, path, text):
    def prove():
        with tempfile.TemporaryDirectory() as root:
            file = Path(root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding='utf-8')
            if not any(str(path) in line for line in rules[sentence](Tree(root))):
                yield f'{path} is not found'

    return f'fires: {sentence} ({path})', prove
