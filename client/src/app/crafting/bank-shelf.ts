import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { numberIn } from '../exchange/fields';
import { Bank } from '../protocol/generated';

/** So much of something, on its way over the counter. */
export interface Portion {
  item: string;
  count: number;
}

interface Row {
  readonly item: string;
  readonly art: string;
  readonly name: string;
  /** How many there are; null for what does not stack. */
  readonly most: number | null;
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
          <span class="name">
            @if (row.most !== null) {
              {{ row.most }} ×
            }
            {{ row.name }}
          </span>
          @if (row.most !== null && row.most > 1) {
            <input
              class="input"
              type="number"
              inputmode="numeric"
              min="1"
              [max]="row.most"
              [value]="countOf(row)"
              [attr.aria-label]="howMany(row)"
              [attr.data-testid]="act() + '-count-' + row.art"
              (change)="choose(row, $event)"
            />
          }
          <button
            class="button button--small"
            type="button"
            [attr.data-testid]="act() + '-' + row.art"
            [disabled]="isBusy()"
            (click)="move(row)"
          >
            {{ verb() }}
          </button>
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
    .input {
      width: 84px;
      min-height: 32px;
      padding: 3px 8px;
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
  readonly isBusy = input(false);
  readonly moved = output<Portion>();

  protected readonly rows = computed<Row[]>(() => {
    const { glim, stacks, items } = this.goods();
    const name = (item: string) => this.catalogue.itemName(item);
    return [
      ...(glim ? [{ item: 'glim', art: 'glim', name: 'glim', most: glim }] : []),
      ...stacks.map(({ item, count }) => ({ item, art: item, name: name(item), most: count })),
      ...items.map(({ id, item }) => ({ item: id, art: item, name: name(item), most: null })),
    ];
  });

  /** How many of each the player means to move, where that is not all. */
  private readonly counts = signal<ReadonlyMap<string, number>>(new Map());
  private readonly catalogue = inject(CatalogueStore);

  protected countOf({ item, most }: Row): number {
    return Math.min(this.counts().get(item) ?? Infinity, most ?? 1);
  }

  protected howMany({ name }: Row): string {
    return $localize`:@@bank.howMany:How many: ${name}:name:`;
  }

  protected choose(row: Row, event: Event): void {
    const count = Math.max(1, numberIn(event));
    this.counts.update((counts) => new Map(counts).set(row.item, count));
    // The number may be as before, and the field would keep what was typed.
    (event.target as HTMLInputElement).value = String(this.countOf(row));
  }

  protected move(row: Row): void {
    this.moved.emit({ item: row.item, count: this.countOf(row) });
    this.counts.update((counts) => new Map([...counts].filter(([item]) => item !== row.item)));
  }
}
