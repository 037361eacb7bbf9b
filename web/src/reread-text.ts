// SPDX-License-Identifier: LGPL-2.1-or-later

// what a second reading of a log says, in words

import type { Labels, Rereading } from './api';
import { formatNumber } from './unit';

const WORDS = [
  ['values_changed', 'changes', 'change', 'changed'],
  ['values_rounded', 'is rounded differently', 'are rounded differently', 'rounded differently'],
  ['values_moved', 'goes to another series', 'go to another series', 'went to another series'],
  ['values_appeared', 'appears', 'appear', 'appeared'],
  ['values_vanished', 'vanishes', 'vanish', 'vanished'],
] as const;

function countWords(reading: Rereading, isDone: boolean): string {
  const parts = WORDS.filter(([key]) => reading[key] > 0).map(([key, one, many, done], i) => {
    const n = reading[key];
    const noun = i > 0 ? '' : n === 1 ? ' value' : ' values';
    return `${formatNumber(n, 1)}${noun} ${isDone ? done : n === 1 ? one : many}`;
  });
  return parts.join(', ');
}

/** `mill 2`, or `mill 2, before by mill 1`. */
function parserWords({ parser, parser_before: before }: Rereading): string {
  return parser === before ? parser : `${parser}, before by ${before}`;
}

/** `3 values change, 1 appears, as read by mill 2, before by mill 1.` */
export function describeRereading(reading: Rereading): string {
  const counts = countWords(reading, false);
  if (reading.parser === 'none') return `No parser reads it any more${counts === '' ? '' : `: ${counts}`}.`;
  return `${counts === '' ? 'No value changes' : counts}, as read by ${parserWords(reading)}.`;
}

export function describeReread(reading: Rereading): string {
  const counts = countWords(reading, true);
  return `Parsed again: ${counts === '' ? 'no value changed' : counts}.`;
}

/** A series as `key=value key=value`, without what all results of the run have. */
export function nameSeries(series: string, shared: Labels): string {
  const known = new Set(Object.entries(shared).map(([key, value]) => `${key}=${value}`));
  return series
    .split(' ')
    .filter((part) => !known.has(part))
    .join(' ');
}
