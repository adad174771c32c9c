import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Crafting } from '../protocol/generated';

const EMPTY: Crafting = {
  professions: [],
  recipes: [],
  craft: null,
  gathered_today: 0,
  soft_cap: 0,
};

/** What the player has learnt and is making. */
@Injectable({ providedIn: 'root' })
export class CraftingStore {
  readonly crafting = signal<Crafting>(EMPTY);
  readonly levels = computed(
    () => new Map(this.crafting().professions.map(({ profession, level }) => [profession, level])),
  );

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.crafting.update((crafting) => reduceCrafting(crafting, update)),
    );
  }
}

export function reduceCrafting(crafting: Crafting, update: StreamUpdate): Crafting {
  switch (update.t) {
    case 'me.snapshot':
      return update.d.parts.crafting ?? crafting;
    case 'economy.craft_changed':
      return { ...crafting, craft: update.d.craft };
    case 'economy.recipe_learnt':
      return { ...crafting, recipes: [...crafting.recipes, update.d.recipe] };
    case 'economy.profession_changed': {
      const { profession } = update.d;
      const others = crafting.professions.filter(
        (each) => each.profession !== profession.profession,
      );
      return { ...crafting, professions: [...others, profession] };
    }
    case 'world.gathering_ended':
      return update.d.outcome === 'done'
        ? { ...crafting, gathered_today: crafting.gathered_today + 1 }
        : crafting;
    default:
      return crafting;
  }
}
