import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { QuestStore } from './quest-store';

/** The next thing to do, beside the map. */
@Component({
  selector: 'aether-quest-tracker',
  template: `
    @if (tracked(); as quest) {
      <button
        class="panel tracker"
        type="button"
        (click)="opened.emit()"
        data-testid="quest-tracker"
        [attr.data-state]="quest.state"
      >
        <b>{{ quest.name }}</b>
        @if (quest.ready) {
          <span>◆ {{ quest.ready }}</span>
        } @else {
          @for (objective of quest.objectives; track objective.text) {
            <span [class.done]="objective.isDone"
              >{{ objective.isDone ? '◆' : '◇' }} {{ objective.text }}</span
            >
          }
        }
      </button>
    }
  `,
  styles: `
    .tracker {
      display: grid;
      gap: 2px;
      width: 268px;
      padding: 8px 14px;
      font: inherit;
      font-size: 13.5px;
      color: var(--text);
      text-align: left;
      background: var(--panel-soft);
      cursor: pointer;
    }
    b {
      color: var(--glow);
      font: 600 15px var(--font-display);
    }
    .done {
      color: var(--good);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestTracker {
  readonly opened = output();

  protected readonly tracked = computed(() => {
    const quest = this.store.current()[0];
    if (!quest) return null;
    const info = this.catalogue.all().quests[quest.quest];
    const known = info?.steps.find(({ id }) => id === quest.step)?.objectives ?? [];
    return {
      name: this.catalogue.questName(quest.quest),
      state: quest.state,
      ready: quest.state === 'ready' ? (info?.ready ?? '') : '',
      objectives: quest.progress.map(({ objective, count, needed }) => ({
        text: known.find(({ id }) => id === objective)?.text ?? objective,
        isDone: count >= needed,
      })),
    };
  });

  private readonly store = inject(QuestStore);
  private readonly catalogue = inject(CatalogueStore);
}
