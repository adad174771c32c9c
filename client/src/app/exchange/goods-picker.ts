import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  linkedSignal,
  output,
  input,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { InventoryStore } from '../inventory/inventory-store';
import { GoodsSeen } from '../protocol/generated';
import { numberIn } from './fields';
import { ItemFacts } from './item-facts';
import { statWords } from './stat-words';

export interface PickedGoods {
  readonly glim: number;
  readonly stacks: readonly { readonly item: string; readonly count: number }[];
  readonly items: readonly string[];
}

export const NO_GOODS: PickedGoods = { glim: 0, stacks: [], items: [] };

/** Chooses what to give out of the player's own bag. */
@Component({
  selector: 'aether-goods-picker',
  imports: [Art, ItemFacts],
  template: `
    <label class="glim">
      <aether-art folder="items" name="glim" [size]="26" />
      <span class="visually-hidden" i18n="@@goods.glim">Glim to give</span>
      <input
        class="input"
        type="number"
        min="0"
        inputmode="numeric"
        data-testid="give-glim"
        [max]="inventory.inventory().glim"
        [value]="picked().glim || ''"
        (change)="chooseGlim(numberIn($event))"
      />
      <small class="muted" i18n="@@goods.ofGlim">of {{ inventory.inventory().glim }}</small>
    </label>
    <ul>
      @for (stack of stacks(); track stack.item) {
        <li>
          <aether-art folder="items" [name]="stack.item" [size]="26" />
          <span class="name">{{ catalogue.itemName(stack.item) }}</span>
          <input
            class="input count"
            type="number"
            min="0"
            inputmode="numeric"
            [max]="stack.count"
            [value]="countOf(stack.item) || ''"
            [attr.aria-label]="catalogue.itemName(stack.item)"
            [attr.data-testid]="'give-' + stack.item"
            (change)="chooseStack(stack.item, numberIn($event), stack.count)"
          />
          <small class="muted" i18n="@@goods.ofStack">of {{ stack.count }}</small>
        </li>
      }
      @for (thing of items(); track thing.id) {
        <li>
          <aether-art folder="items" [name]="thing.item" [size]="26" />
          <label class="name">
            <input
              type="checkbox"
              [checked]="picked().items.includes(thing.id)"
              [attr.data-testid]="'give-' + thing.item"
              (change)="toggleItem(thing.id)"
            />
            {{ catalogue.itemName(thing.item) }}
            <small class="muted">{{ statWords(thing) }}</small>
            <aether-item-facts [item]="thing" />
          </label>
        </li>
      }
    </ul>
  `,
  styles: `
    .glim,
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    ul {
      display: grid;
      gap: 4px;
      margin-top: 6px;
    }
    .name {
      flex: 1;
      min-width: 0;
    }
    aether-item-facts {
      font-size: 14px;
    }
    .input {
      width: 110px;
      min-height: 32px;
      padding: 3px 8px;
    }
    .count {
      width: 78px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GoodsPicker {
  /** What was given so far, as the server knows it; a change of it replaces what is chosen here. */
  readonly given = input<GoodsSeen | null>(null);
  readonly changed = output<PickedGoods>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly numberIn = numberIn;
  protected readonly statWords = statWords;
  protected readonly picked = linkedSignal(() => pickedOf(this.given()));
  protected readonly stacks = computed(() =>
    this.inventory
      .inventory()
      .stacks.filter(({ item }) => this.catalogue.all().items[item]?.kind !== 'quest'),
  );
  protected readonly items = computed(() =>
    this.inventory.bag().filter(({ is_bound }) => !is_bound),
  );

  protected countOf(item: string): number {
    return this.picked().stacks.find((stack) => stack.item === item)?.count ?? 0;
  }

  protected chooseGlim(glim: number): void {
    this.choose({ ...this.picked(), glim: Math.min(glim, this.inventory.inventory().glim) });
  }

  protected chooseStack(item: string, count: number, most: number): void {
    const others = this.picked().stacks.filter((stack) => stack.item !== item);
    const chosen = count > 0 ? [...others, { item, count: Math.min(count, most) }] : others;
    this.choose({ ...this.picked(), stacks: chosen });
  }

  protected toggleItem(id: string): void {
    const { items } = this.picked();
    const chosen = items.includes(id) ? items.filter((each) => each !== id) : [...items, id];
    this.choose({ ...this.picked(), items: chosen });
  }

  private choose(picked: PickedGoods): void {
    this.picked.set(picked);
    this.changed.emit(picked);
  }
}

function pickedOf(given: GoodsSeen | null): PickedGoods {
  if (!given) return NO_GOODS;
  return { glim: given.glim, stacks: given.stacks, items: given.items.map(({ id }) => id) };
}
