import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { PartyStore } from '../party/party-store';
import { Friend } from '../protocol/generated';
import { FriendsStore } from './friends-store';

/** Friends and where they are, who asks to be one, and who was asked. */
@Component({
  selector: 'aether-friends-list',
  imports: [Art],
  template: `
    <h3 i18n="@@friends.title">Friends</h3>
    <ul data-testid="friends">
      @for (name of store.all().asking_me; track name) {
        <li [attr.data-testid]="'asking-' + name">
          <span class="name" i18n="@@friends.asking"
            ><b>{{ name }}</b> wants to be your friend</span
          >
          <button
            class="button button--small"
            type="button"
            [attr.data-testid]="'agree-' + name"
            (click)="store.add(name)"
            i18n="@@friends.agree"
          >
            Agree
          </button>
          <button
            class="button button--small"
            type="button"
            (click)="store.remove(name)"
            i18n="@@friends.decline"
          >
            Decline
          </button>
        </li>
      }
      @for (friend of store.all().friends; track friend.character) {
        <li [attr.data-testid]="'friend-' + friend.name" [class.is-away]="!friend.is_online">
          <aether-art folder="portraits" [name]="friend.class_id" [size]="42" />
          <span class="name">
            <b>{{ friend.name }}</b>
            <small class="muted">{{ whereabouts(friend) }}</small>
          </span>
          @if (friend.is_online) {
            <button
              class="button button--small"
              type="button"
              (click)="whispered.emit(friend.name)"
              i18n="@@players.whisper"
            >
              Whisper
            </button>
            @if (party.mayInvite() && !party.isMember(friend.character)) {
              <button
                class="button button--small"
                type="button"
                (click)="invited.emit(friend)"
                i18n="@@players.invite"
              >
                Invite
              </button>
            }
          }
          <button
            class="button button--small"
            type="button"
            [attr.data-testid]="'part-' + friend.name"
            (click)="store.remove(friend.name)"
            i18n="@@friends.part"
          >
            End friendship
          </button>
        </li>
      }
      @for (name of store.all().asked; track name) {
        <li [attr.data-testid]="'asked-' + name">
          <span class="name" i18n="@@friends.asked"
            ><b>{{ name }}</b> has not answered yet</span
          >
          <button
            class="button button--small"
            type="button"
            (click)="store.remove(name)"
            i18n="@@friends.withdraw"
          >
            Ask no more
          </button>
        </li>
      }
    </ul>
  `,
  styleUrl: './people.css',
  styles: `
    .is-away aether-art {
      opacity: 0.5;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FriendsList {
  readonly whispered = output<string>();
  readonly invited = output<Friend>();

  protected readonly store = inject(FriendsStore);
  protected readonly party = inject(PartyStore);
  private readonly catalogue = inject(CatalogueStore);

  constructor() {
    void this.store.load();
  }

  protected whereabouts({ class_id, level, zone, is_online }: Friend): string {
    const who = this.catalogue.className(class_id);
    if (!is_online) return $localize`:@@friends.away:${who}:class:, level ${level}:level:, away`;
    if (!zone)
      return $localize`:@@friends.ferry:${who}:class:, level ${level}:level:, on the ferry`;
    const place = this.catalogue.zoneName(zone);
    return $localize`:@@friends.in:${who}:class:, level ${level}:level:, in ${place}:zone:`;
  }
}
