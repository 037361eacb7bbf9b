// SPDX-License-Identifier: LGPL-2.1-or-later

// a series is told by colour and shape together; legend and canvas draw the same paths

import type { JSX } from 'preact';

// in a box from -1 to 1
const SHAPES = [
  'M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z',
  'M-.85-.85H.85V.85H-.85Z',
  'M0-1.1L1.05.8H-1.05Z',
  'M0-1.2L1.2 0L0 1.2L-1.2 0Z',
  'M0 1.1L1.05-.8H-1.05Z',
  'M-.35-1.1H.35V-.35H1.1V.35H.35V1.1H-.35V.35H-1.1V-.35H-.35Z',
  'M0-1.1L1.05-.34L.65.9H-.65L-1.05-.34Z',
  'M-1.1-.55L-.55-1.1L0-.55L.55-1.1L1.1-.55L.55 0L1.1.55L.55 1.1L0 .55L-.55 1.1L-1.1.55L-.55 0Z',
] as const;

export const SLOTS = SHAPES.length;

function shapeOf(slot: number): string {
  return SHAPES[slot % SLOTS] ?? SHAPES[0];
}

/** The custom property with the colour of a slot. */
export function slotColor(slot: number): string {
  return `--series-${String(slot % SLOTS)}`;
}

/** Past the last colour the lines begin again, dashed. */
export function slotDash(slot: number): number[] {
  return ([[], [6, 4], [2, 3]] as const)[Math.floor(slot / SLOTS) % 3]?.slice() ?? [];
}

/** The shape with the given radius around the origin, for a canvas. */
export function markerPath(slot: number, radius: number): Path2D {
  const path = new Path2D();
  path.addPath(new Path2D(shapeOf(slot)), new DOMMatrix().scale(radius));
  return path;
}

export function Marker({ slot, hollow = false }: { readonly slot: number; readonly hollow?: boolean }): JSX.Element {
  const dash = slotDash(slot).join(' ');
  return (
    <svg class={`marker slot-${String(slot % SLOTS)}`} viewBox="-13 -6 26 12" aria-hidden="true">
      <path class="marker-line" d="M-13 0H13" stroke-dasharray={dash === '' ? undefined : dash} />
      <path class={hollow ? 'marker-hollow' : 'marker-fill'} d={shapeOf(slot)} transform="scale(4)" />
    </svg>
  );
}
