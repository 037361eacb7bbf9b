// SPDX-License-Identifier: LGPL-2.1-or-later

// filters by label: a group a key, a count a value

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { getLabelValues, type LabelKey, type LabelValue } from './api';
import { sortKeys } from './labels';
import { useLoad } from './load';
import { selectors } from './route';
import { formatNumber } from './unit';

const SHORT = 6;
const LONG = 20;

interface FacetsProps {
  readonly keys: readonly LabelKey[];
  readonly match: readonly string[];
  readonly q: string;
  readonly onToggle: (selector: string) => void;
}

interface GroupProps extends Omit<FacetsProps, 'keys'> {
  readonly facet: LabelKey;
}

interface ValueProps {
  readonly name: string;
  readonly item: LabelValue;
  readonly checked: boolean;
  readonly onToggle: () => void;
}

function FacetValue({ name, item, checked, onToggle }: ValueProps): JSX.Element {
  return (
    <label class="facet-value">
      <input type="checkbox" name={name} checked={checked} onChange={onToggle} />
      <span class="facet-name" title={item.value}>
        {item.value}
      </span>
      <span class="facet-count">{formatNumber(item.series, 1)}</span>
    </label>
  );
}

// chosen values stay in sight even when they are rare or match nothing any more
function withChosen(facet: LabelKey, match: readonly string[]): LabelValue[] {
  const known = new Set(facet.values.map((item) => item.value));
  const chosen = match
    .filter((selector) => selector.startsWith(`${facet.key}:`) && !/^[!~]/.test(selector.slice(facet.key.length + 1)))
    .map((selector) => selector.slice(facet.key.length + 1));
  const missing = chosen.filter((value) => !known.has(value)).map((value) => ({ value, series: 0 }));
  return [...missing, ...facet.values];
}

function useFound(facet: LabelKey, match: readonly string[], q: string, wanted: string): readonly LabelValue[] | null {
  const others = match.filter((selector) => !selector.startsWith(`${facet.key}:`));
  const local = facet.values.length >= facet.n_values || wanted === '';
  const params = [...selectors({ match: others, q: wanted }), ['limit', String(LONG)] as const];
  const found = useLoad(JSON.stringify([facet.key, local ? '' : params, q]), async (signal) =>
    local ? null : (await getLabelValues(facet.key, params, signal)).items,
  );
  if (wanted === '') return null;
  const word = wanted.toLowerCase();
  return found.data ?? facet.values.filter((item) => item.value.toLowerCase().includes(word));
}

function FacetGroup({ facet, match, q, onToggle }: GroupProps): JSX.Element {
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useState(false);
  const found = useFound(facet, match, q, wanted);
  const all = withChosen(facet, match);
  const shown = found ?? (open ? all : all.slice(0, SHORT));
  return (
    <fieldset class="facet">
      <legend>
        {facet.key} {facet.n_values > 1 && <span class="muted">{formatNumber(facet.n_values, 1)}</span>}
      </legend>
      {facet.n_values > SHORT && (
        <input
          class="input small"
          type="search"
          placeholder={`Find a ${facet.key}`}
          aria-label={`Find a ${facet.key}`}
          value={wanted}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
          }}
        />
      )}
      {shown.map((item) => {
        const selector = `${facet.key}:${item.value}`;
        const toggle = (): void => {
          onToggle(selector);
        };
        return <FacetValue key={item.value} name={facet.key} item={item} checked={match.includes(selector)} onToggle={toggle} />;
      })}
      {found?.length === 0 && <p class="muted">No {facet.key} like this</p>}
      {found === null && all.length > SHORT && (
        <button
          type="button"
          class="link-button"
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? 'Fewer' : `${formatNumber(all.length - SHORT, 1)} more`}
        </button>
      )}
    </fieldset>
  );
}

// one value that everything has offers nothing to choose
function isChoice(facet: LabelKey, match: readonly string[]): boolean {
  return facet.n_values > 1 || match.some((selector) => selector.startsWith(`${facet.key}:`));
}

export function Facets({ keys, ...rest }: FacetsProps): JSX.Element {
  const byKey = new Map(keys.map((facet) => [facet.key, facet]));
  return (
    <>
      {sortKeys([...byKey.keys()]).map((key) => {
        const facet = byKey.get(key);
        return facet === undefined || !isChoice(facet, rest.match) ? null : <FacetGroup key={key} facet={facet} {...rest} />;
      })}
    </>
  );
}
