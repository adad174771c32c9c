import { ChangeDetectionStrategy, Component, Injectable, inject, signal } from '@angular/core';
import { SPECTATING_CHOICES, Spectating } from './spectating-words';

const KEPT_AS = 'aether.duel-spectating';

/** Who may watch the duels that this player asks for; it is remembered in this browser. */
@Injectable({ providedIn: 'root' })
export class DuelTerms {
  readonly spectating = signal<Spectating>(kept());

  choose(spectating: Spectating): void {
    this.spectating.set(spectating);
    localStorage.setItem(KEPT_AS, spectating);
  }
}

/** The choice of who may watch the next duel. */
@Component({
  selector: 'aether-duel-terms',
  template: `
    <label>
      <span i18n="@@duelTerms.label">Who may watch your duels</span>
      <select
        #choice
        class="input"
        data-testid="duel-spectating"
        (change)="terms.choose(choices[choice.selectedIndex]!.id)"
      >
        @for (each of choices; track each.id) {
          <option [value]="each.id" [selected]="each.id === terms.spectating()">
            {{ each.name }}
          </option>
        }
      </select>
    </label>
  `,
  styles: `
    label {
      display: grid;
      gap: 3px;
      margin-top: 14px;
      font-size: 14px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DuelTermsChoice {
  protected readonly terms = inject(DuelTerms);
  protected readonly choices = SPECTATING_CHOICES;
}

function kept(): Spectating {
  const found = localStorage.getItem(KEPT_AS);
  return SPECTATING_CHOICES.find(({ id }) => id === found)?.id ?? 'live';
}
