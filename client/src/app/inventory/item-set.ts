import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { statName } from '../words/elements';
import { InventoryStore } from './inventory-store';

/** The set that an item belongs to: which pieces are worn, and what so many of them add. */
@Component({
  selector: 'aether-item-set',
  template: `
    @if (set(); as set) {
      <section data-testid="item-set">
        <h4>{{ set.name }}</h4>
        <ul>
          @for (piece of pieces(); track piece.item) {
            <li [class.muted]="!piece.isWorn">
              {{ piece.isWorn ? '✓' : '·' }} {{ catalogue.itemName(piece.item) }}
            </li>
          }
        </ul>
        <ul>
          @for (bonus of bonuses(); track bonus.pieces) {
            <li [class.muted]="!bonus.isReached" [attr.data-testid]="'set-bonus-' + bonus.pieces">
              <ng-container i18n="@@inventory.setBonus"
                >{{ bonus.pieces }} worn: {{ bonus.what }}</ng-container
              >
            </li>
          }
        </ul>
      </section>
    }
  `,
  styleUrl: './item-set.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ItemSet {
  readonly item = input.required<string>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly set = computed(() =>
    Object.values(this.catalogue.all().sets).find(({ items }) => items.includes(this.item())),
  );
  protected readonly pieces = computed(() => {
    // What is broken gives nothing, and counts for no set.
    const whole = this.store.worn().filter(({ durability }) => durability !== 0);
    const worn = new Set(whole.map(({ item }) => item));
    return (this.set()?.items ?? []).map((item) => ({ item, isWorn: worn.has(item) }));
  });
  protected readonly bonuses = computed(() => {
    const count = this.pieces().filter(({ isWorn }) => isWorn).length;
    return (this.set()?.bonuses ?? []).map(({ pieces, stats }) => ({
      pieces,
      what: Object.entries(stats).map(signed).join(', '),
      isReached: pieces <= count,
    }));
  });

  private readonly store = inject(InventoryStore);
}

function signed([stat, value]: [string, number]): string {
  return `${value > 0 ? '+' : ''}${value} ${statName(stat)}`;
}
