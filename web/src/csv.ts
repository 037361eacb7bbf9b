// SPDX-License-Identifier: LGPL-2.1-or-later

import type { Points } from './api';
import { sortKeys } from './labels';
import { toRfc3339 } from './time';

// a cell that starts like a formula would be run by a spreadsheet, so it is made text
function cell(value: string): string {
  const safe = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function labelColumns(all: readonly Points[]): string[] {
  return sortKeys([...new Set(all.flatMap((points) => Object.keys(points.labels)))]);
}

function* rows(points: Points, keys: readonly string[], from: number, to: number): Generator<string> {
  const labels = keys.map((key) => cell(points.labels[key] ?? ''));
  for (const [i, time] of points.times.entries()) {
    if (time < from || time >= to) continue;
    const facts = [points.runs[i], points.builds[i], points.revisions[i], points.outcomes[i]];
    const tail = facts.map((fact) => cell(String(fact ?? '')));
    yield [points.id, ...labels, toRfc3339(time), String(points.values[i]), cell(points.unit), ...tail].join(',');
  }
}

/** Several series in one table: a column a label, then the columns of the API's own CSV. */
export function combineCsv(all: readonly Points[], from: number, to: number): string {
  const keys = labelColumns(all);
  const head = ['series', ...keys.map(cell), 'time', 'value', 'unit', 'run', 'build', 'revision', 'outcome'].join(',');
  const lines = all.flatMap((points) => [...rows(points, keys, from, to)]);
  return [head, ...lines, ''].join('\r\n');
}
