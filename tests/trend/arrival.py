# SPDX-License-Identifier: LGPL-2.1-or-later
"""How soon a change is told, how often for nothing, and whether what was told stays."""

import dataclasses

from detector import FIRST, let_arrive
from score import MARGIN


@dataclasses.dataclass
class Arrival:
    delays: list = dataclasses.field(default_factory=list)  # results of the new level until a true change is told
    changes: int = 0    # true ones
    results: int = 0
    false: int = 0      # told, and there is none
    asked_again: int = 0  # old changes, at each new result
    vanished: int = 0
    moved: int = 0

    def per_1000(self, count, of):
        return 1000 * count / max(1, of)

    @property
    def false_per_1000(self):
        return self.per_1000(self.false, self.results)

    @property
    def unsteady_per_1000(self):
        return self.per_1000(self.vanished + self.moved, self.asked_again)

    def delay(self, share):
        delays = sorted(self.delays)
        return delays[int(share * len(delays))]

    def watch(self, truth, answers):
        told, seen, before = [], set(), []
        self.changes += len(truth)
        self.results += len(answers)
        for n, places in enumerate(answers, FIRST):
            self.compare(before, places)
            before = places
            for place in places:
                if any(abs(place - old) <= MARGIN for old in told):
                    continue
                told.append(place)
                near = [change for change in truth if abs(change - place) <= MARGIN]
                self.false += not near
                self.delays += [n - change for change in near[:1] if change not in seen]
                seen.update(near[:1])

    def compare(self, before, places):
        for place in before:
            self.asked_again += 1
            nearest = min((abs(place - other) for other in places), default=MARGIN + 1)
            self.vanished += nearest > MARGIN
            self.moved += 0 < nearest <= MARGIN


def measure(series):
    arrival = Arrival()
    answers = let_arrive(series)
    for one in series:
        arrival.watch(one['truth'], answers[one['id']])
    return arrival
