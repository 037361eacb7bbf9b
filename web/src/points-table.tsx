// SPDX-License-Identifier: LGPL-2.1-or-later

// the same results as rows, for reading exactly and for screen readers

import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { logPath, type Labels } from './api';
import { distinction } from './labels';
import { Marker } from './marker';
import { formatRoute } from './route';
import { formatTime } from './time';
import { pointAt, type Line, type Point, type Span } from './trend-data';
import { formatNumber, formatValue } from './unit';

const STEP = 200;

/** All results of all lines in the window, the newest first. */
export function tableRows(lines: readonly Line[], span: Span): Point[] {
  const points = lines.flatMap((line) => line.xs.map((_, i) => pointAt(line, i)));
  const inside = points.filter((point) => point !== null && point.x >= span.min && point.x <= span.max) as Point[];
  return inside.sort((a, b) => b.time - a.time || a.line.slot - b.line.slot);
}

function PointRow({ point, shared }: { readonly point: Point; readonly shared: Labels }): JSX.Element {
  return (
    <tr>
      <td class="time">{formatTime(point.time)}</td>
      <td class="series-cell">
        <Marker slot={point.line.slot} hollow={point.outcome !== 'ok'} />
        {distinction(point.line.labels, shared)}
      </td>
      <td class="figure">{formatValue(point.value, point.line.unit)}</td>
      <td>{point.build}</td>
      <td>
        <code title={point.revision}>{point.revision.slice(0, 12)}</code>
      </td>
      <td>{point.outcome}</td>
      <td class="links">
        <a href={formatRoute({ screen: 'run', id: point.run })}>Run {point.run}</a>{' '}
        <a href={logPath(point.run)} target="_blank" rel="noopener">
          Log
        </a>
      </td>
    </tr>
  );
}

interface TableProps {
  readonly lines: readonly Line[];
  readonly span: Span;
  readonly shared: Labels;
}

export function PointsTable({ lines, span, shared }: TableProps): JSX.Element {
  const [shown, setShown] = useState(STEP);
  const rows = useMemo(() => tableRows(lines, span), [lines, span.min, span.max]);
  return (
    <div class="wide-table">
      <table class="data">
        <caption class="unseen">Results in the window, the newest first</caption>
        <thead>
          <tr>
            {['Time', 'Series', 'Value', 'Build', 'Revision', 'Outcome', 'Run'].map((name) => (
              <th key={name} scope="col" class={name === 'Value' ? 'figure' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((point) => (
            <PointRow key={`${point.line.id}-${String(point.index)}`} point={point} shared={shared} />
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <button
          type="button"
          class="button"
          onClick={() => {
            setShown(shown + STEP);
          }}
        >
          Show more ({formatNumber(rows.length - shown, 1)} left)
        </button>
      )}
    </div>
  );
}
