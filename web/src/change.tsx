// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

import type { Direction, WeekChange } from './api';
import { formatChange, formatValue } from './unit';
import { judge } from './verdict';

interface ChangeProps {
  readonly week: WeekChange | null;
  readonly unit: string;
  readonly direction: Direction;
}

/** The change against the previous week: sign, amount, word; colour only repeats the word. */
export function WeekChangeText({ week, unit, direction }: ChangeProps): JSX.Element {
  if (week === null) return <span class="change none">nothing to compare</span>;
  const { judgement, word, sign } = judge(week.change, direction);
  const title = `Median of the last 7 days ${formatValue(week.after, unit)}, of the 7 days before ${formatValue(week.before, unit)}`;
  return (
    <span class={`change ${judgement}`} title={title}>
      <span class="change-sign" aria-hidden="true">
        {sign}
      </span>
      <span class="change-amount">{formatChange(week.change)}</span>
      <span class="change-word">{word}</span>
    </span>
  );
}
