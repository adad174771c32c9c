import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { BattleView, Objective } from '../protocol/generated';

/** What wins this battle, where that is not simply to defeat everybody. */
@Component({
  selector: 'aether-battle-goal',
  template: `
    @if (goals().length) {
      <p class="panel goal" data-testid="battle-goal">
        <span class="muted">{{ isOwn() ? ownWord : otherWord }}</span>&ngsp;
        @for (goal of goals(); track $index) {
          <b>{{ goal }}</b>
        }
      </p>
    }
  `,
  styles: `
    .goal {
      display: flex;
      gap: 10px;
      margin: 0;
      padding: 3px 16px;
      font-size: 14px;
      background: var(--panel-soft);
    }
    b {
      color: var(--lamp);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattleGoal {
  readonly battle = input.required<BattleView>();
  readonly ownTeam = input.required<number>();

  protected readonly ownWord = $localize`:@@goal.own:Goal:`;
  protected readonly otherWord = $localize`:@@goal.other:Their goal:`;
  /** What the player's own side has to do; else what the others are after. */
  protected readonly isOwn = computed(() =>
    this.battle().objectives.some(({ team }) => team === this.ownTeam()),
  );
  protected readonly goals = computed(() =>
    this.battle()
      .objectives.filter(({ team }) => (team === this.ownTeam()) === this.isOwn())
      .map((objective) => this.said(objective)),
  );

  private readonly catalogue = inject(CatalogueStore);

  private said({ goal, ref, rounds }: Objective): string {
    const name = this.nameOf(ref);
    switch (goal) {
      case 'kill':
        return $localize`:@@goal.kill:defeat ${name}:name:`;
      case 'survive': {
        const round = Math.min(this.battle().round, rounds);
        return $localize`:@@goal.survive:hold out for ${rounds}:rounds: rounds (${round}:round: of ${rounds}:rounds:)`;
      }
      case 'protect':
        return $localize`:@@goal.protect:keep ${name}:name: alive`;
      case 'reach':
        return $localize`:@@goal.reach:reach the marked cells`;
      case 'escort':
        return $localize`:@@goal.escort:bring ${name}:name: to the marked cells`;
      case 'eliminate':
        return $localize`:@@goal.eliminate:defeat everybody`;
    }
  }

  private nameOf(ref: string): string {
    const { classes } = this.catalogue.all();
    return classes[ref]?.name ?? this.catalogue.monsterName(ref);
  }
}
