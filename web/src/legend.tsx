// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

import type { Analysis, Labels, Series } from './api';
import { BASELINE, BASELINE_MEANS, BaselineText } from './change';
import { describeSeries } from './change-text';
import { distinction } from './labels';
import { Marker } from './marker';
import { summarize, type Line, type Span } from './trend-data';
import { formatValue } from './unit';

interface LegendProps {
  readonly lines: readonly Line[];
  readonly series: ReadonlyMap<string, Series>;
  readonly shared: Labels;
  readonly span: Span;
  readonly analyses: ReadonlyMap<string, Analysis>;
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onOnly: (id: string) => void;
}

interface RowProps extends Omit<LegendProps, 'lines'> {
  readonly line: Line;
}

function Figures({ line, span }: { readonly line: Line; readonly span: Span }): JSX.Element {
  const summary = summarize(line, span);
  if (summary === null) {
    return (
      <td class="muted" colSpan={5}>
        no result in this window
      </td>
    );
  }
  const { n, last, median, min, max } = summary;
  return (
    <>
      <td class="figure">{formatValue(last, line.unit)}</td>
      <td class="figure optional">{formatValue(median, line.unit)}</td>
      <td class="figure optional">{formatValue(min, line.unit)}</td>
      <td class="figure optional">{formatValue(max, line.unit)}</td>
      <td class="figure optional">{n}</td>
    </>
  );
}

function LegendRow({ line, series, shared, span, analyses, hidden, onToggle, onOnly }: RowProps): JSX.Element {
  const name = distinction(line.labels, shared);
  const off = hidden.has(line.id);
  const own = series.get(line.id);
  const analysis = analyses.get(line.id);
  return (
    <>
    <tr class={off ? 'off' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="legend-toggle"
          aria-pressed={!off}
          title={off ? 'Show' : 'Hide; with Shift: show only this'}
          onClick={(event) => {
            if (event.shiftKey) onOnly(line.id);
            else onToggle(line.id);
          }}
        >
          <Marker slot={line.slot} />
          <span>{name}</span>
          {off && <span class="muted">hidden</span>}
        </button>

      </th>
      <Figures line={line} span={span} />
      <td class="legend-change">
        {own !== undefined && <BaselineText baseline={own.baseline} open={own.open_change} unit={line.unit} />}
      </td>
    </tr>
    {/* its line is there before its words are, so that nothing moves */}
    <tr class="facts-row">
      <td colSpan={7}>{analysis === undefined ? '\u00a0' : describeSeries(analysis, line.unit)}</td>
    </tr>
    </>
  );
}

export function Legend({ lines, ...rest }: LegendProps): JSX.Element {
  return (
    <table class="legend">
      <thead>
        <tr>
          <th scope="col">Series</th>
          <th scope="col" class="figure">
            Last
          </th>
          <th scope="col" class="figure optional">
            Median
          </th>
          <th scope="col" class="figure optional">
            Lowest
          </th>
          <th scope="col" class="figure optional">
            Highest
          </th>
          <th scope="col" class="figure optional">
            Results
          </th>
          <th scope="col" class="legend-change" title={BASELINE_MEANS}>
            {BASELINE}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <LegendRow key={line.id} line={line} {...rest} />
        ))}
      </tbody>
    </table>
  );
}
