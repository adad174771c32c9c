import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import {
  Inventory,
  InventoryChanged,
  InventorySince,
  Stack,
  UniqueItem,
} from '../protocol/generated';
import { InventoryCache, Remembered } from './inventory-cache';

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

  private character = 0;
  /** What the browser has kept, as long as the server has not said what came after. */
  private kept: Promise<Remembered | null> = Promise.resolve(null);

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
    this.socket.remembered = async () => {
      const kept = this.isFromCache() ? await this.kept : null;
      return kept?.content ? { seen: kept.seq, content: kept.content } : null;
    };
  }

  /** Show at once what this character had when it was last seen here; whatever the server says is newer. */
  async recall(character: number): Promise<void> {
    this.inventory.set(EMPTY);
    this.isFromCache.set(true);
    this.character = character;
    this.kept = this.cache.read(character);
    const kept = await this.kept;
    if (kept && this.isFromCache() && this.character === character) {
      this.inventory.set({ ...EMPTY, ...kept.inventory });
    }
  }

  private take(update: StreamUpdate): void {
    const before = this.inventory();
    const after = reduceInventory(before, update);
    if (update.t === 'me.snapshot' && after === null) return this.socket.askWhole('me');
    if (after === null || after === before) return;
    this.inventory.set(after);
    // A difference to what is only remembered is not known to be whole: the snapshot comes first.
    if (update.t === 'me.snapshot') this.isFromCache.set(false);
    const hello = this.socket.hello();
    if (hello?.character && !this.isFromCache()) {
      const kept = { seq: update.last, content: hello.content.hash, inventory: after };
      void this.cache.keep(hello.character.id, kept);
    }
  }
}

/** What is held after an update; null where it does not come to what the server says: ask for it whole. */
export function reduceInventory(inventory: Inventory, update: StreamUpdate): Inventory | null {
  if (update.t === 'me.snapshot') {
    const { inventory: whole, inventory_since: since } = update.d.parts;
    return since ? reconciled(inventory, since) : (whole ?? inventory);
  }
  return update.t === 'economy.inventory_changed' ? changed(inventory, update.d) : inventory;
}

function reconciled(kept: Inventory, since: InventorySince): Inventory | null {
  const { glim, stacks, items } = since.changes.reduce(changed, kept);
  const pieces = stacks.reduce((sum, { count }) => sum + count, 0);
  if (glim !== since.glim || pieces !== since.pieces || items.length !== since.items) return null;
  return { glim, stacks, items, carries_most: since.carries_most, prepared: since.prepared };
}

function changed(inventory: Inventory, change: InventoryChanged): Inventory {
  const { glim, stacks, items, gone, prepared } = change;
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
