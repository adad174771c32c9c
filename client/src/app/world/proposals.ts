import { Injectable, inject } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { Notices, injectAsk } from '../notices/notices';
import { PlayerSeen } from '../protocol/generated';
import { DuelTerms } from '../spectate/duel-terms';
import { TradeStore } from '../trade/trade-store';

/** What one may propose to somebody else: a duel, a battle of parties, a trade, to come along. */
@Injectable({ providedIn: 'root' })
export class Proposals {
  private readonly socket = inject(GameSocket);
  private readonly terms = inject(DuelTerms);
  private readonly trades = inject(TradeStore);
  private readonly notices = inject(Notices);
  private readonly ask = injectAsk();

  async duel({ id, name }: PlayerSeen): Promise<void> {
    const spectating = this.terms.spectating();
    const issued = await this.ask(
      this.socket.send('combat.challenge', { character: id, spectating }),
    );
    if (issued) this.notices.news($localize`:@@duel.sent:You have challenged ${name}:name:.`);
  }

  async battleOfParties({ id, name }: PlayerSeen): Promise<void> {
    const asked = { character: id, party: true };
    const issued = await this.ask(this.socket.send('combat.challenge', asked));
    if (issued)
      this.notices.news(
        $localize`:@@duel.partySent:You have challenged the party of ${name}:name:.`,
      );
  }

  async trade({ id }: PlayerSeen): Promise<void> {
    const trade = await this.ask(this.socket.send('economy.trade_invite', { character: id }));
    if (trade) this.trades.seen(trade);
  }

  async party({ name }: Pick<PlayerSeen, 'name'>): Promise<void> {
    const sent = await this.ask(this.socket.send('chat.party_invite', { name }));
    if (sent)
      this.notices.news($localize`:@@party.sent:You have asked ${name}:name: to come along.`);
  }
}
