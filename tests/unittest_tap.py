# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittests of a module and tells of them in TAP."""

import sys
import unittest


class TapResult(unittest.TestResult):
    """A line of TAP for each test."""

    def line(self, test, word, text=''):
        print(f'{word} {self.testsRun} - {test.id()}{text}', flush=True)

    def addSuccess(self, test):
        self.line(test, 'ok')

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line(test, 'ok', f' # SKIP {reason}')

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.explain(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.explain(test, error)

    def explain(self, test, error):
        self.line(test, 'not ok')
        for line in self._exc_info_to_string(error, test).splitlines():
            print('#', line)


def main(module):
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    print(f'1..{suite.countTestCases()}')
    sys.exit(not suite.run(TapResult()).wasSuccessful())
