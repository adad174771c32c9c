import { DatePipe } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  signal,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { textIn } from '../exchange/fields';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { Movement, MovementChange } from '../protocol/generated';
import { TOPICS, Topic, isGain, movementWords } from './movement-words';

/** The player's own ledger: what came and went, newest first, of one kind or of one item. */
@Component({
  selector: 'aether-movement-list',
  imports: [DatePipe],
  template: `
    <div class="filters">
      <label>
        <span class="visually-hidden" i18n="@@ledger.topic">What happened</span>
        <select
          class="input"
          data-testid="movement-topic"
          [value]="topic()"
          (change)="topic.set(topicIn($event))"
        >
          <option value="" i18n="@@ledger.allTopics">Whatever happened</option>
          @for (each of topics; track each.id) {
            <option [value]="each.id">{{ each.name }}</option>
          }
        </select>
      </label>
      <label>
        <span class="visually-hidden" i18n="@@ledger.item">What moved</span>
        <select
          class="input"
          data-testid="movement-item"
          [value]="item()"
          (change)="item.set(textIn($event))"
        >
          <option value="" i18n="@@ledger.allItems">Whatever moved</option>
          @for (each of items(); track each.id) {
            <option [value]="each.id" [selected]="each.id === item()">{{ each.name }}</option>
          }
        </select>
      </label>
    </div>
    <ul data-testid="movements">
      @for (each of movements(); track each.id) {
        <li [attr.data-testid]="'movement-' + each.kind">
          <span class="what">
            {{ wordsOf(each) }}
            <small class="muted">{{ each.at * 1000 | date: 'short' }}</small>
          </span>
          <span class="changes">
            @for (change of each.changes; track $index) {
              <span [class.good]="isGain(change)">
                <b>{{ isGain(change) ? '+' : '−' }}{{ sizeOf(change) }}</b>
                {{ nameOf(change.item) }}
              </span>
            }
          </span>
        </li>
      } @empty {
        @if (!isBusy()) {
          <li class="muted" data-testid="no-movements" i18n="@@ledger.none">
            Nothing of the kind here.
          </li>
        }
      }
    </ul>
    @if (before() !== null) {
      <button
        class="button button--small"
        type="button"
        data-testid="older-movements"
        [disabled]="isBusy()"
        (click)="readMore()"
        i18n="@@ledger.older"
      >
        What was before
      </button>
    }
  `,
  styles: `
    .filters {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
      gap: 8px;
      margin-bottom: 10px;
    }
    .filters .input {
      width: 100%;
    }
    ul {
      display: grid;
      gap: 2px;
      margin-bottom: 10px;
    }
    li {
      display: flex;
      align-items: baseline;
      justify-content: space-between;
      gap: 12px;
      padding: 5px 0;
      border-bottom: 1px solid var(--edge-soft);
    }
    .what,
    .changes {
      display: grid;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .changes {
      flex: none;
      max-width: 55%;
      text-align: end;
      font-variant-numeric: tabular-nums;
    }
    .good {
      color: var(--good);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MovementList {
  protected readonly movements = signal<readonly Movement[]>([]);
  protected readonly before = signal<number | null>(null);
  protected readonly topic = signal<Topic | ''>('');
  protected readonly item = signal('');
  protected readonly isBusy = signal(false);
  protected readonly topics = TOPICS;
  protected readonly wordsOf = movementWords;
  protected readonly isGain = isGain;
  protected readonly textIn = textIn;
  /** What is held and what was seen to move here, by name. */
  protected readonly items = computed(() => {
    const { stacks, items } = this.inventory.inventory();
    const held = [...stacks, ...items].map(({ item }) => item);
    const ids = new Set(['glim', this.item(), ...held, ...this.known()].filter((id) => id !== ''));
    return [...ids]
      .map((id) => ({ id, name: this.nameOf(id) }))
      .sort((a, b) => a.name.localeCompare(b.name));
  });

  private readonly known = signal<ReadonlySet<string>>(new Set());
  private readonly catalogue = inject(CatalogueStore);
  private readonly inventory = inject(InventoryStore);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => void this.read(this.topic(), this.item()));
  }

  protected topicIn(event: Event): Topic | '' {
    return TOPICS.find(({ id }) => id === textIn(event))?.id ?? '';
  }

  protected nameOf(item: string): string {
    return item === 'glim' ? 'glim' : this.catalogue.itemName(item);
  }

  protected sizeOf({ amount }: MovementChange): number {
    return Math.abs(amount);
  }

  protected readMore(): Promise<void> {
    return this.page(this.topic(), this.item(), this.before());
  }

  private read(topic: Topic | '', item: string): Promise<void> {
    return this.page(topic, item, null);
  }

  private async page(topic: Topic | '', item: string, before: number | null): Promise<void> {
    this.isBusy.set(true);
    const wanted = { topic: topic || null, item: item || null, before };
    const found = await this.ask(this.socket.send('economy.movements', wanted));
    if (topic !== this.topic() || item !== this.item()) return;
    this.isBusy.set(false);
    if (!found) return;
    this.movements.update((shown) => [...(before === null ? [] : shown), ...found.movements]);
    this.before.set(found.before);
    const moved = found.movements.flatMap(({ changes }) => changes.map((change) => change.item));
    this.known.update((known) => new Set([...known, ...moved]));
  }
}
