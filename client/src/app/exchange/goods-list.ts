import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ItemStory } from '../ledger/item-story';
import { GoodsSeen } from '../protocol/generated';
import { ItemFacts } from './item-facts';
import { statWords } from './stat-words';

/** Goods to look at: glim, parts of stacks, and items with their own stats. */
@Component({
  selector: 'aether-goods-list',
  imports: [Art, ItemFacts, ItemStory, NgTemplateOutlet],
  template: `
    <ul>
      @if (goods().glim) {
        <li>
          <aether-art folder="items" name="glim" [size]="28" />
          <span class="thing">{{ goods().glim }} glim</span>
          <ng-container
            [ngTemplateOutlet]="take"
            [ngTemplateOutletContext]="{ asset: 'glim', name: 'glim' }"
          />
        </li>
      }
      @for (stack of goods().stacks; track stack.item) {
        <li>
          <aether-art folder="items" [name]="stack.item" [size]="28" />
          <span class="thing">{{ stack.count }} × {{ catalogue.itemName(stack.item) }}</span>
          <ng-container
            [ngTemplateOutlet]="take"
            [ngTemplateOutletContext]="{ asset: stack.item, name: stack.item }"
          />
        </li>
      }
      @for (thing of goods().items; track thing.id) {
        <li class="unique" [attr.data-testid]="'goods-' + thing.item">
          <aether-art folder="items" [name]="thing.item" [size]="28" />
          <div class="thing">
            <span
              >{{ catalogue.itemName(thing.item) }}
              <small class="muted">{{ statWords(thing) }}</small></span
            >
            <aether-item-facts [item]="thing" />
            @if (hasStories()) {
              <aether-item-story [item]="thing.id" />
            }
          </div>
          <ng-container
            [ngTemplateOutlet]="take"
            [ngTemplateOutletContext]="{ asset: 'item:' + thing.id, name: thing.item }"
          />
        </li>
      }
      @if (isEmpty()) {
        <li class="muted" i18n="@@goods.nothing">Nothing</li>
      }
    </ul>
    <ng-template #take let-asset="asset" let-name="name">
      @if (isTakeable()) {
        <button
          class="button button--small"
          type="button"
          [attr.data-testid]="'take-' + name"
          [disabled]="isBusy()"
          (click)="taken.emit(asset)"
          i18n="@@goods.take"
        >
          Take
        </button>
      }
    </ng-template>
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
    .unique {
      align-items: start;
    }
    .thing {
      display: grid;
      flex: 1;
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
  /** Whether each of them may be taken by itself. */
  readonly isTakeable = input(false);
  readonly isBusy = input(false);
  /** The asset that the reader takes: `glim`, an item that stacks, or `item:<id>`. */
  readonly taken = output<string>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly statWords = statWords;
  protected readonly isEmpty = computed(() => {
    const { glim, stacks, items } = this.goods();
    return !glim && stacks.length + items.length === 0;
  });
}
