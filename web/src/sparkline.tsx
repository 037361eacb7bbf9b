// SPDX-License-Identifier: LGPL-2.1-or-later

import type { JSX } from 'preact';

const [WIDTH, HEIGHT, EDGE] = [120, 26, 3];

/** The corners of a line through all values, filling the box; a flat line runs through its middle. */
export function sparkPoints(values: readonly number[]): [number, number][] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const stepX = values.length > 1 ? (WIDTH - 2 * EDGE) / (values.length - 1) : 0;
  return values.map((value, i) => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return [EDGE + i * stepX, HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)];
  });
}

export function Sparkline({ values }: { readonly values: readonly number[] }): JSX.Element | null {
  const points = sparkPoints(values);
  const last = points[points.length - 1];
  if (last === undefined) return null;
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return (
    <svg class="spark" viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} aria-hidden="true">
      <polyline points={path} />
      <circle cx={last[0].toFixed(1)} cy={last[1].toFixed(1)} r="2.2" />
    </svg>
  );
}
