import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  input,
  numberAttribute,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import { SessionStore } from '../account/session-store';
import { BattlePage } from '../battle/battle-page';
import { BattleStore } from '../battle/battle-store';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ChatStore } from '../chat/chat-store';
import { GameSocket } from '../connection/game-socket';
import { CraftingStore } from '../crafting/crafting-store';
import { DiceStore } from '../dice/dice-store';
import { FriendsStore } from '../friends/friends-store';
import { GuildStore } from '../guild/guild-store';
import { HealthStore } from '../health/health-store';
import { InventoryStore } from '../inventory/inventory-store';
import { MailStore } from '../mail/mail-store';
import { Notices } from '../notices/notices';
import { PartyStore } from '../party/party-store';
import { ProfileStore } from '../profile/profile-store';
import { HelloReply } from '../protocol/generated';
import { QuestStore } from '../quests/quest-store';
import { SpectatePage } from '../spectate/spectate-page';
import { SpectateStore } from '../spectate/spectate-store';
import { TradeStore } from '../trade/trade-store';
import { WorldPage } from '../world/world-page';
import { CalendarCrier } from '../sky/calendar-crier';
import { ZoneStore } from '../world/zone-store';
import { ConnectionEnded } from './connection-ended';
import { NewsCrier } from './news-crier';

/** A character at play: the world, or the battle it is in, over one connection. */
@Component({
  selector: 'aether-play-page',
  imports: [BattlePage, ConnectionEnded, SpectatePage, WorldPage],
  template: `
    @if (socket.ending(); as ending) {
      <aether-connection-ended
        [ending]="ending"
        [reason]="socket.endingReason()"
        (again)="connect()"
      />
    } @else {
      @if (battles.isShown()) {
        <aether-battle-page />
      } @else if (spectating.watched()) {
        <aether-spectate-page />
      } @else {
        <aether-world-page />
      }
      @if (isWaiting()) {
        <p class="panel banner" role="status" data-testid="connection-banner">
          <span class="spinner" aria-hidden="true"></span>
          @if (socket.state() === 'reconnecting') {
            <ng-container i18n="@@play.reconnecting">The line is down. Mooring again…</ng-container>
          } @else {
            <ng-container i18n="@@play.connecting">Coming ashore…</ng-container>
          }
        </p>
      }
    }
  `,
  styleUrl: './play-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlayPage {
  readonly character = input.required({ transform: numberAttribute });

  protected readonly socket = inject(GameSocket);
  protected readonly battles = inject(BattleStore);
  protected readonly spectating = inject(SpectateStore);
  protected readonly isWaiting = computed(() =>
    ['connecting', 'reconnecting'].includes(this.socket.state()),
  );

  private readonly catalogue = inject(CatalogueStore);
  private readonly chat = inject(ChatStore);
  private readonly inventory = inject(InventoryStore);
  private readonly notices = inject(Notices);
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);
  private readonly zone = inject(ZoneStore);

  constructor() {
    // Made before the first update comes, so that none of them misses the snapshot.
    inject(ProfileStore);
    inject(CraftingStore);
    inject(QuestStore);
    inject(MailStore);
    inject(TradeStore);
    const dice = inject(DiceStore);
    const party = inject(PartyStore);
    const friends = inject(FriendsStore);
    const guild = inject(GuildStore);
    inject(HealthStore);
    inject(NewsCrier);
    inject(CalendarCrier);
    this.socket.welcomed
      .pipe(takeUntilDestroyed())
      .subscribe((hello) => void this.comeAshore(hello));
    effect(() => this.open(this.character()));
    effect(() => {
      if (this.socket.ending() === 'signed_out') this.session.forget();
    });
    inject(DestroyRef).onDestroy(() => {
      this.socket.close();
      this.zone.leave();
      this.battles.forget();
      this.spectating.forget();
      dice.forget();
      party.forget();
      friends.forget();
      guild.forget();
    });
  }

  protected connect(): void {
    if (this.socket.ending() === 'signed_out') {
      void this.router.navigate(['/sign-in'], { queryParams: { next: this.router.url } });
    } else {
      this.socket.open(this.character());
    }
  }

  private open(character: number): void {
    this.chat.forget();
    void this.inventory.recall(character);
    this.socket.open(character);
  }

  private async comeAshore(hello: HelloReply): Promise<void> {
    try {
      await this.catalogue.load(hello.content.hash);
      this.zone.arrive(await this.socket.send('world.enter', {}));
    } catch (error) {
      this.notices.refused(error);
    }
  }
}
