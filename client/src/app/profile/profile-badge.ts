import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { Art } from '../art/art';
import { HealthStore } from '../health/health-store';
import { InventoryStore } from '../inventory/inventory-store';
import { ProfileStore } from './profile-store';

/** Name, level, experience and money, always in sight. */
@Component({
  selector: 'aether-profile-badge',
  imports: [Art],
  template: `
    @if (store.profile(); as profile) {
      <section class="panel badge" data-testid="badge" [attr.data-level]="profile.level">
        <button
          class="face"
          type="button"
          (click)="opened.emit()"
          data-testid="open-character"
          i18n-aria-label="@@badge.open"
          aria-label="Open your character"
        >
          <aether-art folder="portraits" [name]="profile.class_id" [size]="58" />
          @if (profile.stat_points > 0) {
            <i class="dot" i18n-title="@@badge.points" title="Points to spend"></i>
          }
        </button>
        <div class="facts">
          <strong data-testid="own-name">{{ profile.name }}</strong>
          <span class="line">
            <span i18n="@@badge.level">Level {{ profile.level }}</span>
            <span class="glim" data-testid="glim"
              ><aether-art folder="items" name="glim" [size]="18" />{{
                inventory.inventory().glim
              }}</span
            >
          </span>
          @if (health.health(); as all) {
            <span
              class="bar bar--health"
              role="progressbar"
              [attr.aria-valuenow]="health.hp()"
              aria-valuemin="0"
              [attr.aria-valuemax]="all.hp_max"
              i18n-aria-label="@@badge.health"
              aria-label="Hit points"
              [attr.data-hp]="health.hp()"
              [attr.data-resting]="all.is_resting"
              data-testid="hp"
              [title]="hpText()"
            >
              <i [style.width.%]="(100 * (health.hp() ?? 0)) / all.hp_max"></i>
              <small>{{ hpText() }}</small>
            </span>
          }
          <span
            class="bar"
            role="progressbar"
            [attr.aria-valuenow]="percent()"
            aria-valuemin="0"
            aria-valuemax="100"
            i18n-aria-label="@@badge.experience"
            aria-label="Experience"
            [attr.data-xp]="profile.xp"
            data-testid="xp"
            [title]="profile.xp + ' / ' + profile.xp_next"
          >
            <i [style.width.%]="percent()"></i>
          </span>
        </div>
      </section>
    }
  `,
  styles: `
    .badge {
      display: flex;
      align-items: center;
      gap: 12px;
      width: 268px;
      padding: 8px 14px 8px 8px;
      background: var(--panel-soft);
    }
    .face {
      position: relative;
      padding: 0;
      background: none;
      border: 0;
      border-radius: 50%;
      cursor: pointer;
    }
    .dot {
      position: absolute;
      top: 0;
      right: 0;
      width: 13px;
      height: 13px;
      background: var(--lamp);
      border: 2px solid var(--ink);
      border-radius: 50%;
    }
    .facts {
      display: grid;
      flex: 1;
      gap: 3px;
      min-width: 0;
    }
    strong {
      overflow: hidden;
      color: var(--lamp);
      font: 600 17px var(--font-display);
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .line {
      display: flex;
      justify-content: space-between;
      font-size: 13.5px;
      color: var(--muted);
    }
    .glim {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      color: var(--text);
      font-variant-numeric: tabular-nums;
    }
    .bar {
      --bar: var(--experience);
      display: block;
      height: 8px;
    }
    .bar--health {
      --bar: var(--health);
      height: 14px;
    }
    .bar--health small {
      position: absolute;
      inset: 0;
      font-size: 10.5px;
      line-height: 13px;
      color: var(--text);
      text-align: center;
      text-shadow: 0 1px 2px rgb(0 0 0 / 90%);
      font-variant-numeric: tabular-nums;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileBadge {
  readonly opened = output();

  protected readonly store = inject(ProfileStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly health = inject(HealthStore);
  protected readonly hpText = computed(
    () => `${this.health.hp() ?? 0} / ${this.health.health()?.hp_max ?? 0}`,
  );
  protected readonly percent = computed(() => {
    const profile = this.store.profile();
    if (!profile) return 0;
    return profile.xp_next > 0
      ? Math.min(100, Math.floor((100 * profile.xp) / profile.xp_next))
      : 100;
  });
}
