import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { Quest } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { QuestStore } from './quest-store';

interface ObjectiveLine {
  readonly text: string;
  readonly count: number;
  readonly needed: number;
}

/** What the player has promised to do, and what is done. */
@Component({
  selector: 'aether-quest-window',
  imports: [WindowFrame],
  templateUrl: './quest-window.html',
  styleUrl: './quest-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestWindow {
  readonly closed = output();

  protected readonly store = inject(QuestStore);
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly heading = $localize`:@@quests.title:Quests`;
  protected readonly entries = computed(() =>
    this.store.current().map((quest) => ({
      quest,
      info: this.catalogue.all().quests[quest.quest],
      task: this.taskOf(quest),
      objectives: this.objectivesOf(quest),
    })),
  );

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  protected async abandon(quest: string): Promise<void> {
    await this.ask(this.socket.send('quests.abandon', { quest }));
  }

  private taskOf(quest: Quest): string {
    const info = this.catalogue.all().quests[quest.quest];
    if (quest.state === 'ready') return info?.ready ?? '';
    return info?.steps.find(({ id }) => id === quest.step)?.text ?? '';
  }

  private objectivesOf(quest: Quest): ObjectiveLine[] {
    const steps = this.catalogue.all().quests[quest.quest]?.steps ?? [];
    const objectives = steps.find(({ id }) => id === quest.step)?.objectives ?? [];
    return quest.progress.map(({ objective, count, needed }) => ({
      text: objectives.find(({ id }) => id === objective)?.text ?? objective,
      count,
      needed,
    }));
  }
}
