import { Injectable, inject, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';

/** Whom the player does not want to hear, by name, on whichever shard they are. */
@Injectable({ providedIn: 'root' })
export class BlockedStore {
  readonly names = signal<readonly string[]>([]);

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    this.socket.welcomed.subscribe(() => void this.load());
  }

  has(name: string): boolean {
    return this.names().includes(name);
  }

  /** Tells if it is so now: the server knows whether somebody bears that name. */
  async block(name: string): Promise<boolean> {
    return this.changed(await this.ask(this.socket.send('chat.block', { name })));
  }

  async unblock(name: string): Promise<boolean> {
    return this.changed(await this.ask(this.socket.send('chat.unblock', { name })));
  }

  forget(): void {
    this.names.set([]);
  }

  private async changed(done: unknown): Promise<boolean> {
    if (!done) return false;
    await this.load();
    return true;
  }

  private async load(): Promise<void> {
    const told = await this.ask(this.socket.send('chat.blocked', {}));
    if (told) this.names.set(told.names);
  }
}
