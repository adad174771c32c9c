import { Injectable, inject, signal } from '@angular/core';
import { Rest } from '../rest/rest';
import { DiceFile, checkedDice } from './dice-file';

/** Dice thrown outside battles: from the game, or from a file that somebody opened. */
@Injectable({ providedIn: 'root' })
export class DiceArchive {
  /** The text of the file that was opened last. */
  readonly opened = signal('');
  private readonly rest = inject(Rest);

  async exported(character: number, pair: number): Promise<DiceFile> {
    return checkedDice(await this.rest.get(diceAddress(character, pair)));
  }
}

export function diceAddress(character: number, pair: number): string {
  return `/api/v1/characters/${character}/dice/${pair}`;
}
