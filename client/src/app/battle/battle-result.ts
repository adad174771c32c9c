import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { lootLines } from '../inventory/loot-lines';
import { BattleView, CombatantView } from '../protocol/generated';
import { BattleStore } from './battle-store';

const OUTCOMES = {
  win: $localize`:@@result.win:Victory`,
  loss: $localize`:@@result.loss:Defeat`,
  draw: $localize`:@@result.draw:A draw`,
} as const;

const REASONS: Readonly<Record<string, string>> = {
  forfeit: $localize`:@@result.forfeit:One side has given up.`,
  abandoned: $localize`:@@result.abandoned:One side has left.`,
  round_cap: $localize`:@@result.roundCap:It took too long for a decision.`,
  staff: $localize`:@@result.staff:A game master has ended the battle. Nobody wins or loses anything.`,
  engine_fault: $localize`:@@result.fault:The battle had to be stopped. Nobody wins or loses anything.`,
};

/** How the battle ended, and what it brought. */
@Component({
  selector: 'aether-battle-result',
  imports: [Art],
  template: `
    <div class="veil">
      <section
        class="panel result"
        role="dialog"
        data-testid="battle-result"
        [attr.data-outcome]="outcome()"
        [class.result--win]="outcome() === 'win'"
        [attr.aria-label]="title()"
      >
        <h2>{{ title() }}</h2>
        @if (reason()) {
          <p class="muted">{{ reason() }}</p>
        }
        @if (outcome() === 'win') {
          <ul data-testid="spoils">
            @if (store.gainedXp() > 0) {
              <li data-testid="gained-xp">
                <b>+{{ store.gainedXp() }}</b
                >&ngsp;<ng-container i18n="@@result.xp">experience</ng-container>
              </li>
            }
            @if (store.gainedLevels() > 0) {
              <li class="level" i18n="@@result.level">You have reached a new level!</li>
            }
            @for (line of spoils(); track $index) {
              <li data-testid="spoil">
                <aether-art folder="items" [name]="line.icon" [size]="30" />{{ line.text }}
              </li>
            }
            @if (store.gainedXp() === 0 && spoils().length === 0 && battle().mode === 'pve') {
              <li class="muted" i18n="@@result.waiting">The spoils are being gathered…</li>
            }
          </ul>
        }
        <p class="proof">
          <a
            [href]="'replay/' + battle().battle_id + '?as=team:' + (own()?.team ?? 0)"
            target="_blank"
            data-testid="watch-again"
            i18n="@@result.watch"
            >Watch again</a
          >
          <a
            [href]="'verify/' + battle().battle_id"
            target="_blank"
            data-testid="check-dice"
            i18n="@@result.verify"
            >Check the dice</a
          >
        </p>
        <button
          class="button button--main"
          type="button"
          data-testid="leave-battle"
          (click)="left.emit()"
          i18n="@@result.back"
        >
          Back to the world
        </button>
      </section>
    </div>
  `,
  styles: `
    .veil {
      position: absolute;
      inset: 0;
      z-index: 30;
      display: grid;
      place-items: center;
      padding: 20px;
      background: radial-gradient(closest-side, rgb(5 10 10 / 55%), rgb(5 10 10 / 78%));
      animation: fade 400ms ease-out;
    }
    .result {
      display: grid;
      justify-items: center;
      gap: 14px;
      width: min(420px, 100%);
      max-height: 100%;
      padding: 30px 34px;
      overflow-y: auto;
      text-align: center;
    }
    h2 {
      color: var(--danger);
      font-size: 40px;
      line-height: 1.1;
    }
    .result--win h2 {
      color: var(--lamp);
      text-shadow: 0 0 30px rgb(243 213 139 / 40%);
    }
    ul {
      display: grid;
      gap: 4px;
      font-size: 16px;
    }
    li {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 8px;
      min-height: 32px;
    }
    li b {
      color: var(--good);
    }
    .level {
      color: var(--lamp);
    }
    .proof {
      display: flex;
      gap: 20px;
      font-size: 14px;
    }
    @keyframes fade {
      from {
        opacity: 0;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattleResult {
  readonly battle = input.required<BattleView>();
  readonly own = input<CombatantView>();
  readonly left = output();

  protected readonly store = inject(BattleStore);
  protected readonly outcome = computed(() => {
    const own = this.own()?.id;
    return this.battle().results.find(({ who }) => who === own)?.outcome ?? 'draw';
  });
  protected readonly title = computed(() => OUTCOMES[this.outcome()]);
  protected readonly reason = computed(() => REASONS[this.battle().end_reason ?? ''] ?? '');
  protected readonly spoils = computed(() =>
    this.store.loot().flatMap((loot) => lootLines(loot, (id) => this.catalogue.itemName(id))),
  );

  private readonly catalogue = inject(CatalogueStore);
}
