import { Injectable, inject, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { DiceSeen, SeedPairs } from '../protocol/generated';
import { Rest } from '../rest/rest';
import { seedOf } from './seed';
import { rememberCommitment } from './told-commitments';

/**
 * The pairs of seeds behind the player's dice outside battles. Where the player has not put in a word, chance does:
 * otherwise the house alone would know what it throws with.
 */
@Injectable({ providedIn: 'root' })
export class DiceStore {
  readonly dice = signal<DiceSeen | null>(null);
  readonly character = signal(0);
  private readonly socket = inject(GameSocket);
  private readonly rest = inject(Rest);

  constructor() {
    this.socket.welcomed.subscribe(({ character }) => {
      this.character.set(character?.id ?? 0);
      // Nobody has asked for it: what is refused here is said when the player does.
      this.load().catch(() => undefined);
    });
    this.socket.updates.subscribe((update) => {
      if (update.t === 'economy.dice_changed') void this.show(update.d.dice).catch(() => undefined);
    });
  }

  async load(): Promise<void> {
    await this.show(await this.socket.send('economy.dice', {}));
  }

  async share(word: string): Promise<void> {
    const pair = this.dice()?.waiting.number;
    if (pair) this.keep(await this.socket.send('economy.dice_share', { pair, seed: seedOf(word) }));
  }

  /** End the pair in use, so that it can be checked. */
  async reveal(): Promise<void> {
    await this.show(await this.socket.send('economy.dice_show', {}));
  }

  /** Pairs that have ended, the last first. */
  ended(before: number | null): Promise<SeedPairs> {
    const page = before === null ? '' : `?before=${before}`;
    return this.rest.get(`/api/v1/characters/${this.character()}/dice${page}`);
  }

  forget(): void {
    this.dice.set(null);
    this.character.set(0);
  }

  private async show(dice: DiceSeen): Promise<void> {
    this.keep(dice);
    if (!dice.waiting.client_seed) await this.share('');
  }

  private keep(dice: DiceSeen): void {
    this.dice.set(dice);
    rememberCommitment(this.character(), dice.waiting.number, dice.waiting.commitment);
  }
}
