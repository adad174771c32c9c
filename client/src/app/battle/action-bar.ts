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
import { leftOf, obstacleTo, turnsToWait } from './skill-readiness';

interface SkillButton {
  readonly info: SkillInfo;
  readonly key: string;
  /** What using it uses up; empty for a skill of the class. */
  readonly item: string;
  readonly left: number | null;
  readonly obstacle: string | null;
  /** A skill of the class that a higher level brings is shown, but cannot be used yet. */
  readonly isKnown: boolean;
  readonly wait: number;
  readonly reach: string;
}

const ITEM_KEYS = 'qwertyuiop';

/** The player's skills, what it brought, its points, and the end of the turn. */
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

  protected readonly pointed = signal<string | null>(null);
  protected readonly described = computed(() =>
    this.buttons().find(({ info }) => info.id === this.pointed()),
  );
  protected readonly apMax = computed(() =>
    Math.max(this.own().ap, effectiveStat(this.own(), 'ap_max')),
  );
  protected readonly mpMax = computed(() =>
    Math.max(this.own().mp, effectiveStat(this.own(), 'mp_max')),
  );
  protected readonly healthPercent = computed(() => (100 * this.own().hp) / this.own().hp_max);
  protected readonly buttons = computed(() => {
    const { skills, classes } = this.catalogue.all();
    const slots = this.own().skills.filter(({ item }) => !item);
    const brought = this.own().skills.filter(({ item }) => item);
    const known = slots.map(({ id }) => id);
    const later = (classes[this.own().ref]?.skills ?? []).filter((id) => !known.includes(id));
    const wanted = [
      ...[...known, ...later].map((id, index) => ({ id, key: `${index + 1}`, item: '' })),
      ...brought.map(({ id, item }, index) => ({ id, key: ITEM_KEYS[index] ?? '', item })),
    ];
    return wanted.flatMap(({ id, key, item }) => {
      const info = skills[id];
      if (!info) return [];
      return [this.button(asKnown(this.own(), info), { key, item, isKnown: !later.includes(id) })];
    });
  });

  private readonly catalogue = inject(CatalogueStore);

  /** The skill under a key: numbers for those of the class, letters for what was brought. */
  skillAt(key: string): SkillInfo | undefined {
    const wanted = key.toLowerCase();
    return this.buttons().find((button) => button.isKnown && button.key === wanted)?.info;
  }

  protected label({ info, left, obstacle }: SkillButton): string {
    const count = left === null ? [] : [$localize`:@@actions.leftOf:${left}:left: left`];
    return [info.name, ...count, ...(obstacle ? [obstacle] : [])].join(' – ');
  }

  private button(
    info: SkillInfo,
    slot: Pick<SkillButton, 'key' | 'item' | 'isKnown'>,
  ): SkillButton {
    const { min } = info.range;
    const max = longestRange(this.own(), info);
    return {
      ...slot,
      info,
      left: leftOf(this.own(), info.id),
      obstacle: this.obstacle(info, slot.isKnown),
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
