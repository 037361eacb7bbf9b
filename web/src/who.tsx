// SPDX-License-Identifier: LGPL-2.1-or-later

// the reader's name, which this browser remembers

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

const KEY = 'perfdash-who';

export function readWho(): string {
  return localStorage.getItem(KEY) ?? '';
}

export function WhoField(): JSX.Element {
  const [who, setWho] = useState(readWho);
  return (
    <label class="who">
      Your name
      <input
        class="input small"
        maxLength={100}
        placeholder="somebody"
        autoComplete="name"
        value={who}
        onInput={(event) => {
          setWho(event.currentTarget.value);
          localStorage.setItem(KEY, event.currentTarget.value.trim());
        }}
      />
    </label>
  );
}
