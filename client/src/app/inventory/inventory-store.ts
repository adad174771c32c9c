import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Inventory, InventoryChanged, Stack, UniqueItem } from '../protocol/generated';

export const SLOTS = ['weapon', 'head', 'chest', 'boots', 'charm'] as const;
export type EquipmentSlot = (typeof SLOTS)[number];

const EMPTY: Inventory = { glim: 0, stacks: [], items: [] };

/** What the player holds and wears. */
@Injectable({ providedIn: 'root' })
export class InventoryStore {
  readonly inventory = signal<Inventory>(EMPTY);
  readonly worn = computed(() => this.inventory().items.filter(({ slot }) => slot !== null));
  readonly bag = computed(() => this.inventory().items.filter(({ slot }) => slot === null));

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.inventory.update((inventory) => reduceInventory(inventory, update)),
    );
  }
}

export function reduceInventory(inventory: Inventory, update: StreamUpdate): Inventory {
  if (update.t === 'me.snapshot') return update.d.parts.inventory ?? inventory;
  if (update.t !== 'economy.inventory_changed') return inventory;
  const { glim, stacks, items, gone }: InventoryChanged = update.d;
  return {
    glim: glim ?? inventory.glim,
    stacks: withStacks(inventory.stacks, stacks),
    items: withItems(inventory.items, items).filter(({ id }) => !gone.includes(id)),
  };
}

function withStacks(stacks: readonly Stack[], changed: readonly Stack[]): Stack[] {
  const byItem = new Map([...stacks, ...changed].map((stack) => [stack.item, stack]));
  return [...byItem.values()].filter(({ count }) => count > 0);
}

function withItems(items: readonly UniqueItem[], changed: readonly UniqueItem[]): UniqueItem[] {
  return [...new Map([...items, ...changed].map((item) => [item.id, item])).values()];
}
