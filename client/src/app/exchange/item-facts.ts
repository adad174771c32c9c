import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { UniqueItem } from '../protocol/generated';

/** What one should know of a unique item beside its stats: how worn, how well made, and whose it stays. */
@Component({
  selector: 'aether-item-facts',
  template: `
    @if (item().is_fine) {
      <span class="muted" data-testid="fine" i18n="@@inventory.fine">Fine work.</span>
    }
    @if (left(); as points) {
      <span [class.problem]="isWorn()" data-testid="durability">
        @if (points.left === 0) {
          <ng-container i18n="@@inventory.broken">Broken: it gives nothing.</ng-container>
        } @else {
          <ng-container i18n="@@inventory.durability"
            >Durability {{ points.left }} of {{ points.most }}</ng-container
          >
        }
      </span>
    }
    @if (item().is_bound) {
      <span class="muted" data-testid="bound" i18n="@@inventory.bound">Bound to you.</span>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 2px 10px;
    }
    :host(:not(:has(span))) {
      display: none;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ItemFacts {
  readonly item = input.required<UniqueItem>();

  protected readonly left = computed(() => {
    const { item, durability } = this.item();
    const most = this.catalogue.all().items[item]?.durability;
    return most && durability !== null && durability !== undefined
      ? { left: durability, most }
      : null;
  });
  /** From half on, whoever is offered it should notice. */
  protected readonly isWorn = computed(() => {
    const points = this.left();
    return points !== null && points.left * 2 <= points.most;
  });

  private readonly catalogue = inject(CatalogueStore);
}
