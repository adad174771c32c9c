import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { BattleView, CombatantView, LastingEffect } from '../protocol/generated';
import { elementName } from '../words/elements';
import { whatItDoes } from './effect-words';
import { BattleStore } from './battle-store';
import { combatantOf, effectiveStat, shieldOf } from './combatants';

interface EffectLine {
  readonly id: number;
  readonly name: string;
  readonly what: string;
  readonly turns: number;
  readonly isHarmful: boolean;
}

/** Everything that the player may know of somebody on the board. */
@Component({
  selector: 'aether-combatant-card',
  imports: [Art],
  template: `
    <article class="panel card" data-testid="combatant-card">
      <header>
        <aether-art folder="portraits" [name]="combatant().ref" [size]="54" />
        <div>
          <h3>{{ store.nameOf(combatant()) }}</h3>
          <span class="muted" i18n="@@card.level">Level {{ combatant().level }}</span>
        </div>
      </header>
      <p class="numbers">
        <span
          ><aether-art folder="ui" name="health" [size]="18" />{{ combatant().hp }}/{{
            combatant().hp_max
          }}</span
        >
        @if (shield() > 0) {
          <span><aether-art folder="states" name="shield" [size]="18" />{{ shield() }}</span>
        }
        <span><aether-art folder="ui" name="action_points" [size]="18" />{{ combatant().ap }}</span>
        <span
          ><aether-art folder="ui" name="movement_points" [size]="18" />{{ combatant().mp }}</span
        >
      </p>
      @if (resistances().length > 0) {
        <p class="resistances">
          @for (resistance of resistances(); track resistance[0]) {
            <span [class.weak]="resistance[1] < 0"
              ><aether-art
                folder="ui"
                [name]="resistance[0]"
                [size]="16"
                [alt]="elementName(resistance[0])"
              />{{ resistance[1] }} %</span
            >
          }
        </p>
      }
      @for (effect of effects(); track effect.id) {
        <p class="effect" [class.harm]="effect.isHarmful">
          <b>{{ effect.name }}</b> {{ effect.what }}
          <small class="muted">{{ effect.turns }} ⟳</small>
        </p>
      }
    </article>
  `,
  styles: `
    .card {
      display: grid;
      gap: 8px;
      width: 268px;
      padding: 12px 14px;
    }
    header {
      display: flex;
      align-items: center;
      gap: 12px;
    }
    h3 {
      color: var(--lamp);
      font-size: 17px;
      line-height: 1.2;
    }
    .numbers,
    .resistances {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 14px;
      font-variant-numeric: tabular-nums;
    }
    .numbers span,
    .resistances span {
      display: inline-flex;
      align-items: center;
      gap: 4px;
    }
    .resistances {
      font-size: 13.5px;
    }
    .weak {
      color: var(--good);
    }
    .effect {
      font-size: 13.5px;
    }
    .effect b {
      color: var(--good);
    }
    .effect.harm b {
      color: var(--danger);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CombatantCard {
  readonly battle = input.required<BattleView>();
  readonly combatant = input.required<CombatantView>();

  protected readonly store = inject(BattleStore);
  protected readonly elementName = elementName;
  protected readonly shield = computed(() => shieldOf(this.combatant()));
  protected readonly resistances = computed(() =>
    (['stone', 'ember', 'gale', 'tide'] as const)
      .map((element) => [element, this.resistance(element)] as const)
      .filter(([, percent]) => percent !== 0),
  );
  protected readonly effects = computed(() =>
    this.combatant().effects.map((effect) => this.line(effect)),
  );

  private readonly catalogue = inject(CatalogueStore);

  private resistance(element: string): number {
    return (
      effectiveStat(this.combatant(), `res_pct_${element}`) +
      effectiveStat(this.combatant(), 'res_pct_all')
    );
  }

  private line(effect: LastingEffect): EffectLine {
    const anchor = combatantOf(this.battle(), effect.anchor_id);
    return {
      id: effect.id,
      name: this.catalogue.skillName(effect.skill),
      what: whatItDoes(effect),
      turns: Math.max(0, effect.until - (anchor?.turns ?? 0)),
      isHarmful: effect.is_harmful,
    };
  }
}
