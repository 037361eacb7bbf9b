// SPDX-License-Identifier: LGPL-2.1-or-later

// words to search for, and label values that complete what is typed

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { LabelKey } from './api';
import { Icon } from './icons';
import { parseSelector } from './labels';
import { formatNumber } from './unit';

const SUGGESTIONS = 8;
const TYPING_MS = 180;

export interface Suggestion {
  readonly selector: string;
  readonly key: string;
  readonly value: string;
  readonly series: number;
}

/** Label values containing the last word typed, those starting with it first. */
export function suggest(keys: readonly LabelKey[], text: string): Suggestion[] {
  const word = (text.toLowerCase().split(/\s+/).pop() ?? '').replace(/^[a-z_][a-z0-9_.-]*:/, '');
  const onlyKey = /(?:^|\s)([a-z_][a-z0-9_.-]*):[^\s]*$/.exec(text)?.[1];
  if (word === '' && onlyKey === undefined) return [];
  const all = keys
    .filter((facet) => onlyKey === undefined || facet.key === onlyKey)
    .flatMap((facet) => facet.values.map((item) => ({ ...item, key: facet.key, selector: `${facet.key}:${item.value}` })));
  const hits = all.filter((item) => item.value.toLowerCase().includes(word));
  const starts = (item: Suggestion): number => (item.value.toLowerCase().startsWith(word) ? 0 : 1);
  return hits.sort((a, b) => starts(a) - starts(b) || b.series - a.series).slice(0, SUGGESTIONS);
}

interface SearchProps {
  readonly q: string;
  readonly keys: readonly LabelKey[];
  readonly onWords: (q: string) => void;
  readonly onSelector: (selector: string, q: string) => void;
}

interface Box {
  readonly active: number;
  readonly open: boolean;
}

function withoutLastWord(text: string): string {
  return text.replace(/\S*$/, '').trimEnd();
}

/** The words of what is typed, without a `key:value` that is not finished. */
export function wordsOf(text: string): string {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => !/^[a-z_][a-z0-9_.-]*:/.test(word))
    .join(' ');
}

interface Typing {
  readonly text: string;
  readonly type: (text: string) => void;
  readonly settle: (text: string) => void;
}

// words go into the address a moment after the last key, so that typing makes one request
function useTyping(q: string, onWords: (q: string) => void): Typing {
  const [text, setText] = useState(q);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const sent = useRef(q);
  useEffect(() => {
    if (q !== sent.current) setText(q);
    sent.current = q;
  }, [q]);
  const settle = (next: string): void => {
    clearTimeout(timer.current);
    sent.current = wordsOf(next);
    setText(next);
  };
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      settle(next);
      onWords(wordsOf(next));
    }, TYPING_MS);
  };
  return { text, type, settle };
}

export function SearchBox({ q, keys, onWords, onSelector }: SearchProps): JSX.Element {
  const { text, type, settle } = useTyping(q, onWords);
  const [box, setBox] = useState<Box>({ active: -1, open: false });
  const list = box.open ? suggest(keys, text) : [];
  const choose = (selector: string): void => {
    const rest = withoutLastWord(text);
    settle(rest);
    onSelector(selector, rest);
    setBox({ active: -1, open: false });
  };
  const enter = (): void => {
    const last = /\S*$/.exec(text)?.[0] ?? '';
    const picked = list[box.active];
    if (picked !== undefined) choose(picked.selector);
    else if (parseSelector(last) !== null) choose(last);
    else onWords(wordsOf(text));
    setBox({ active: -1, open: false });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter') enter();
    else if (event.key === 'Escape') setBox({ active: -1, open: false });
    else if (step !== 0 && list.length > 0) {
      event.preventDefault();
      setBox({ open: true, active: ((box.active + step + 1 + list.length + 1) % (list.length + 1)) - 1 });
    }
  };
  return (
    <div class="search" role="search">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        placeholder="Search series"
        aria-label="Search series"
        list={undefined}
        role="combobox"
        aria-expanded={list.length > 0}
        aria-controls="suggestions"
        aria-autocomplete="list"
        aria-activedescendant={box.active >= 0 ? `suggestion-${String(box.active)}` : undefined}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          type(event.currentTarget.value);
          setBox({ active: -1, open: true });
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          setBox({ active: -1, open: false });
        }}
      />
      <Suggestions list={list} active={box.active} onChoose={choose} />
    </div>
  );
}

interface SuggestionsProps {
  readonly list: readonly Suggestion[];
  readonly active: number;
  readonly onChoose: (selector: string) => void;
}

function Suggestions({ list, active, onChoose }: SuggestionsProps): JSX.Element {
  return (
    <ul id="suggestions" class="suggestions" role="listbox" aria-label="Label values" hidden={list.length === 0}>
      {list.map((item, i) => (
        <li
          key={item.selector}
          id={`suggestion-${String(i)}`}
          role="option"
          aria-selected={i === active}
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(item.selector);
          }}
        >
          <span class="tag-key">{item.key}</span>
          <span class="suggestion-value">{item.value}</span>
          <span class="facet-count">{formatNumber(item.series, 1)}</span>
        </li>
      ))}
    </ul>
  );
}
