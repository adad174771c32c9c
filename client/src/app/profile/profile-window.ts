import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { DicePanel } from '../dice/dice-panel';
import { WindowFrame } from '../windows/window-frame';
import { statName } from '../words/elements';
import { ProfileStore } from './profile-store';

const ALLOCATABLE = ['vigor', 'stone', 'ember', 'gale', 'tide', 'focus'] as const;
type Allocatable = (typeof ALLOCATABLE)[number];

/** The character's trade, its stats, and the points that wait to be spent. */
@Component({
  selector: 'aether-profile-window',
  imports: [Art, DicePanel, WindowFrame],
  template: `
    <aether-window [heading]="heading" (closed)="closed.emit()">
      @if (store.profile(); as profile) {
        <div class="who">
          <aether-art folder="portraits" [name]="profile.class_id" [size]="96" />
          <div>
            <h3>{{ profile.name }}</h3>
            <p i18n="@@profile.summary">
              {{ catalogue.className(profile.class_id) }}, level {{ profile.level }}
            </p>
            <p class="muted" i18n="@@profile.xp">
              {{ profile.xp }} of {{ profile.xp_next }} experience
            </p>
          </div>
        </div>
        <ul class="stats">
          @for (stat of stats(); track stat.id) {
            <li>
              <aether-art folder="ui" [name]="stat.id" [size]="24" />
              <span>{{ stat.name }}</span>
              <b>{{ stat.value }}</b>
              @if (profile.stat_points > 0) {
                <button
                  class="button button--small"
                  type="button"
                  [disabled]="left() === 0"
                  [attr.data-testid]="'raise-' + stat.id"
                  [attr.aria-label]="stat.name + ' +1'"
                  (click)="raise(stat.id)"
                >
                  +
                </button>
              }
            </li>
          }
        </ul>
        @if (profile.stat_points > 0) {
          <p class="points" i18n="@@profile.points">{{ left() }} points left to spend</p>
          <div class="actions">
            <button
              class="button button--main"
              type="button"
              data-testid="allocate"
              [disabled]="left() === profile.stat_points || isBusy()"
              (click)="allocate()"
              i18n="@@profile.allocate"
            >
              Keep it so
            </button>
            <button
              class="button"
              type="button"
              [disabled]="left() === profile.stat_points"
              (click)="plan.set({})"
              i18n="@@profile.reset"
            >
              Start over
            </button>
          </div>
        }
        <aether-dice-panel />
      }
    </aether-window>
  `,
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    aether-window {
      flex: 1;
    }
    .who {
      display: flex;
      align-items: center;
      gap: 16px;
      margin-bottom: 16px;
    }
    h3 {
      color: var(--lamp);
      font-size: 20px;
    }
    .stats {
      display: grid;
      gap: 4px;
    }
    .stats li {
      display: grid;
      grid-template-columns: 26px 1fr 48px 40px;
      align-items: center;
      gap: 8px;
      min-height: 36px;
    }
    .stats b {
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    .points {
      margin: 12px 0 8px;
      color: var(--lamp);
    }
    .actions {
      display: flex;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileWindow {
  readonly closed = output();

  protected readonly store = inject(ProfileStore);
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly heading = $localize`:@@profile.title:Character`;
  protected readonly plan = signal<Partial<Record<Allocatable, number>>>({});
  protected readonly isBusy = signal(false);
  protected readonly left = computed(() => {
    const planned = Object.values(this.plan()).reduce((sum, points) => sum + points, 0);
    return (this.store.profile()?.stat_points ?? 0) - planned;
  });
  protected readonly stats = computed(() =>
    ALLOCATABLE.map((id) => ({
      id,
      name: statName(id),
      value: (this.store.profile()?.stats[id] ?? 0) + (this.plan()[id] ?? 0),
    })),
  );

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected raise(stat: Allocatable): void {
    this.plan.update((plan) => ({ ...plan, [stat]: (plan[stat] ?? 0) + 1 }));
  }

  protected async allocate(): Promise<void> {
    this.isBusy.set(true);
    if (await this.ask(this.socket.send('accounts.allocate', this.plan()))) this.plan.set({});
    this.isBusy.set(false);
  }
}
