import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';

/** Throws away an item, or some of a stack, after a question: it is gone for good. */
@Component({
  selector: 'aether-discard-thing',
  template: `
    @if (!isAsking()) {
      <button
        class="button"
        type="button"
        data-testid="discard"
        (click)="isAsking.set(true)"
        i18n="@@inventory.discard"
      >
        Throw away…
      </button>
    } @else {
      <form (submit)="discard($event)" data-testid="discard-question">
        @if (held() > 1) {
          <label>
            <ng-container i18n="@@inventory.discardCount">How many</ng-container>
            <input
              class="input"
              type="number"
              inputmode="numeric"
              min="1"
              [max]="held()"
              [value]="count()"
              (input)="choose($event)"
              data-testid="discard-count"
            />
          </label>
        }
        <p class="problem" role="alert" i18n="@@inventory.discardQuestion">
          {{ count() }} × {{ catalogue.itemName(item()) }} will be gone for good.
        </p>
        <button
          class="button"
          type="submit"
          data-testid="discard-confirm"
          [disabled]="isBusy() || !isPossible()"
          i18n="@@inventory.discardConfirm"
        >
          Throw away
        </button>
        <button
          class="button"
          type="button"
          data-testid="discard-keep"
          (click)="isAsking.set(false)"
          i18n="@@inventory.discardKeep"
        >
          Keep
        </button>
      </form>
    }
  `,
  styleUrl: './discard-thing.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DiscardThing {
  /** What it is, by definition. */
  readonly item = input.required<string>();
  /** Which one it is, of what does not stack. */
  readonly instance = input<string | null>(null);
  readonly held = input(1);

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly isAsking = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly count = signal(1);
  protected readonly isPossible = computed(
    () => Number.isInteger(this.count()) && this.count() >= 1 && this.count() <= this.held(),
  );

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    // Another thing, another question.
    effect(() => {
      this.item();
      this.instance();
      this.isAsking.set(false);
      this.count.set(1);
    });
  }

  protected choose(event: Event): void {
    this.count.set((event.target as HTMLInputElement).valueAsNumber || 0);
  }

  protected async discard(event: Event): Promise<void> {
    event.preventDefault();
    this.isBusy.set(true);
    const body = { item: this.instance() ?? this.item(), count: this.count() };
    await this.ask(this.socket.send('economy.discard', body));
    this.isBusy.set(false);
    this.isAsking.set(false);
    this.count.set(1);
  }
}
