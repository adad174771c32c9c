import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Art } from '../art/art';
import { BattleView, CombatantView } from '../protocol/generated';
import { turnOrder } from './battle-scene';
import { BattleStore } from './battle-store';

/** Who acts when: one portrait each, with what is left of them. */
@Component({
  selector: 'aether-timeline-strip',
  imports: [Art],
  template: `
    <ol
      class="strip"
      data-testid="timeline"
      i18n-aria-label="@@timeline.label"
      aria-label="Order of turns"
    >
      @for (combatant of order(); track combatant.id) {
        <li
          [class.own-side]="combatant.team === ownTeam()"
          [class.active]="combatant.id === battle().turn_owner"
          [attr.aria-current]="combatant.id === battle().turn_owner ? 'step' : null"
          [attr.data-testid]="'turn-of-' + combatant.ref"
        >
          <button
            type="button"
            [title]="store.nameOf(combatant)"
            [attr.aria-label]="
              store.nameOf(combatant) + ', ' + combatant.hp + '/' + combatant.hp_max
            "
            (mouseenter)="pointedAt.emit(combatant)"
            (mouseleave)="pointedAt.emit(null)"
            (focus)="pointedAt.emit(combatant)"
            (blur)="pointedAt.emit(null)"
          >
            <aether-art folder="portraits" [name]="combatant.ref" [size]="44" />
            <span class="bar"
              ><i [style.width.%]="(100 * combatant.hp) / combatant.hp_max"></i
            ></span>
          </button>
        </li>
      }
    </ol>
  `,
  styles: `
    .strip {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 5px;
    }
    button {
      display: grid;
      gap: 3px;
      padding: 3px 3px 4px;
      background: rgb(60 24 18 / 60%);
      border: 2px solid #7d4335;
      border-radius: 10px;
      cursor: help;
    }
    .own-side button {
      background: rgb(18 52 54 / 70%);
      border-color: #3d7470;
    }
    .active button {
      border-color: var(--lamp);
      box-shadow: 0 0 16px rgb(243 213 139 / 60%);
      transform: translateY(4px);
    }
    .bar {
      height: 6px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TimelineStrip {
  readonly battle = input.required<BattleView>();
  readonly ownTeam = input.required<number>();
  readonly pointedAt = output<CombatantView | null>();

  protected readonly store = inject(BattleStore);
  protected readonly order = computed(() => turnOrder(this.battle()));
}
