import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { Inspected } from '../protocol/generated';

/** A thing seen close: what it is, what it says, and what can be done with it, or why not. */
@Component({
  selector: 'aether-thing-panel',
  template: `
    <section class="panel thing" role="dialog" data-testid="thing" [attr.aria-label]="thing().name">
      <h2>{{ thing().name }}</h2>
      <p class="muted">{{ thing().text }}</p>
      <div role="status" data-testid="thing-says">
        @for (line of says(); track $index) {
          <p>{{ line }}</p>
        }
      </div>
      @for (choice of thing().actions; track choice.action) {
        <button
          class="button button--small"
          type="button"
          [attr.data-testid]="'act-' + choice.action"
          [disabled]="!!choice.locked"
          [attr.aria-describedby]="choice.locked ? 'why-' + choice.action : null"
          (click)="acted.emit(choice.action)"
        >
          {{ choice.label }}
        </button>
        @if (choice.locked) {
          <p class="why" [id]="'why-' + choice.action" data-testid="why-locked">
            {{ choice.locked }}
          </p>
        }
      }
      <button
        class="button button--quiet button--small"
        type="button"
        data-testid="leave-thing"
        (click)="closed.emit()"
        i18n="@@thing.leave"
      >
        Leave it
      </button>
    </section>
  `,
  styles: `
    .thing {
      display: grid;
      gap: 8px;
      padding: 14px 18px;
    }
    h2,
    p {
      margin: 0;
    }
    h2 {
      font-size: 1.1rem;
    }
    .why {
      color: var(--ember, #f0a98a);
      font-size: 0.9rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ThingPanel {
  readonly thing = input.required<Inspected>();
  readonly says = input<readonly string[]>([]);
  readonly acted = output<string>();
  readonly closed = output<void>();
}
