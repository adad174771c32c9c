import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Inventory, InventoryChanged, Stack, UniqueItem } from '../protocol/generated';
import { InventoryCache } from './inventory-cache';

export const SLOTS = ['weapon', 'head', 'chest', 'boots', 'charm'] as const;
export type EquipmentSlot = (typeof SLOTS)[number];

const EMPTY: Inventory = { glim: 0, stacks: [], items: [], carries_most: 0, prepared: [] };

/** What the player holds and wears. */
@Injectable({ providedIn: 'root' })
export class InventoryStore {
  readonly inventory = signal<Inventory>(EMPTY);
  readonly worn = computed(() => this.inventory().items.filter(({ slot }) => slot !== null));
  readonly bag = computed(() => this.inventory().items.filter(({ slot }) => slot === null));

  /** What is shown is from the last visit: the server has not spoken yet. */
  readonly isFromCache = signal(false);

  private readonly cache = inject(InventoryCache);
  private readonly socket = inject(GameSocket);

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
  }

  /** Show at once what this character had when it was last seen here; whatever the server says is newer. */
  async recall(character: number): Promise<void> {
    this.inventory.set(EMPTY);
    this.isFromCache.set(true);
    const kept = await this.cache.read(character);
    if (kept && this.isFromCache()) this.inventory.set({ ...EMPTY, ...kept.inventory });
  }

  private take(update: StreamUpdate): void {
    const before = this.inventory();
    const after = reduceInventory(before, update);
    if (after === before) return;
    this.inventory.set(after);
    // A difference to what is only remembered is not known to be whole: the snapshot comes first.
    if (update.t === 'me.snapshot') this.isFromCache.set(false);
    const character = this.socket.hello()?.character?.id;
    if (character && !this.isFromCache()) {
      void this.cache.keep(character, { seq: update.last, inventory: after });
    }
  }
}

export function reduceInventory(inventory: Inventory, update: StreamUpdate): Inventory {
  if (update.t === 'me.snapshot') return update.d.parts.inventory ?? inventory;
  if (update.t !== 'economy.inventory_changed') return inventory;
  const { glim, stacks, items, gone, prepared }: InventoryChanged = update.d;
  return {
    ...inventory,
    prepared: prepared ?? inventory.prepared,
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
