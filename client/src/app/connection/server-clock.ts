import { Injectable, signal } from '@angular/core';

/** What the server's clock shows now, from the last time that it told. */
@Injectable({ providedIn: 'root' })
export class ServerClock {
  /** Milliseconds to add to `Date.now()` to get the server's time. */
  private readonly offsetMs = signal(0);

  set(serverSeconds: number): void {
    this.offsetMs.set(serverSeconds * 1000 - Date.now());
  }

  /** In seconds. */
  now(): number {
    return (Date.now() + this.offsetMs()) / 1000;
  }

  /** A moment of the server, in seconds, as milliseconds of this machine's `Date.now()`. */
  toLocalMs(serverSeconds: number): number {
    return serverSeconds * 1000 - this.offsetMs();
  }
}
