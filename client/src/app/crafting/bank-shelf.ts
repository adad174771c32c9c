import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Bank } from '../protocol/generated';

/** So much of something, on its way over the counter. */
export interface Portion {
  item: string;
  count: number;
}

interface Row {
  item: string;
  art: string;
  label: string;
  /** What can be moved at once, and what the button for it is called by tests. */
  moves: readonly { count: number; label: string; test: string }[];
  count: number;
}

/** One side of the counter: what lies there, and what brings it over to the other. */
@Component({
  selector: 'aether-bank-shelf',
  imports: [Art],
  template: `
    <h3>{{ heading() }}</h3>
    <ul>
      @for (row of rows(); track row.item) {
        <li>
          <aether-art folder="items" [name]="row.art" [size]="34" />
          <span class="name">{{ row.label }}</span>
          @for (move of row.moves; track move.count) {
            <button
              class="button button--small"
              type="button"
              [attr.data-testid]="move.test"
              [disabled]="isBusy() || row.count < move.count"
              (click)="moved.emit({ item: row.item, count: move.count })"
            >
              {{ move.label }}
            </button>
          }
        </li>
      } @empty {
        <li class="muted" i18n="@@bank.nothing">Nothing.</li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      gap: 6px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .name {
      flex: 1;
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BankShelf {
  readonly heading = input.required<string>();
  readonly goods = input.required<Bank>();
  /** What the way over is called, for people and for tests. */
  readonly verb = input.required<string>();
  readonly act = input.required<'deposit' | 'withdraw'>();
  /** How much glim goes over at a time; all of it if nothing is said. */
  readonly glimPortions = input<readonly number[]>([]);
  readonly isBusy = input(false);
  readonly moved = output<Portion>();

  protected readonly rows = computed<Row[]>(() => {
    const { glim, stacks, items } = this.goods();
    const name = (item: string) => this.catalogue.itemName(item);
    return [
      ...(glim ? [this.glimRow(glim)] : []),
      ...stacks.map(({ item, count }) => this.row(item, item, `${count} × ${name(item)}`, count)),
      ...items.map(({ id, item }) => this.row(id, item, name(item), 1)),
    ];
  });

  private readonly catalogue = inject(CatalogueStore);

  private row(item: string, art: string, label: string, count: number): Row {
    const moves = [{ count, label: this.verb(), test: `${this.act()}-${art}` }];
    return { item, art, label, moves, count };
  }

  private glimRow(glim: number): Row {
    const whole = this.row('glim', 'glim', `${glim}`, glim);
    const parts = this.glimPortions().map((count) => {
      return { count, label: `${count} →`, test: `${this.act()}-glim-${count}` };
    });
    return parts.length ? { ...whole, moves: parts } : whole;
  }
}
