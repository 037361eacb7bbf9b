// SPDX-License-Identifier: LGPL-2.1-or-later

// what got worse and better, grouped by what may have caused it, and what people say of it

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { editChanges, getGroups, getLabels, getStatus, type ChangeGroup, type Params } from './api';
import { Outcome, useEdits, type Edits } from './edits';
import { batchesOf, describeSaying, wayBack, type Batch, type Saying } from './inbox-edits';
import { KEYS, useKeys, type Key } from './inbox-keys';
import { GroupRow } from './inbox-row';
import { describeQuiet } from './inbox-text';
import { useChanges } from './live';
import { useLoad, type Loaded } from './load';
import { CHANGES, formatRoute, navigate, OVERVIEW, selectors, SHOWN_DIRECTIONS, SHOWN_STATES, type ChangesPage } from './route';
import { ErrorBox, Nothing, Skeleton } from './states';
import { formatNumber } from './unit';
import { readWho, WhoField } from './who';

const STEP = 50;
const COLUMNS = ['Select', 'Change', 'What', 'Newest results', 'Since', 'Suspected', 'State'];
const TIMES = [['', 'any time'], ['-1d', 'a day'], ['-7d', 'a week'], ['-30d', '30 days']] as const;
const DIRECTIONS = { all: 'Worse and better', regression: 'Worse', improvement: 'Better' } as const;

// what is asked for in a line of text
const FIELDS = {
  reason: { key: 'i', label: 'Why are they not worth looking at?', button: 'Ignore', pattern: undefined, required: true },
  owner: { key: 'o', label: 'Who looks after them?', button: 'Set owner', pattern: undefined, required: false },
  link: { key: 'b', label: 'Link to the bug', button: 'Set link', pattern: 'https?://.+', required: false },
} as const;
type Field = keyof typeof FIELDS;

function listParams(route: ChangesPage, limit: number): Params {
  const { state, direction, since } = route;
  const chosen = [['state', state === 'all' ? '' : state], ['direction', direction === 'all' ? '' : direction], ['since', since]] as const;
  return [...selectors(route), ...chosen.filter(([, value]) => value !== ''), ['limit', String(limit)]];
}

async function sendAll(batches: readonly Batch[]): Promise<void> {
  for (const { ids, saying } of batches) await editChanges(ids, { who: readWho(), ...saying });
}

