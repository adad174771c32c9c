import {
  ChangeDetectionStrategy,
  Component,
  LOCALE_ID,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LanguageSwitch } from '../account/language-switch';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { PastBattle } from '../protocol/generated';
import { notReplayable } from '../replay/replayable-words';
import { BattleArchive } from '../verify/battle-archive';
import { problemSentence } from '../verify/file-words';

const OUTCOMES = {
  won: $localize`:@@battles.won:Won`,
  lost: $localize`:@@battles.lost:Lost`,
  drawn: $localize`:@@battles.drawn:Drawn`,
} as const;

/** The last battles of a character, each to be watched again and to be checked. */
@Component({
  selector: 'aether-battles-page',
  imports: [LanguageSwitch, RouterLink],
  templateUrl: './battles-page.html',
  styleUrls: ['./sheet.css', './battles-page.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattlesPage {
  readonly character = input.required<string>();

  protected readonly battles = signal<readonly PastBattle[] | null>(null);
  protected readonly next = signal<number | null>(null);
  protected readonly problem = signal('');
  protected readonly isBusy = signal(false);

  private readonly archive = inject(BattleArchive);
  private readonly catalogue = inject(CatalogueStore);
  private readonly moments = new Intl.DateTimeFormat(inject(LOCALE_ID), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });

  constructor() {
    effect(() => {
      this.character();
      void this.begin();
    });
  }

  protected async more(): Promise<void> {
    this.isBusy.set(true);
    try {
      const page = await this.archive.past(Number(this.character()), this.next());
      this.battles.update((known) => [...(known ?? []), ...page.battles]);
      this.next.set(page.next);
    } catch (error) {
      this.problem.set(problemSentence(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  protected moment({ begun_at }: PastBattle): string {
    return this.moments.format(begun_at * 1000);
  }

  protected zone({ zone }: PastBattle): string {
    return this.catalogue.zoneName(zone);
  }

  protected mark({ not_replayable }: PastBattle): string {
    return notReplayable(not_replayable);
  }

  protected outcome({ outcome, is_over, is_faulted }: PastBattle): string {
    if (is_faulted) return $localize`:@@battles.stopped:Stopped by a fault`;
    if (!is_over || !outcome) return $localize`:@@battles.running:Still being fought`;
    return OUTCOMES[outcome];
  }

  private async begin(): Promise<void> {
    this.battles.set(null);
    this.next.set(null);
    await this.catalogue.load('').catch(() => undefined);
    await this.more();
  }
}
