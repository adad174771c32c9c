import {
  ChangeDetectionStrategy,
  Component,
  LOCALE_ID,
  computed,
  inject,
  input,
  output,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ExitSeen } from '../protocol/generated';
import { exitTerms, lockOf } from '../words/world-words';
import { ZoneStore } from './zone-store';

/** The question at a way out: where it leads, what it costs, and what the player lacks to take it. */
@Component({
  selector: 'aether-exit-prompt',
  template: `
    <section
      class="panel exit"
      role="dialog"
      data-testid="exit-prompt"
      i18n-aria-label="@@exit.label"
      aria-label="The road"
    >
      <p i18n="@@exit.question">
        The road leads to <b>{{ name() }}</b>.
      </p>
      @if (terms()) {
        <p class="terms" data-testid="exit-terms">{{ terms() }}</p>
      }
      @if (toll(); as percent) {
        <p class="terms" data-testid="exit-toll" i18n="@@exit.toll">
          Whoever is defeated there loses {{ percent }} % of the glim in hand. What is in the bank
          is safe.
        </p>
      }
      @if (lock()) {
        <p class="locked" role="status" data-testid="exit-locked">{{ lock() }}</p>
      }
      <div>
        <button
          class="button button--main"
          type="button"
          data-testid="travel"
          [disabled]="!!lock()"
          (click)="travelled.emit()"
          i18n="@@exit.travel"
        >
          Set out
        </button>
        <button class="button" type="button" (click)="stayed.emit()" i18n="@@exit.stay">
          Stay
        </button>
      </div>
    </section>
  `,
  styleUrl: './exit-prompt.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ExitPrompt {
  readonly way = input.required<ExitSeen>();
  readonly travelled = output<void>();
  readonly stayed = output<void>();

  private readonly zone = inject(ZoneStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly language = inject(LOCALE_ID);

  protected readonly name = computed(() => this.catalogue.zoneName(this.way().to_zone));
  protected readonly toll = computed(() => this.catalogue.tollOf(this.way().to_zone));
  protected readonly terms = computed(() => exitTerms(this.way()));
  /** As it is known by now: the lock may open while one stands before it. */
  protected readonly lock = computed(() => {
    const ways = this.zone.zone()?.exits ?? [];
    return lockOf(ways.find(({ id }) => id === this.way().id) ?? this.way(), this.language);
  });
}