function sayOf(edits: Edits, groups: readonly ChangeGroup[], saying: Saying): Promise<boolean> {
  const batches = batchesOf(groups, saying);
  if (batches.length === 0) return Promise.resolve(false);
  const back = wayBack(groups, saying);
  return edits.make({
    words: describeSaying(batches, saying),
    send: () => sendAll(batches),
    takeBack: back === null ? null : () => sendAll(back),
  });
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly values: readonly (readonly [T, string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, values, value, onChoose }: ChoiceProps<T>): JSX.Element {
  return (
    <label class="choice">
      {label}
      <select
        class="input small"
        value={value}
        onChange={(event) => {
          const chosen = values.find(([one]) => one === event.currentTarget.value);
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {values.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Filters({ route }: { readonly route: ChangesPage }): JSX.Element {
  const times = TIMES.some(([since]) => since === route.since) ? TIMES : [...TIMES, [route.since, `since ${route.since}`] as const];
  return (
    <div class="inbox-filters">
      <Choice label="State" values={SHOWN_STATES.map((state) => [state, state] as const)} value={route.state} onChoose={(state) => { navigate({ ...route, state }); }} />
      <Choice
        label="Direction"
        values={SHOWN_DIRECTIONS.map((direction) => [direction, DIRECTIONS[direction]] as const)}
        value={route.direction}
        onChoose={(direction) => { navigate({ ...route, direction }); }}
      />
      <Choice<string> label="Within" values={times} value={route.since} onChoose={(since) => { navigate({ ...route, since }); }} />
      {route.match.map((selector) => (
        <button key={selector} type="button" class="chip" aria-label={`Remove ${selector}`} onClick={() => { navigate({ ...route, match: route.match.filter((one) => one !== selector) }); }}>
          {selector} ×
        </button>
      ))}
    </div>
  );
}

interface AskProps {
  readonly field: Field;
  readonly count: number;
  readonly busy: boolean;
  readonly onSay: (saying: Saying) => void;
  readonly onCancel: () => void;
}

function Ask({ field, count, busy, onSay, onCancel }: AskProps): JSX.Element {
  const { label, button, pattern, required } = FIELDS[field];
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
  }, []);
  return (
    <form
      class="inbox-ask"
      onSubmit={(event) => {
        event.preventDefault();
        onSay(field === 'reason' ? { state: 'ignored', reason: text.trim() } : { [field]: text.trim() });
      }}
      onKeyDown={(event) => { if (event.key === 'Escape') onCancel(); }}
    >
      <label>
        {`${label} (${formatNumber(count, 1)} ${count === 1 ? 'row' : 'rows'})`}
        <input
          ref={input}
          class="input small"
          maxLength={200}
          required={required}
          pattern={pattern}
          title={pattern === undefined ? undefined : 'An address that begins with http:// or https://'}
          value={text}
          onInput={(event) => { setText(event.currentTarget.value); }}
        />
      </label>
      <button type="submit" class="button primary" disabled={busy || (required && text.trim() === '')}>
        {button}
      </button>
      <button type="button" class="button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}

function Empty({ route }: { readonly route: ChangesPage }): JSX.Element {
  const status = useLoad('status', getStatus);
  const labs = useLoad('labs', (signal) => getLabels([], signal));
  const n = labs.data?.items.find(({ key }) => key === 'lab')?.n_values ?? 0;
  const all = formatRoute({ ...CHANGES, state: 'all' });
  return (
    <Nothing title={route.state === 'new' ? 'Nothing new' : 'No such changes'}>
      <p>{status.data === null ? '' : describeQuiet(status.data, n, Date.now())}</p>
      <p class="actions">
        {formatRoute(route) !== all && <a class="button primary" href={all}>All changes</a>}
        <a class="button" href={formatRoute(OVERVIEW)}>All series</a>
      </p>
    </Nothing>
  );
}

function KeyHelp(): JSX.Element {
  return (
    <p class="muted inbox-keys">
      {KEYS.map(([key, does]) => (
        <span key={key}>
          <kbd>{key}</kbd> {does}
        </span>
      ))}
    </p>
  );
}

interface ListProps {
  readonly groups: readonly ChangeGroup[];
  readonly edits: Edits;
}

function neighbour(groups: readonly ChangeGroup[], current: number | null, step: number): ChangeGroup | undefined {
  const at = groups.findIndex(({ id }) => id === current);
  return groups[Math.min(Math.max(at === -1 ? 0 : at + step, 0), groups.length - 1)];
}

function focusRow(group: ChangeGroup): void {
  const link = document.querySelector<HTMLElement>(`#group-${String(group.id)} a`);
  link?.focus({ preventScroll: true });
  link?.closest('tr')?.scrollIntoView({ block: 'nearest' });
}

interface BarProps {
  readonly off: boolean;
  readonly asked: Field | null;
  readonly count: number;
  readonly onAcknowledge: () => void;
  readonly onAsk: (field: Field) => void;
}

function Bar({ off, asked, count, onAcknowledge, onAsk }: BarProps): JSX.Element {
  return (
    <div class="inbox-bar">
      <button type="button" class="button" disabled={off} onClick={onAcknowledge}>
        Acknowledge
      </button>
      {(Object.keys(FIELDS) as Field[]).map((field) => (
        <button key={field} type="button" class="button" disabled={off} aria-expanded={asked === field} onClick={() => { onAsk(field); }}>
          {FIELDS[field].button}…
        </button>
      ))}
      <span class="muted" role="status">
        {count > 0 ? `${formatNumber(count, 1)} selected` : ''}
      </span>
    </div>
  );
}

interface TableProps {
  readonly groups: readonly ChangeGroup[];
  readonly current: number | null;
  readonly selected: ReadonlySet<number>;
  readonly onCurrent: (id: number) => void;
  readonly onSelect: (id: number) => void;
}

function GroupTable({ groups, current, selected, onCurrent, onSelect }: TableProps): JSX.Element {
  return (
    <div class="wide-table">
      <table class="data changes inbox">
        <caption class="unseen">Groups of changes, the newest first</caption>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name === 'Select' ? <span class="unseen">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow
              key={group.id}
              group={group}
              current={group.id === current}
              selected={selected.has(group.id)}
              onCurrent={() => { onCurrent(group.id); }}
              onSelect={() => { onSelect(group.id); }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Groups({ groups, edits }: ListProps): JSX.Element {
  const [current, setCurrent] = useState<number | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const [asked, setAsked] = useState<Field | null>(null);
  const chosen = groups.filter(({ id }) => selected.has(id));
  const meant = chosen.length > 0 ? chosen : groups.filter(({ id }) => id === current);
  const off = meant.length === 0 || edits.busy;
  const toggle = (id: number): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const move = (step: number): void => {
    const to = neighbour(groups, current, step);
    if (to !== undefined) focusRow(to);
  };
  const say = (saying: Saying): void => {
    void sayOf(edits, meant, saying).then((fine) => {
      if (!fine) return;
      setSelected(new Set());
      setAsked(null);
      move(1);
    });
  };
  const ask = (field: Field) => (): void => { if (!off) setAsked(field); };
  const acknowledge = (): void => { if (!off) say({ state: 'acknowledged' }); };
  const acts: Readonly<Partial<Record<Key, () => void>>> = {
    j: () => { move(1); },
    k: () => { move(-1); },
    x: () => { if (current !== null) toggle(current); },
    a: acknowledge,
    i: ask('reason'),
    o: ask('owner'),
    b: ask('link'),
  };
  useKeys((key) => { acts[key]?.(); });
  return (
    <>
      <Bar off={off} asked={asked} count={chosen.length} onAcknowledge={acknowledge} onAsk={setAsked} />
      {asked !== null && meant.length > 0 && (
        <Ask key={asked} field={asked} count={meant.length} busy={edits.busy} onSay={say} onCancel={() => { setAsked(null); }} />
      )}
      <GroupTable {...{ groups, current, selected }} onCurrent={setCurrent} onSelect={toggle} />
      <KeyHelp />
    </>
  );
}

function More({ found, limit, onMore }: { readonly found: Loaded<{ readonly matched: number }>; readonly limit: number; readonly onMore: () => void }): JSX.Element | null {
  const left = (found.data?.matched ?? 0) - limit;
  if (left <= 0) return null;
  return (
    <button type="button" class="button" disabled={found.loading} onClick={onMore}>
      Show more ({formatNumber(left, 1)} left)
    </button>
  );
}

export function InboxScreen({ route }: { readonly route: ChangesPage }): JSX.Element {
  const [limit, setLimit] = useState(STEP);
  const params = listParams(route, limit);
  const found = useLoad(JSON.stringify(params), (signal) => getGroups(params, signal));
  const edits = useEdits(found.reload);
  useChanges(found.reload);
  // also when nothing is left to look at
  useKeys((key) => { if (key === 'u' && !edits.busy) edits.done?.undo?.(); });
  return (
    <div class="page" aria-busy={found.loading}>
      <div class="section-head inbox-head">
        <h1>
          Changes <span class="muted">{found.data === null ? '' : formatNumber(found.data.matched, 1)}</span>
        </h1>
        <Outcome edits={edits} />
        <span class="spring" />
        <WhoField />
      </div>
      <Filters route={route} />
      {found.error !== null && <ErrorBox error={found.error} retry={found.reload} />}
      {found.data === null && found.error === null && <Skeleton rows={8} label="Loading changes" />}
      {found.data?.items.length === 0 && <Empty route={route} />}
      {found.data !== null && found.data.items.length > 0 && <Groups groups={found.data.items} edits={edits} />}
      <More found={found} limit={limit} onMore={() => { setLimit(limit + STEP); }} />
    </div>
  );
}
