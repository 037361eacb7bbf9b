// SPDX-License-Identifier: LGPL-2.1-or-later

// one change in full: what was found, what was said of it, and the form to say more

import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Change, Labels } from './api';
import type { Acts } from './change-actions';
import { Causes } from './change-causes';
import { explainState, formatEvent, remarksOf } from './change-text';
import { Fact } from './hover-card';
import { formatRoute } from './route';
import { formatTime } from './time';

function RunLink({ run }: { readonly run: number }): JSX.Element {
  return <a href={formatRoute({ screen: 'run', id: run })}>run {run}</a>;
}

function Facts({ change }: { readonly change: Change }): JSX.Element {
  const { run, previous_run, first_run, last_run, fixed_run, outliers, moved, detected_at, link, note, owner, reason } = change;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Begins with', <RunLink run={run} />],
    ['Run before', <RunLink run={previous_run} />],
    ['May begin', first_run === last_run ? null : <><RunLink run={first_run} /> to <RunLink run={last_run} /></>],
    ['Unsure', explainState(change) ?? null],
    ...remarksOf(change).map(({ name, means }) => [name, means] as const),
    ['Moved', moved ? 'by hand' : null],
    ['Level is back', fixed_run === null ? null : <>since <RunLink run={fixed_run} /></>],
    ['Outliers', outliers === 0 ? null : `${String(outliers)} set aside on both sides`],
    ['Found', formatTime(Date.parse(detected_at))],
    ['Ignored because', reason === '' ? null : reason],
    ['Owner', owner === '' ? null : owner],
    ['Link', link === '' ? null : <a href={link} rel="noopener">{link}</a>],
    ['Note', note === '' ? null : <span class="note">{note}</span>],
  ];
  return <dl class="change-facts">{facts.map(([name, value]) => value !== null && <Fact key={name} name={name}>{value}</Fact>)}</dl>;
}

function History({ change }: { readonly change: Change }): JSX.Element {
  return (
    <div>
      <h3>History</h3>
      <ol class="history">
        {change.history.map((event, i) => (
          <li key={i}>
            <span class="time muted">{formatTime(Date.parse(event.time))}</span> {formatEvent(event)}
          </li>
        ))}
      </ol>
    </div>
  );
}

interface FormProps {
  readonly change: Change;
  readonly acts: Acts;
}

function SaidForm({ change, acts }: FormProps): JSX.Element {
  const { owner, link, note } = change;
  const [text, setText] = useState({ owner, link, note });
  const set = (key: keyof typeof text, value: string): void => {
    setText({ ...text, [key]: value });
  };
  const same = text.owner === owner && text.link === link && text.note === note;
  return (
    <form
      class="said"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.act(change, text);
      }}
    >
      <h3>Owner, link and note</h3>
      <label>
        Owner
        <input class="input small" placeholder="who looks after it" maxLength={100} value={text.owner} onInput={(event) => { set('owner', event.currentTarget.value); }} />
      </label>
      <label>
        Link
        <input class="input small" type="url" placeholder="https://… of an issue or a commit" maxLength={500} value={text.link} onInput={(event) => { set('link', event.currentTarget.value); }} />
      </label>
      <label>
        Note
        <textarea class="input small" rows={3} maxLength={4000} value={text.note} onInput={(event) => { set('note', event.currentTarget.value); }} />
      </label>
      <button type="submit" class="button" disabled={same || acts.busy}>
        Save
      </button>
    </form>
  );
}

export function IgnoreForm({ change, acts, onDone }: FormProps & { readonly onDone: () => void }): JSX.Element {
  const [reason, setReason] = useState('');
  return (
    <form
      class="ignore"
      onSubmit={(event) => {
        event.preventDefault();
        void acts.act(change, { state: 'ignored', reason }).then((fine) => {
          if (fine) onDone();
        });
      }}
    >
      <label>
        Why is it not worth looking at?
        <input
          class="input small"
          required
          maxLength={200}
          value={reason}
          ref={(input) => {
            // asked for by the button that opened it
            if (input !== null && document.activeElement?.matches('.ignore-open') === true) input.focus();
          }}
          onInput={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
      </label>
      <button type="submit" class="button primary" disabled={reason.trim() === '' || acts.busy}>
        Ignore
      </button>
      <button type="button" class="button" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

export function ChangeDetail({ change, labels, acts }: FormProps & { readonly labels: Labels }): JSX.Element {
  return (
    <div class="change-detail">
      <p class="sentence">{change.sentence}</p>
      <div class="change-parts">
        <Facts change={change} />
        <Causes change={change} labels={labels} />
        <History change={change} />
        <SaidForm key={`${String(change.id)}-${change.owner}-${change.link}-${change.note}`} change={change} acts={acts} />
      </div>
    </div>
  );
}
