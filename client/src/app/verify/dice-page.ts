import {
  ChangeDetectionStrategy,
  Component,
  LOCALE_ID,
  computed,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LanguageSwitch } from '../account/language-switch';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { toldCommitment } from '../dice/told-commitments';
import { DiceArchive, diceAddress } from './dice-archive';
import { DiceFile, readDiceFile } from './dice-file';
import { CheckedThrow, verifyThrows } from './dice-verification';
import { causeWords, diceSentence } from './dice-words';
import { FileChooser } from './file-chooser';
import { problemSentence } from './file-words';
import { Verdict } from './verdict';

/** Throws shown at once: a week of gathering has thousands. */
const THROWS_PER_PAGE = 200;

/** What a character threw outside battles in a week, checked by the reader's own browser. */
@Component({
  selector: 'aether-dice-page',
  imports: [FileChooser, LanguageSwitch, RouterLink, Verdict],
  templateUrl: './dice-page.html',
  styleUrls: ['../battles/sheet.css', './verify-page.css', './dice-page.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DicePage {
  /** From the address: a pair of one of the reader's characters; without them, a file is opened. */
  readonly character = input<string>();
  readonly pair = input<string>();

  protected readonly file = signal<DiceFile | null>(null);
  protected readonly problem = signal('');
  protected readonly isLoading = signal(false);
  protected readonly shown = signal(THROWS_PER_PAGE);
  protected readonly found = computed(() => {
    const file = this.file();
    return file && verifyThrows(file, toldCommitment(file.character_id, file.pair.number));
  });
  /** What is wrong comes first, then the last throws. */
  protected readonly throws = computed(() => {
    const throws = [...(this.found()?.throws ?? [])].reverse();
    return [...throws.filter(({ holds }) => !holds), ...throws.filter(({ holds }) => holds)];
  });
  protected readonly wrong = computed(() => this.throws().filter(({ holds }) => !holds).length);
  protected readonly download = computed(() =>
    this.pair() ? diceAddress(Number(this.character()), Number(this.pair())) : '',
  );
  protected readonly findings = computed(() =>
    (this.found()?.checks ?? []).map((check) => ({ ...check, sentence: diceSentence(check) })),
  );

  private readonly archive = inject(DiceArchive);
  private readonly catalogue = inject(CatalogueStore);
  private readonly moments = new Intl.DateTimeFormat(inject(LOCALE_ID), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });

  constructor() {
    effect(() => {
      const [character, pair] = [this.character(), this.pair()];
      if (character && pair) void this.load(Number(character), Number(pair));
      else if (this.archive.opened()) this.open(this.archive.opened());
    });
    // Names are a nicety: without a server the ids are spelled out.
    this.catalogue.load('').catch(() => undefined);
  }

  protected open(text: string): void {
    try {
      this.show(readDiceFile(text));
    } catch (error) {
      this.refuse(error);
    }
  }

  protected refuse(error: unknown): void {
    this.file.set(null);
    this.problem.set(problemSentence(error));
  }

  protected more(): void {
    this.shown.update((count) => count + THROWS_PER_PAGE);
  }

  protected what({ thrown }: CheckedThrow): string {
    return causeWords(thrown.cause, this.catalogue);
  }

  protected gave({ thrown }: CheckedThrow): string {
    return Object.entries(thrown.gave)
      .map(([item, count]) =>
        item === 'glim' ? `${count} glim` : `${count} × ${this.catalogue.itemName(item)}`,
      )
      .join(', ');
  }

  protected moment(seconds: number): string {
    return this.moments.format(seconds * 1000);
  }

  private async load(character: number, pair: number): Promise<void> {
    this.isLoading.set(true);
    try {
      this.show(await this.archive.exported(character, pair));
    } catch (error) {
      this.refuse(error);
    } finally {
      this.isLoading.set(false);
    }
  }

  private show(file: DiceFile): void {
    this.problem.set('');
    this.shown.set(THROWS_PER_PAGE);
    this.file.set(file);
  }
}
