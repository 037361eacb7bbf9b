// SPDX-License-Identifier: LGPL-2.1-or-later

// how changes and what the analysis says are put into words; numbers keep as many digits as their bounds allow

import type { Analysis, Baseline, Change, ChangeEvent, ChangePoint, Estimate, Kind, Precision } from './api';
import { formatDay } from './time';
import { formatValue } from './unit';
import type { Judgement, Verdict } from './verdict';

const MINUS = '\u2212';

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function boundsOf({ low, high }: Estimate): Bounds | null {
  return low === null || high === null ? null : { low, high };
}

// bounds that would read the same get a digit more
function places(value: number, bounds: Bounds | null): number {
  if (Math.abs(value) >= 1) return 0;
  return bounds !== null && bounds.high - bounds.low < 0.002 ? 2 : 1;
}

function percent(share: number, digits: number): string {
  const size = Math.abs(share * 100).toFixed(digits);
  return share < 0 && Number(size) !== 0 ? MINUS + size : size;
}

/** The size of a change with its bounds in two parts: `+9.2 %` and `(7.8 to 10.6)`. */
export interface Size {
  readonly amount: string;
  readonly interval: string;
}

export function formatShare({ value, ...rest }: Estimate): Size | null {
  if (value === null) return null;
  const bounds = boundsOf({ value, ...rest });
  const digits = places(value, bounds);
  const text = percent(value, digits);
  const sign = Number(Math.abs(value * 100).toFixed(digits)) === 0 ? '±' : value > 0 ? '+' : '';
  return {
    amount: `${sign}${text}\u00a0%`,
    interval: bounds === null ? '' : `(${percent(bounds.low, digits)} to ${percent(bounds.high, digits)})`,
  };
}

/** A level for a sentence: `26.00 ms (25.95 to 26.05)`. */
export function formatLevel(estimate: Estimate, unit: string): string {
  const bounds = boundsOf(estimate);
  if (estimate.value === null) return 'unknown';
  if (bounds === null) return formatValue(estimate.value, unit);
  return `${formatValue(estimate.value, unit)} (${formatValue(bounds.low, unit)} to ${formatValue(bounds.high, unit)})`;
}

/** How often the analysis was right in some series: `7 of 8 changes that somebody judged were real`; nothing when nobody did. */
export function formatPrecision(ofSeries: readonly Precision[]): string {
  const sum = (key: keyof Precision): number => ofSeries.reduce((total, one) => total + one[key], 0);
  const right = sum('right');
  const judged = right + sum('wrong');
  if (judged === 0) return '';
  const were = right === 1 ? 'was' : 'were';
  const share = percent(right / judged, 0);
  return `${String(right)} of ${String(judged)} ${judged === 1 ? 'change' : 'changes'} that somebody judged ${were} real: a precision of ${share}\u00a0%`;
}

export function formatStep({ before, after }: Pick<ChangePoint, 'before' | 'after'>, unit: string): string {
  return `${formatValue(before.value ?? NaN, unit)} → ${formatValue(after.value ?? NaN, unit)}`;
}

/** What a change of that size is called where there is little room. */
export function sizeOf(point: ChangePoint, unit: string): Size {
  return formatShare(point.change) ?? { amount: formatStep(point, unit), interval: '' };
}

const KINDS: Readonly<Record<Kind, { readonly judgement: Judgement; readonly word: string }>> = {
  regression: { judgement: 'worse', word: 'worse' },
  improvement: { judgement: 'better', word: 'better' },
  neither: { judgement: 'changed', word: 'changed' },
};

export function isUp({ before, after }: ChangePoint): boolean {
  return (after.value ?? 0) > (before.value ?? 0);
}

export function verdictOf(point: ChangePoint): Verdict {
  return { ...KINDS[point.direction], sign: isUp(point) ? '▲' : '▼' };
}

const STANDINGS: Readonly<Record<Baseline['verdict'], { readonly judgement: Judgement; readonly word: string }>> = {
  worse: { judgement: 'worse', word: 'worse' },
  better: { judgement: 'better', word: 'better' },
  changed: { judgement: 'changed', word: 'changed' },
  same: { judgement: 'steady', word: 'no change' },
  'not-enough-data': { judgement: 'steady', word: 'too few results' },
};

export function standingOf({ verdict, before, after }: Baseline): Verdict {
  const sign = verdict === 'same' ? '=' : (after?.value ?? 0) > (before?.value ?? 0) ? '▲' : '▼';
  return { ...STANDINGS[verdict], sign: verdict === 'not-enough-data' ? '' : sign };
}

