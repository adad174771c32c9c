import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ItemStory } from '../ledger/item-story';
import { GoodsSeen, UniqueItem } from '../protocol/generated';
import { statName } from '../words/elements';
import { ItemFacts } from './item-facts';

/** Goods to look at: glim, parts of stacks, and items with their own stats. */
@Component({
  selector: 'aether-goods-list',
  imports: [Art, ItemFacts, ItemStory],
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
      @for (thing of goods().items; track thing.id) {
        <li [attr.data-testid]="'goods-' + thing.item">
          <aether-art folder="items" [name]="thing.item" [size]="28" />
          <div class="thing">
            <span
              >{{ catalogue.itemName(thing.item) }}
              <small class="muted">{{ statsOf(thing) }}</small></span
            >
            <aether-item-facts [item]="thing" />
            @if (hasStories()) {
              <aether-item-story [item]="thing.id" />
            }
          </div>
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
    .thing {
      display: grid;
      justify-items: start;
      min-width: 0;
    }
    aether-item-facts {
      font-size: 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GoodsList {
  readonly goods = input.required<GoodsSeen>();
  /** Whether the reader holds the items or is offered them, and so may know where they were. */
  readonly hasStories = input(true);

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly isEmpty = computed(() => {
    const { glim, stacks, items } = this.goods();
    return !glim && stacks.length + items.length === 0;
  });

  protected statsOf({ stats }: UniqueItem): string {
    return Object.entries(stats)
      .map(([stat, value]) => `${value > 0 ? '+' : ''}${value} ${statName(stat)}`)
      .join(', ');
  }
}
