import { DatePipe } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  linkedSignal,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { ItemHistory, ItemStation } from '../protocol/generated';
import { arrivalWords } from './movement-words';

/** Where a unique item was, ever: who had it, since when, and how it came there. Read when it is opened. */
@Component({
  selector: 'aether-item-story',
  imports: [DatePipe],
  template: `
    <button
      class="button button--quiet button--small"
      type="button"
      data-testid="open-story"
      [attr.aria-expanded]="story() !== null"
      (click)="toggle()"
      i18n="@@story.open"
    >
      Its story
    </button>
    @if (story(); as told) {
      <ol data-testid="item-story">
        @if (told.facts['made_by']; as kind) {
          <li class="muted" data-testid="story-elsewhere">
            <ng-container i18n="@@story.elsewhere">On another shard:</ng-container>
            {{ howOf(kind) }}
          </li>
        }
        @if (made(); as parts) {
          <li class="muted" data-testid="story-made-of">
            <ng-container i18n="@@story.madeOf">Made of:</ng-container> {{ parts }}
          </li>
        }
        @for (each of stations(); track $index) {
          <li>
            <small class="muted">{{ each.at | date: 'short' }}</small>
            <span>
              <b>{{ each.holder }}</b> · {{ each.how }}
            </span>
          </li>
          @if ($first && told.left_out > 0) {
            <li class="muted" data-testid="story-left-out" i18n="@@story.leftOut">
              … {{ told.left_out }} more …
            </li>
          }
        }
      </ol>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    ol {
      display: grid;
      gap: 4px;
      padding: 0 0 0 10px;
      margin: 6px 0 0;
      font-size: 14px;
      list-style: none;
      border-inline-start: 2px solid var(--edge-soft);
    }
    li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ItemStory {
  readonly item = input.required<string>();

  protected readonly story = linkedSignal<string, ItemHistory | null>({
    source: this.item,
    computation: () => null,
  });
  protected readonly stations = computed(() => (this.story()?.stations ?? []).map(shown));

  protected readonly made = computed(() =>
    (this.story()?.made_of ?? [])
      .map(({ item, count }) => `${count} × ${this.catalogue.itemName(item)}`)
      .join(', '),
  );

  private readonly catalogue = inject(CatalogueStore);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected howOf(kind: string): string {
    return arrivalWords({ kind, source: '' });
  }

  protected async toggle(): Promise<void> {
    if (this.story()) return this.story.set(null);
    const item = this.item();
    const told = await this.ask(this.socket.send('economy.item_history', { item }));
    if (told && item === this.item()) this.story.set(told);
  }
}

function shown(station: ItemStation) {
  return { at: station.at, holder: holderName(station), how: arrivalWords(station) };
}

function holderName({ holder, is_house: isHouse }: ItemStation): string {
  if (isHouse) return $localize`:@@story.house:The house`;
  return holder ?? $localize`:@@story.gone:Somebody who is no longer here`;
}
