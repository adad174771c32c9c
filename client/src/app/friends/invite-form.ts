import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';

/** Asks somebody into a party or a guild, by the name of a character. */
@Component({
  selector: 'aether-invite-form',
  template: `
    <form (submit)="invite($event)">
      <input
        class="input"
        name="name"
        autocomplete="off"
        maxlength="24"
        [attr.data-testid]="into() + '-invite-name'"
        [value]="name()"
        (input)="name.set($any($event.target).value)"
        i18n-placeholder="@@party.inviteName"
        placeholder="Name of a character"
        i18n-aria-label="@@party.inviteName"
        aria-label="Name of a character"
      />
      <button
        class="button button--main button--small"
        type="submit"
        [attr.data-testid]="into() + '-invite'"
        i18n="@@party.invite"
      >
        Invite
      </button>
    </form>
  `,
  styles: `
    form {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin: 12px 0;
    }
    .input {
      flex: 1 1 160px;
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class InviteForm {
  /** What one is asked into, for tests. */
  readonly into = input.required<'party' | 'guild'>();
  /** Asks; the name stays in the field where that was refused. */
  readonly ask = input.required<(name: string) => Promise<boolean>>();

  protected readonly name = signal('');

  protected async invite(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name().trim();
    if (name && (await this.ask()(name))) this.name.set('');
  }
}
