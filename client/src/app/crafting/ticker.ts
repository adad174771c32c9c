import { DestroyRef, Signal, inject, signal } from '@angular/core';

/** `Date.now()`, looked at several times a second while whoever injects it is shown. */
export function injectNow(everyMs = 200): Signal<number> {
  const now = signal(Date.now());
  const timer = setInterval(() => now.set(Date.now()), everyMs);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return now;
}
