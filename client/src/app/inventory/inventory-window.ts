import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { ItemFacts } from '../exchange/item-facts';
import { ItemStory } from '../ledger/item-story';
import { MovementList } from '../ledger/movement-list';
import { injectAsk } from '../notices/notices';
import { ProfileStore } from '../profile/profile-store';
import { UniqueItem } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { statName } from '../words/elements';
import { DiscardThing } from './discard-thing';
import { EquipmentSlot, InventoryStore, SLOTS } from './inventory-store';
import { ItemSet } from './item-set';

const SLOT_NAMES: Readonly<Record<EquipmentSlot, string>> = {
  weapon: $localize`:@@slot.weapon:Weapon`,
  head: $localize`:@@slot.head:Head`,
  chest: $localize`:@@slot.chest:Chest`,
  boots: $localize`:@@slot.boots:Boots`,
  charm: $localize`:@@slot.charm:Charm`,
};

type Chosen =
  | { readonly kind: 'item'; readonly id: string }
  | { readonly kind: 'stack'; readonly item: string };

/** What the character wears and carries. */
@Component({
  selector: 'aether-inventory-window',
  imports: [Art, DiscardThing, ItemFacts, ItemSet, ItemStory, MovementList, WindowFrame],
  templateUrl: './inventory-window.html',
  styleUrl: './inventory-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InventoryWindow {
  readonly closed = output();

  protected readonly store = inject(InventoryStore);
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly heading = $localize`:@@inventory.title:Inventory`;
  protected readonly statName = statName;
  protected readonly isBusy = signal(false);
  protected readonly tab = signal<'goods' | 'movements'>('goods');
  protected readonly slots = computed(() =>
    SLOTS.map((slot) => ({
      slot,
      name: SLOT_NAMES[slot],
      item: this.store.worn().find((item) => item.slot === slot) ?? null,
    })),
  );
  protected readonly chosen = signal<Chosen | null>(null);
  protected readonly chosenItem = computed(() => {
    const chosen = this.chosen();
    if (chosen?.kind !== 'item') return null;
    return this.store.inventory().items.find(({ id }) => id === chosen.id) ?? null;
  });
  protected readonly chosenInfo = computed(() => {
    const chosen = this.chosen();
    const id = chosen?.kind === 'stack' ? chosen.item : this.chosenItem()?.item;
    return id ? (this.catalogue.all().items[id] ?? null) : null;
  });
  protected readonly isTooHard = computed(
    () => (this.chosenInfo()?.level ?? 1) > (this.profile.profile()?.level ?? 1),
  );

  /** Which classes an item is for, where it is not for all. */
  protected readonly onlyFor = computed(() =>
    (this.chosenInfo()?.classes ?? []).map((id) => this.catalogue.className(id)).join(', '),
  );
  protected readonly isOfOthers = computed(() => {
    const classes = this.chosenInfo()?.classes ?? [];
    const own = this.profile.profile()?.class_id;
    return classes.length > 0 && own !== undefined && !classes.includes(own);
  });
  protected readonly weight = computed(() => {
    const { stacks, items } = this.store.inventory();
    const weightOf = (item: string) => this.catalogue.all().items[item]?.weight ?? 1;
    const stacked = stacks.reduce((sum, { item, count }) => sum + count * weightOf(item), 0);
    return items.reduce((sum, { item }) => sum + weightOf(item), stacked);
  });
  protected readonly repairPrice = computed(() => {
    const item = this.chosenItem();
    const info = this.chosenInfo();
    if (!item || !info?.durability || item.durability === null) return 0;
    return (info.durability - item.durability) * (info.repair ?? 1);
  });
  protected readonly usable = computed(() => {
    const chosen = this.chosen();
    if (chosen?.kind !== 'stack' || !this.chosenInfo()?.use) return null;
    const has = this.store.inventory().stacks.some(({ item }) => item === chosen.item);
    return has ? chosen.item : null;
  });

  /** What is chosen, where it may be thrown away. */
  protected readonly loose = computed(() => {
    const item = this.chosenItem();
    if (this.chosenInfo()?.kind === 'quest' || item?.slot) return null;
    if (item) return { instance: item.id, held: 1 };
    const chosen = this.chosen();
    if (chosen?.kind !== 'stack') return null;
    const stack = this.store.inventory().stacks.find((each) => each.item === chosen.item);
    return stack ? { instance: null, held: stack.count } : null;
  });

  private readonly socket = inject(GameSocket);
  private readonly profile = inject(ProfileStore);
  private readonly ask = injectAsk();

  protected chooseItem(item: UniqueItem): void {
    this.chosen.set({ kind: 'item', id: item.id });
  }

  protected statsOf(item: UniqueItem): readonly [string, number][] {
    return Object.entries(item.stats);
  }

  protected async equip(item: UniqueItem): Promise<void> {
    this.isBusy.set(true);
    await this.ask(this.socket.send('economy.equip', { item: item.id }));
    this.isBusy.set(false);
  }

  protected async use(item: string): Promise<void> {
    this.isBusy.set(true);
    await this.ask(this.socket.send('economy.use', { item }));
    this.isBusy.set(false);
  }

  protected async repair(item: UniqueItem): Promise<void> {
    this.isBusy.set(true);
    const body = { item: item.id, expected_price: this.repairPrice() };
    await this.ask(this.socket.send('economy.repair', body));
    this.isBusy.set(false);
  }

  protected async unequip(slot: string): Promise<void> {
    this.isBusy.set(true);
    await this.ask(this.socket.send('economy.unequip', { slot: slot as EquipmentSlot }));
    this.isBusy.set(false);
  }
}
