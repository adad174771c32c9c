import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { seedOf } from '../dice/seed';

/** The player's share in the dice of a battle: chance, or a word of one's own. */
@Component({
  selector: 'aether-dice-share',
  template: `
    <details class="panel">
      <summary i18n="@@dice.share">Your share in the dice</summary>
      <label>
        <span i18n="@@dice.word">A word of your own, for the dice of this battle</span>
        <input
          class="input"
          maxlength="32"
          autocomplete="off"
          data-testid="dice-word"
          #word
          [value]="written()"
          (input)="written.set(word.value)"
        />
      </label>
      <p class="muted" i18n="@@dice.why">
        The seed of the house is sealed already: it can no longer be chosen by yours. Without a word
        of yours, chance chooses.
      </p>
      <p class="muted sealed">
        <span i18n="@@dice.sealed">Sealed:</span> <code>{{ commitment() }}</code>
      </p>
    </details>
  `,
  styles: `
    details {
      width: min(360px, 100%);
      margin-bottom: 10px;
      padding: 6px 12px;
      font-size: 14px;
    }
    label {
      display: grid;
      gap: 4px;
      margin-top: 8px;
    }
    p {
      margin: 8px 0 0;
    }
    .sealed code {
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DiceShare {
  readonly commitment = input.required<string>();
  protected readonly written = signal('');

  /** What is sent, in hexadecimal. */
  seed(): string {
    return seedOf(this.written());
  }
}
