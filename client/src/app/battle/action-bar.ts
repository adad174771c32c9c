import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { SkillInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { CombatantView } from '../protocol/generated';
import { longestRange } from './aim';
import { asKnown, effectiveStat } from './combatants';
import { obstacleTo, turnsToWait } from './skill-readiness';

interface SkillButton {
  readonly info: SkillInfo;
  readonly key: number;
  readonly obstacle: string | null;
  /** A skill of the class that a higher level brings is shown, but cannot be used yet. */
  readonly isKnown: boolean;
  readonly wait: number;
  readonly reach: string;
}

/** The player's skills and points, and the end of the turn. */
@Component({
  selector: 'aether-action-bar',
  imports: [Art],
  templateUrl: './action-bar.html',
  styleUrl: './action-bar.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ActionBar {
  readonly own = input.required<CombatantView>();
  readonly isOwnTurn = input.required<boolean>();
  readonly isBusy = input(false);
  readonly aimed = input<string | null>(null);
  readonly picked = output<SkillInfo>();
  readonly ended = output();

  protected readonly described = signal<SkillButton | null>(null);
  protected readonly apMax = computed(() =>
    Math.max(this.own().ap, effectiveStat(this.own(), 'ap_max')),
  );
  protected readonly mpMax = computed(() =>
    Math.max(this.own().mp, effectiveStat(this.own(), 'mp_max')),
  );
  protected readonly healthPercent = computed(() => (100 * this.own().hp) / this.own().hp_max);
  protected readonly buttons = computed(() => {
    const { skills, classes } = this.catalogue.all();
    const known = this.own().skills.map(({ id }) => id);
    const later = (classes[this.own().ref]?.skills ?? []).filter((id) => !known.includes(id));
    return [...known, ...later].flatMap((id, index) => {
      const info = skills[id];
      return info ? [this.button(asKnown(this.own(), info), index + 1, known.includes(id))] : [];
    });
  });

  private readonly catalogue = inject(CatalogueStore);

  /** The skill under a number key. */
  skillAt(key: number): SkillInfo | undefined {
    return this.buttons().find((button) => button.isKnown && button.key === key)?.info;
  }

  private button(info: SkillInfo, key: number, isKnown: boolean): SkillButton {
    const { min } = info.range;
    const max = longestRange(this.own(), info);
    return {
      info,
      key,
      isKnown,
      obstacle: this.obstacle(info, isKnown),
      wait: turnsToWait(this.own(), info.id),
      reach: min === max ? `${max}` : `${min}–${max}`,
    };
  }

  private obstacle(info: SkillInfo, isKnown: boolean): string | null {
    if (!isKnown) return $localize`:@@obstacle.level:You learn it at level ${info.unlock}:level:.`;
    if (!this.isOwnTurn()) return $localize`:@@obstacle.notYourTurn:It is not your turn.`;
    return obstacleTo(this.own(), info);
  }
}
