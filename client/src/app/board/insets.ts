import { DestroyRef, Signal, computed, inject, signal } from '@angular/core';
import { Insets } from './board-types';

const NARROW = '(max-width: 720px)';

/** What the panels over a board take of it: on a narrow screen they stand one above the other. */
export function injectInsets(wide: Insets, narrow: Insets): Signal<Insets> {
  const isNarrow = injectMatch(NARROW);
  return computed(() => (isNarrow() ? narrow : wide));
}

/** Whether the screen is like that, as long as whoever injects it is shown. */
function injectMatch(query: string): Signal<boolean> {
  const list = globalThis.matchMedia?.(query);
  const matches = signal(list?.matches ?? false);
  const look = () => matches.set(list.matches);
  list?.addEventListener('change', look);
  inject(DestroyRef).onDestroy(() => list?.removeEventListener('change', look));
  return matches.asReadonly();
}
