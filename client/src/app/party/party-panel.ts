import { ChangeDetectionStrategy, Component, inject, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { PartyMember } from '../protocol/generated';
import { ZoneStore } from '../world/zone-store';
import { PartyStore } from './party-store';

/** The other members, always in sight: who they are, and where. */
@Component({
  selector: 'aether-party-panel',
  imports: [Art],
  template: `
    @if (store.party(); as party) {
      <button
        class="panel party"
        type="button"
        data-testid="party-panel"
        (click)="opened.emit()"
        i18n-title="@@party.open"
        title="Your party (G)"
      >
        @for (member of store.others(); track member.character) {
          <span
            class="member"
            [class.away]="!member.is_online"
            [attr.data-testid]="'party-member-' + member.name"
          >
            <aether-art folder="portraits" [name]="member.class_id" [size]="34" />
            <span class="facts">
              <b>
                @if (member.character === party.leader) {
                  <span aria-hidden="true">♛</span>
                  <span class="visually-hidden" i18n="@@party.leader">Leader</span>
                }
                {{ member.name }}
              </b>
              <small class="muted">{{ whereabouts(member) }}</small>
            </span>
          </span>
        } @empty {
          <span class="muted" i18n="@@party.waiting">Nobody has come yet.</span>
        }
      </button>
    }
  `,
  styles: `
    .party {
      display: grid;
      gap: 6px;
      width: 268px;
      padding: 8px 12px;
      font: inherit;
      color: var(--text);
      text-align: left;
      background: var(--panel-soft);
      cursor: pointer;
    }
    .member {
      display: flex;
      align-items: center;
      gap: 9px;
    }
    .away {
      opacity: 0.55;
    }
    .facts {
      display: grid;
      min-width: 0;
      line-height: 1.2;
    }
    b,
    small {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    b {
      color: var(--glow);
      font-size: 14.5px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PartyPanel {
  readonly opened = output();

  protected readonly store = inject(PartyStore);

  private readonly catalogue = inject(CatalogueStore);
  private readonly zone = inject(ZoneStore);

  /** Level, and where somebody is; whoever stands here may be in a battle. */
  protected whereabouts(member: PartyMember): string {
    const level = $localize`:@@party.level:Level ${member.level}:level:`;
    return `${level} · ${this.placeOf(member)}`;
  }

  private placeOf(member: PartyMember): string {
    if (!member.is_online) return $localize`:@@party.away:away`;
    if (this.zone.zone()?.players.get(member.character)?.is_in_battle)
      return $localize`:@@party.inBattle:in battle`;
    return member.zone
      ? this.catalogue.zoneName(member.zone)
      : $localize`:@@party.nowhere:on the ferry`;
  }
}
