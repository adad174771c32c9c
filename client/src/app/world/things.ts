import { Injectable, inject, signal } from '@angular/core';
import { Refusal, StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Notices, injectAsk } from '../notices/notices';
import { Inspected } from '../protocol/generated';

const SOMEBODY_WAS_FASTER = 'world.stale_object';

/** The thing that the player looks at: what it is, what can be done with it, and what it has said. */
@Injectable({ providedIn: 'root' })
export class Things {
  readonly seen = signal<Inspected | null>(null);
  readonly says = signal<readonly string[]>([]);

  private readonly socket = inject(GameSocket);
  private readonly notices = inject(Notices);
  private readonly ask = injectAsk();

  constructor() {
    this.socket.updates.subscribe((update) => {
      const open = this.seen()?.object.id;
      if (!open) return;
      if (isGone(update, open)) this.leave();
      else if (changed(update).includes(open)) void this.lookAgain(open);
    });
  }

  /** What can be done in one way only is done at once; returns the window that opens, if any. */
  async use(object: string): Promise<string | null> {
    const seen = await this.ask(this.socket.send('world.inspect', { object }));
    if (!seen) return null;
    const [only, ...others] = seen.actions;
    if (only && others.length === 0 && !only.locked) return this.act(seen, only.action);
    this.show(seen, []);
    return null;
  }

  /** Do something with a thing as it was seen: who was slower than somebody else looks again. */
  async act(seen: Inspected, action: string): Promise<string | null> {
    const { id: object, version } = seen.object;
    try {
      const done = await this.socket.send('world.interact', { object, action, version });
      if (this.seen() || done.says.length) await this.lookAgain(object, done.says);
      return done.opens;
    } catch (error) {
      this.notices.refused(error);
      if (error instanceof Refusal && error.code === SOMEBODY_WAS_FASTER) {
        await this.lookAgain(object, []);
      }
      return null;
    }
  }

  leave(): void {
    this.seen.set(null);
  }

  /** Without anything new to read, what is read stays. */
  private async lookAgain(object: string, says?: readonly string[]): Promise<void> {
    const seen = await this.ask(this.socket.send('world.inspect', { object }));
    if (seen && (says || this.seen()?.object.id === object)) this.show(seen, says ?? this.says());
  }

  private show(seen: Inspected, says: readonly string[]): void {
    this.says.set(says);
    this.seen.set(seen);
  }
}

/** The things that an update says are others now, or may be used otherwise. */
function changed(update: StreamUpdate): readonly string[] {
  if (update.t === 'world.object_changed') return [update.d.object.id];
  if (update.t === 'world.objects_changed') return update.d.objects.map(({ id }) => id);
  if (update.t !== 'world.changed') return [];
  return update.d.changes.flatMap((change) => (change.c === 'object' ? [change.object.id] : []));
}

/** Tells if an update lists what the player sees, and a thing is not there any more. */
function isGone(update: StreamUpdate, object: string): boolean {
  return update.t === 'world.objects_changed' && !changed(update).includes(object);
}
