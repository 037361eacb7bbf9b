// SPDX-License-Identifier: LGPL-2.1-or-later

// how a set of labels is read: what was measured first, then where

import type { LabelKey, Labels } from './api';

export const WELL_KNOWN = ['lab', 'project', 'suite', 'branch', 'tool', 'benchmark', 'metric', 'stat'] as const;
const SUBJECT: readonly string[] = ['benchmark', 'metric', 'stat'];

function rank(key: string): number {
  const index = (WELL_KNOWN as readonly string[]).indexOf(key);
  return index < 0 ? WELL_KNOWN.length : index;
}

/** Label keys in the order people expect: the well-known ones, then the rest by name. */
export function sortKeys(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** What was measured: `GET home · latency · p99`. */
export function subjectOf(labels: Labels): string {
  return SUBJECT.map((key) => labels[key])
    .filter((value) => value !== undefined)
    .join(' · ');
}

/** The subject in two parts, so that a long benchmark can be cut short and its metric stays. */
export function splitSubject(labels: Labels): { readonly benchmark: string; readonly rest: string } {
  const rest = [labels['metric'], labels['stat']].filter((value) => value !== undefined).join(' · ');
  return { benchmark: labels['benchmark'] ?? '', rest };
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** Where and how it was measured, without the subject and without keys in `except`. */
export function contextOf(labels: Labels, except: ReadonlySet<string> = new Set()): Tag[] {
  return sortKeys(Object.keys(labels))
    .filter((key) => !SUBJECT.includes(key) && !except.has(key))
    .map((key) => ({ key, value: labels[key] ?? '' }));
}

/** The labels that all sets have in common. */
export function sharedLabels(sets: readonly Labels[]): Labels {
  const [first, ...rest] = sets;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => rest.every((labels) => labels[key] === value)),
  );
}

/** What tells a set apart from the others it is shown with; everything when it stands alone. */
export function distinction(labels: Labels, shared: Labels): string {
  const rest = Object.fromEntries(Object.entries(labels).filter(([key]) => shared[key] === undefined));
  const words = [subjectOf(rest), ...contextOf(rest).map(nameTag)].filter((word) => word !== '');
  return words.length > 0 ? words.join(' · ') : subjectOf(labels);
}

/** Well-known values speak for themselves, others need their key. */
export function nameTag(tag: Tag): string {
  return rank(tag.key) < WELL_KNOWN.length ? tag.value : `${tag.key}=${tag.value}`;
}

// counts of a key ignore the filters on that key, so a filtered key is constant by its filter alone
function constantValue({ key, values }: LabelKey, count: number, match: readonly string[]): string | undefined {
  const own = match.filter((selector) => selector.startsWith(`${key}:`));
  if (own.length === 0) return values.find((item) => item.series === count)?.value;
  const only = parseSelector(own[0] ?? '');
  return own.length === 1 && only?.operator === ':' ? only.value : undefined;
}

/** The labels that all `count` series chosen by `match` have, from the pickers' counts. */
export function constantLabels(keys: readonly LabelKey[], count: number, match: readonly string[]): Labels {
  const values = keys.map((facet): [string, string | undefined] => [facet.key, constantValue(facet, count, match)]);
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export type Operator = ':' | ':!' | ':~';

export interface Selector {
  readonly key: string;
  readonly operator: Operator;
  readonly value: string;
}

/** Reads `key:value`, `key:!value` or `key:~regex`; null when the text is none of them. */
export function parseSelector(text: string): Selector | null {
  const parts = /^([a-z_][a-z0-9_.-]*)(:[!~]?)(.+)$/.exec(text);
  if (parts === null) return null;
  const [, key = '', operator = ':', value = ''] = parts;
  return { key, operator: operator as Operator, value };
}
