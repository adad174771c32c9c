import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { Dialogue } from '../protocol/generated';

/** A talk with somebody: what they say, and what may be answered. */
@Component({
  selector: 'aether-dialogue-window',
  imports: [Art],
  template: `
    <section class="panel talk" role="dialog" [attr.aria-label]="name()" data-testid="dialogue">
      <aether-art class="face" folder="portraits" [name]="portrait()" [size]="112" />
      <div class="words">
        <header>
          <h2>{{ name() }}</h2>
          <span class="muted">{{ title() }}</span>
          <button
            class="button button--quiet button--small"
            type="button"
            data-testid="close-dialogue"
            (click)="closed.emit()"
            i18n-aria-label="@@dialogue.close"
            aria-label="End the talk"
          >
            ✕
          </button>
        </header>
        <p class="said" aria-live="polite" data-testid="dialogue-text">{{ dialogue().text }}</p>
        <ul>
          @for (option of dialogue().options; track option.option) {
            <li>
              <button
                class="option"
                type="button"
                [attr.data-testid]="'option-' + option.option"
                (click)="chosen.emit(option.option)"
              >
                {{ option.text }}
              </button>
            </li>
          }
        </ul>
      </div>
    </section>
  `,
  styleUrl: './dialogue-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DialogueWindow {
  readonly dialogue = input.required<Dialogue>();
  readonly chosen = output<string>();
  readonly closed = output();

  protected readonly name = computed(() => this.catalogue.npcName(this.dialogue().npc));
  protected readonly title = computed(
    () => this.catalogue.all().npcs[this.dialogue().npc]?.title ?? '',
  );
  protected readonly portrait = computed(() => this.catalogue.figureOf(this.dialogue().npc));

  private readonly catalogue = inject(CatalogueStore);
}
