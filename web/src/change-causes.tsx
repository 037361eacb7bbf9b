// SPDX-License-Identifier: LGPL-2.1-or-later

// what may have caused a change: what else was another thing from it on, and what the changes with it speak for

import type { JSX } from 'preact';

import { getChange, getGroups, type Cause, type Change, type ChangeGroup, type Labels } from './api';
import { useLoad } from './load';

const SUSPECTS: Readonly<Record<ChangeGroup['suspect'], string>> = {
  code: 'the code is suspected',
  lab: 'the lab is suspected',
  machine: 'the machine is suspected',
  unclear: 'the cause is unclear',
};

interface Found {
  readonly causes: readonly Cause[];
  readonly group: ChangeGroup | undefined;
}

async function find({ id, time }: Change, labels: Labels, signal: AbortSignal): Promise<Found> {
  const match = Object.entries(labels).map(([key, value]) => ['match', `${key}:${value}`] as const);
  // a series has few changes since one of its own, so its group is on the first page
  const [{ causes }, { items }] = await Promise.all([getChange(id, signal), getGroups([...match, ['since', time]], signal)]);
  return { causes, group: items.find(({ ids }) => ids.includes(id)) };
}

function Group({ group }: { readonly group: ChangeGroup }): JSX.Element {
  const { changes, suspect, evidence } = group;
  const alone = changes === 1 ? 'Alone' : `One of ${String(changes)} changes at that time`;
  return (
    <>
      <p>{`${alone}: ${SUSPECTS[suspect]}.`}</p>
      <ul>{evidence.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
    </>
  );
}

export function Causes({ change, labels }: { readonly change: Change; readonly labels: Labels }): JSX.Element {
  const { data, error } = useLoad(`${String(change.id)} ${String(change.run)}`, (signal) => find(change, labels, signal));
  return (
    <div class="causes" aria-busy={data === null && error === null}>
      <h3>Possible causes</h3>
      {error !== null && <p role="alert">{`${error.title}: ${error.message}`}</p>}
      {data !== null && (
        <>
          {data.causes.length === 0 && <p class="muted">Environment, parameters and parser stayed, as far as runs tell.</p>}
          <ul>
            {data.causes.map(({ key, before, after }) => (
              <li key={key}>
                {key} <code>{before}</code> → <code>{after}</code>
              </li>
            ))}
          </ul>
          {data.group !== undefined && <Group group={data.group} />}
        </>
      )}
    </div>
  );
}
