import { Injectable, inject, signal } from '@angular/core';
import { BattleState, reduceBattle } from '../battle/battle-state';
import { BattleStore } from '../battle/battle-store';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { HelloReply, LiveBattle, LiveBattles, WatchedBattle } from '../protocol/generated';
import { Rest } from '../rest/rest';

/** The battle of others that the player watches, if any, and those that there are to watch. */
@Injectable({ providedIn: 'root' })
export class SpectateStore {
  readonly watched = signal<WatchedBattle | null>(null);
  readonly state = signal<BattleState | null>(null);

  private readonly socket = inject(GameSocket);
  private readonly battles = inject(BattleStore);
  private readonly rest = inject(Rest);

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
    this.socket.welcomed.subscribe((hello) => this.comeBack(hello));
  }

  async live(character: number): Promise<readonly LiveBattle[]> {
    const path = `/api/v1/battles/live?character=${character}`;
    return (await this.rest.get<LiveBattles>(path)).battles;
  }

  /** The snapshot follows the reply. */
  async watch(battle: number): Promise<void> {
    this.show(await this.socket.send('combat.spectate', { battle }));
  }

  leave(): void {
    const watched = this.watched();
    if (!watched) return;
    this.forget();
    this.socket.forget(watched.stream);
    this.socket.send('combat.stop_spectating', { battle: watched.battle }).catch(() => undefined);
  }

  forget(): void {
    this.watched.set(null);
    this.state.set(null);
  }

  private show(watched: WatchedBattle): void {
    if (this.state()?.stream !== watched.stream) this.state.set(null);
    this.battles.overlook(watched.stream);
    this.watched.set(watched);
  }

  private take(update: StreamUpdate): void {
    switch (update.t) {
      case 'me.snapshot':
        return this.goOn(update.d.parts.watched);
      case 'combat.watched':
        return update.d.watched ? this.show(update.d.watched) : this.forget();
      case 'combat.spectators':
        return this.count(update.d.battle, update.d.spectators);
    }
    if (update.s === this.watched()?.stream) {
      this.state.update((state) => reduceBattle(state, update, this.battles.wordsFor));
    }
  }

  /** After the page was loaded again the server still knows what was watched, but sends it no more. */
  private goOn(watched: WatchedBattle | null): void {
    if (!watched) return this.forget();
    this.show(watched);
    if (this.socket.seen(watched.stream) === undefined) this.ask(watched.battle);
  }

  /** A connection that has come back without the battle asks for it. */
  private comeBack({ topics }: HelloReply): void {
    const watched = this.watched();
    if (watched && !(watched.stream in topics)) this.ask(watched.battle);
  }

  private ask(battle: number): void {
    this.watch(battle).catch(() => this.forget());
  }

  private count(battle: number, spectators: number): void {
    this.watched.update((known) => (known?.battle === battle ? { ...known, spectators } : known));
  }
}
