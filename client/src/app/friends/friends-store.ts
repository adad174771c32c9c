import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Notices, injectAsk } from '../notices/notices';
import { Friends } from '../protocol/generated';

const NOBODY: Friends = { friends: [], asking_me: [], asked: [] };

/** The friends of the player's character, who asks to be one, and who was asked. */
@Injectable({ providedIn: 'root' })
export class FriendsStore {
  readonly all = signal<Friends>(NOBODY);
  readonly isEmpty = computed(() => {
    const { friends, asking_me, asked } = this.all();
    return friends.length + asking_me.length + asked.length === 0;
  });

  private readonly socket = inject(GameSocket);
  private readonly notices = inject(Notices);
  private readonly ask = injectAsk();

  constructor() {
    this.socket.welcomed.subscribe(() => void this.load());
    this.socket.updates.subscribe((update) => this.take(update));
  }

  /** Tells if somebody is neither a friend nor asked to be one. */
  mayAsk(name: string): boolean {
    const { friends, asked } = this.all();
    return !asked.includes(name) && friends.every((friend) => friend.name !== name);
  }

  /** Asks somebody, or agrees to who has asked. */
  add(name: string): Promise<unknown> {
    return this.ask(this.socket.send('chat.friend_add', { name }));
  }

  remove(name: string): Promise<unknown> {
    return this.ask(this.socket.send('chat.friend_remove', { name }));
  }

  forget(): void {
    this.all.set(NOBODY);
  }

  /** Where friends are is not told step by step: whoever looks asks. */
  async load(): Promise<void> {
    const told = await this.ask(this.socket.send('chat.friends', {}));
    if (told) this.all.set(told);
  }

  private take(update: StreamUpdate): void {
    if (update.t === 'chat.friend_changed') {
      const { name, standing, is_again } = update.d;
      if (standing === 'asked_me' && !is_again)
        this.notices.news($localize`:@@friends.asks:${name}:name: wants to be your friend.`);
      if (standing === 'friends')
        this.notices.news($localize`:@@friends.made:You and ${name}:name: are friends now.`);
      void this.load();
    }
    if (update.t === 'chat.friend_seen') {
      const { name, is_online } = update.d;
      if (is_online) this.notices.news($localize`:@@friends.came:${name}:name: has come ashore.`);
      void this.load();
    }
  }
}
