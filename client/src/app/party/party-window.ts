import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { InviteForm } from '../friends/invite-form';
import { injectAsk } from '../notices/notices';
import { PartyMember } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { PartyStore } from './party-store';

/** The player's party, whom to ask into it, and the way out of it. */
@Component({
  selector: 'aether-party-window',
  imports: [Art, InviteForm, WindowFrame],
  templateUrl: './party-window.html',
  styleUrl: './party-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PartyWindow {
  readonly closed = output();

  protected readonly store = inject(PartyStore);
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly heading = $localize`:@@party.title:Your party`;
  protected readonly invite = async (name: string): Promise<boolean> =>
    !!(await this.ask(this.socket.send('chat.party_invite', { name })));

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected async promote({ character }: PartyMember): Promise<void> {
    await this.ask(this.socket.send('chat.party_promote', { character }));
  }

  protected async kick({ character }: PartyMember): Promise<void> {
    await this.ask(this.socket.send('chat.party_kick', { character }));
  }

  protected async leave(): Promise<void> {
    await this.ask(this.socket.send('chat.party_leave', {}));
  }
}
