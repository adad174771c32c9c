import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { BlockedStore } from '../chat/blocked-store';
import { FriendsList } from '../friends/friends-list';
import { FriendsStore } from '../friends/friends-store';
import { GuildStore } from '../guild/guild-store';
import { PartyStore } from '../party/party-store';
import { PlayerSeen } from '../protocol/generated';
import { DuelTermsChoice } from '../spectate/duel-terms';
import { WindowFrame } from '../windows/window-frame';
import { ZoneStore } from './zone-store';

/** Who else is here, and what one may do with them. */
@Component({
  selector: 'aether-players-window',
  imports: [Art, DuelTermsChoice, FriendsList, WindowFrame],
  template: `
    <aether-window [heading]="heading" (closed)="closed.emit()">
      <ul data-testid="players">
        @for (player of others(); track player.id) {
          <li [attr.data-testid]="'player-' + player.name">
            <aether-art folder="portraits" [name]="player.class_id" [size]="42" />
            <span class="name">
              <b>{{ player.name }}</b>
              <small class="muted" i18n="@@players.summary"
                >{{ catalogue.className(player.class_id) }}, level {{ player.level }}</small
              >
            </span>
            <button
              class="button button--small"
              type="button"
              (click)="whispered.emit(player.name)"
              i18n="@@players.whisper"
            >
              Whisper
            </button>
            @if (player.is_in_battle) {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'watch-' + player.name"
                (click)="watched.emit(player)"
                i18n="@@live.watch"
              >
                Watch
              </button>
            } @else {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'duel-' + player.name"
                (click)="challenged.emit(player)"
                i18n="@@players.duel"
              >
                Duel
              </button>
            }
            @if (party.mayInvite() && !party.isMember(player.id)) {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'invite-' + player.name"
                (click)="invited.emit(player)"
                i18n="@@players.invite"
              >
                Invite
              </button>
            }
            @if (guild.may('invite') && !guild.isMember(player.name)) {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'ask-into-guild-' + player.name"
                (click)="guild.invite(player.name)"
                i18n="@@guild.askIn"
              >
                Into the guild
              </button>
            }
            @if (party.mayChallenge() && !party.isMember(player.id)) {
              <button
                class="button button--small"
                type="button"
                [disabled]="player.is_in_battle"
                [attr.data-testid]="'challenge-party-' + player.name"
                (click)="partyChallenged.emit(player)"
                i18n="@@players.challengeParty"
              >
                Party against party
              </button>
            }
            <button
              class="button button--small"
              type="button"
              [attr.data-testid]="'trade-' + player.name"
              (click)="tradeAsked.emit(player)"
              i18n="@@players.trade"
            >
              Trade
            </button>
            <!-- It stays where it is: else whoever presses twice would block a friend. -->
            <button
              class="button button--small"
              type="button"
              [disabled]="!friends.mayAsk(player.name)"
              [attr.data-testid]="'befriend-' + player.name"
              (click)="friends.add(player.name)"
              i18n="@@friends.befriend"
            >
              Befriend
            </button>
            @if (!blocked.has(player.name)) {
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'block-' + player.name"
                (click)="blocked.block(player.name)"
                i18n="@@blocked.block"
              >
                Block
              </button>
            }
          </li>
        } @empty {
          <li class="muted" i18n="@@players.none">You are alone with the wind.</li>
        }
      </ul>
      @if (others().length) {
        <aether-duel-terms />
      }
      @if (!friends.isEmpty()) {
        <aether-friends-list
          (whispered)="whispered.emit($event)"
          (invited)="invited.emit($event)"
        />
      }
      @if (blocked.names().length) {
        <h3 i18n="@@blocked.title">Whom you do not hear</h3>
        <ul data-testid="blocked">
          @for (name of blocked.names(); track name) {
            <li [attr.data-testid]="'blocked-' + name">
              <b class="name">{{ name }}</b>
              <button
                class="button button--small"
                type="button"
                [attr.data-testid]="'unblock-' + name"
                (click)="blocked.unblock(name)"
                i18n="@@blocked.unblock"
              >
                Hear again
              </button>
            </li>
          }
        </ul>
      }
    </aether-window>
  `,
  styleUrl: '../friends/people.css',
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    aether-window {
      flex: 1;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PlayersWindow {
  readonly closed = output();
  readonly whispered = output<string>();
  readonly challenged = output<PlayerSeen>();
  readonly watched = output<PlayerSeen>();
  readonly invited = output<Pick<PlayerSeen, 'name'>>();
  readonly partyChallenged = output<PlayerSeen>();
  readonly tradeAsked = output<PlayerSeen>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly party = inject(PartyStore);
  protected readonly guild = inject(GuildStore);
  protected readonly blocked = inject(BlockedStore);
  protected readonly friends = inject(FriendsStore);
  protected readonly heading = $localize`:@@players.title:Who is here`;
  protected readonly others = computed(() =>
    [...(this.zone.zone()?.players.values() ?? [])]
      .filter(({ id }) => id !== this.zone.ownId())
      .sort((a, b) => a.name.localeCompare(b.name)),
  );

  private readonly zone = inject(ZoneStore);
}
