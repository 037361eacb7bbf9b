// SPDX-License-Identifier: LGPL-2.1-or-later

// what the page of the sources says, as text

import type { Source, SourceDay } from './api';
import { formatNumber } from './unit';

const UNITS = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** `26 h`, `3 d`: in the largest unit of which there are at least two. */
export function formatSpan(seconds: number): string {
  const [length, unit] = UNITS.find(([size]) => seconds >= 2 * size) ?? [1, 's'];
  return `${formatNumber(Math.floor(Math.max(seconds, 0) / length), 1)}\u00a0${unit}`;
}

/** How long until then: `in 3 min`, `now` when that has passed. */
export function formatWait(ms: number, now: number): string {
  return ms <= now ? 'now' : `in\u00a0${formatSpan((ms - now) / 1000)}`;
}

export function sumResults(days: readonly SourceDay[]): number {
  return days.reduce((sum, { results }) => sum + results, 0);
}

/** The bars of days in words. */
export function describeDays(days: readonly SourceDay[]): string {
  const most = days.reduce<SourceDay | null>((best, day) => (day.results > (best?.results ?? 0) ? day : best), null);
  if (most === null) return `No results in ${String(days.length)} days`;
  const today = days[days.length - 1]?.results ?? 0;
  const words = [`${formatNumber(sumResults(days), 1)} results in ${String(days.length)} days`];
  return [...words, `most ${formatNumber(most.results, 1)} on ${most.date}`, `today ${formatNumber(today, 1)}`].join(', ');
}

export interface Standing {
  readonly sign: string;
  readonly word: string;
  readonly bad: boolean;
}

/** A sign and a word for how a source is doing; the cause says more than the state. */
export function standingOf({ state, cause }: Pick<Source, 'state' | 'cause'>): Standing {
  if (cause !== null) return { sign: state === 'error' ? '\u2715' : '!', word: cause, bad: true };
  if (state === 'error') return { sign: '\u2715', word: 'error', bad: true };
  return { sign: '\u2713', word: state === 'silent' ? 'silent' : 'fine', bad: state === 'silent' };
}
