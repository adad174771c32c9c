import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GoodsSeen } from '../protocol/generated';
import { statName } from '../words/elements';

/** Goods to look at: glim, parts of stacks, and items with their own stats. */
@Component({
  selector: 'aether-goods-list',
  imports: [Art],
  template: `
    <ul>
      @if (goods().glim) {
        <li><aether-art folder="items" name="glim" [size]="28" /> {{ goods().glim }} glim</li>
      }
      @for (stack of goods().stacks; track stack.item) {
        <li>
          <aether-art folder="items" [name]="stack.item" [size]="28" />
          {{ stack.count }} × {{ catalogue.itemName(stack.item) }}
        </li>
      }
      @for (thing of items(); track thing.id) {
        <li [title]="thing.stats">
          <aether-art folder="items" [name]="thing.item" [size]="28" />
          <span
            >{{ catalogue.itemName(thing.item) }}
            <small class="muted">{{ thing.stats }}</small></span
          >
        </li>
      }
      @if (isEmpty()) {
        <li class="muted" i18n="@@goods.nothing">Nothing</li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      gap: 4px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GoodsList {
  readonly goods = input.required<GoodsSeen>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly items = computed(() =>
    this.goods().items.map(({ id, item, stats }) => ({
      id,
      item,
      stats: Object.entries(stats)
        .map(([stat, value]) => `${value > 0 ? '+' : ''}${value} ${statName(stat)}`)
        .join(', '),
    })),
  );
  protected readonly isEmpty = computed(() => {
    const { glim, stacks, items } = this.goods();
    return !glim && stacks.length + items.length === 0;
  });
}