/** `p < 10⁻⁶`, for what is smaller nobody reads. */
export function formatP(p: number | null): string {
  if (p === null) return '';
  if (p < 1e-6) return 'p < 10⁻⁶';
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

const SHORT = 10;

// as long as it takes to tell both apart
function shorten(one: string, other: string): [string, string] {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const length = one === other ? SHORT : Math.max(SHORT, same + 1);
  return [one.slice(0, length), other.slice(0, length)];
}

/** Between which two states of the code it lies, as far as runs say so. */
export function formatRange(change: Pick<Change, 'build' | 'previous_build' | 'revision' | 'previous_revision'>): { readonly builds: string; readonly revisions: string } {
  const { build, previous_build: old, revision, previous_revision: oldRevision } = change;
  const [short, oldShort] = shorten(revision, oldRevision);
  const revisions = oldShort === '' || oldShort === short ? short : `${oldShort}..${short}`;
  return { builds: build === '' ? '' : old === '' || old === build ? build : `${old} → ${build}`, revisions };
}

/** The last who said what the state is, if it was a person. */
export function decision(history: readonly ChangeEvent[]): ChangeEvent | null {
  const last = history.filter((event) => event.what === 'state').pop();
  return last === undefined || last.who === '' ? null : last;
}

/** The state of a change with who said so and when. */
export function formatState(change: Change): { readonly state: string; readonly by: string } {
  const event = decision(change.history);
  const by = event === null || change.state === 'fixed' ? '' : `by ${event.who}, ${formatDay(Date.parse(event.time))}`;
  return { state: change.state, by };
}

export const UNSURE_MEANS = 'Not told: it may be chance among all series that had results that day; more results may settle it';

/** Why a change waits for no one, or nothing. */
export function explainState({ state, p_adjusted: p }: Pick<Change, 'state' | 'p_adjusted'>): string | undefined {
  if (state !== 'unsure') return undefined;
  return p === null ? UNSURE_MEANS : `${UNSURE_MEANS} (${formatP(p)} among them; one up to 0.05 is told)`;
}

export interface Remark {
  readonly word: string;
  readonly name: string;
  readonly means: string;
}

/** What speaks against the code as the cause. */
export function remarksOf({ machine, control }: Pick<Change, 'machine' | 'control'>): Remark[] {
  return [
    ...(machine ? [{ word: 'machine?', name: 'Machine?', means: 'The revision is the same before and after: no code is between' }] : []),
    ...(control ? [{ word: 'control series', name: 'Control series', means: 'Code cannot move it: its changes are no regressions, but tell of the lab or the machine' }] : []),
  ];
}

const ABOUT_RUNS: Readonly<Record<string, string>> = { found: 'found', run: 'moved', moved: 'moved', fixed: 'fixed', 'not fixed': 'not fixed' };

export function formatEvent({ who, what, value }: ChangeEvent): string {
  const by = who !== '' ? who : what === 'replaced' ? 'perfdash' : 'the analysis';
  const about = ABOUT_RUNS[what];
  if (what === 'state') return `${by}: ${value}`;
  if (about !== undefined) return `${by}: ${about}${value === '' || value === '0' ? '' : ` at run ${value}`}`;
  return value === '' ? `${by}: ${what}` : `${by}: ${what} “${value}”`;
}

export function runsNeeded(count: number): string {
  return `${String(count)} more ${count === 1 ? 'run' : 'runs'} would settle it`;
}

function amountOf(value: number, relative: boolean, unit: string): string {
  return relative ? `${percent(value, Math.abs(value) < 0.001 ? 2 : 1)}\u00a0%` : formatValue(value, unit);
}

function formatDrift({ drift_per_week: drift, relative }: Analysis, unit: string): string {
  const { value = null, low = null, high = null } = drift ?? {};
  if (value === null || low === null || high === null) return '';
  // a drift that may be none is not worth a number
  if (low <= 0 && high >= 0) return 'no drift';
  const sign = value > 0 ? '+' : '';
  const bounds = [low, high].map((bound) => amountOf(bound, relative, unit).replace('\u00a0%', ''));
  return `drift ${sign}${amountOf(value, relative, unit)} a week (${bounds.join(' to ')})`;
}

/** What the analysis says of a series beside its changes. */
export function describeSeries(analysis: Analysis, unit: string): string {
  const { level, noise, relative, correlation, modes, outliers, undecided } = analysis;
  const facts = [
    level.value === null ? '' : `level ${formatLevel(level, unit)}`,
    `noise ${amountOf(noise, relative, unit)}`,
    formatDrift(analysis, unit),
    correlation >= 0.3 ? `neighbours are alike (correlation ${correlation.toFixed(1)})` : '',
    modes > 1 ? 'values stand in two heaps' : '',
    undecided === null ? '' : `perhaps ${Object.values(sizeOf(undecided, unit)).join(' ')} since ${formatDay(Date.parse(undecided.time))}, ${runsNeeded(undecided.runs_needed)}`,
    outliers.length === 0 ? '' : `${String(outliers.length)} ${outliers.length === 1 ? 'outlier' : 'outliers'} set aside`,
  ].filter((fact) => fact !== '');
  const text = facts.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
