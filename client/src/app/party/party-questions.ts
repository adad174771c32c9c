import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { JoinOffer, PartyInvitation } from '../protocol/generated';
import { PartyStore } from './party-store';

/** Somebody asks the player into a party, or a member of it calls to a battle. */
@Component({
  selector: 'aether-party-questions',
  template: `
    @for (asked of store.state().invitations; track asked.invitation) {
      <section
        class="panel question"
        role="alertdialog"
        data-testid="party-invitation"
        i18n-aria-label="@@party.invitationLabel"
        aria-label="Invitation"
      >
        <p i18n="@@party.asked">
          <b>{{ asked.name }}</b> asks you to travel together.
        </p>
        <div>
          <button
            class="button button--main button--small"
            type="button"
            data-testid="accept-party"
            (click)="accept(asked)"
            i18n="@@party.accept"
          >
            Join the party
          </button>
          <button
            class="button button--small"
            type="button"
            data-testid="decline-party"
            (click)="decline(asked)"
            i18n="@@party.decline"
          >
            Decline
          </button>
        </div>
      </section>
    }
    @for (offer of store.state().offers; track offer.battle) {
      <section
        class="panel question"
        role="alertdialog"
        data-testid="join-offer"
        i18n-aria-label="@@party.offerLabel"
        aria-label="Call to battle"
      >
        <p i18n="@@party.offer">
          <b>{{ offer.name }}</b> attacks monsters near by. The fight has not begun yet.
        </p>
        <div>
          <button
            class="button button--main button--small"
            type="button"
            data-testid="join-battle"
            (click)="joined.emit(offer)"
            i18n="@@party.join"
          >
            Join the battle
          </button>
          <button
            class="button button--small"
            type="button"
            (click)="store.closeOffer(offer.battle)"
            i18n="@@party.stayOut"
          >
            Stay out of it
          </button>
        </div>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    .question {
      display: grid;
      gap: 10px;
      padding: 14px 18px;
      pointer-events: auto;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PartyQuestions {
  /** The player wants to join: whoever shows the world knows the way there. */
  readonly joined = output<JoinOffer>();

  protected readonly store = inject(PartyStore);

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected async accept({ invitation }: PartyInvitation): Promise<void> {
    this.store.closeInvitation(invitation);
    await this.ask(this.socket.send('chat.party_accept', { invitation }));
  }

  protected async decline({ invitation }: PartyInvitation): Promise<void> {
    this.store.closeInvitation(invitation);
    await this.ask(this.socket.send('chat.party_decline', { invitation }));
  }
}
