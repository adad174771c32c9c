import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { LanguageSwitch } from '../account/language-switch';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { BattleArchive, fileAddress } from './battle-archive';
import { BattleFile, BuildSnapshot, RevealedDice, readBattleFile } from './battle-file';
import { UnreadableFileError } from './export-file';
import { checkSentence } from './check-words';
import { DiceArchive } from './dice-archive';
import { isDiceFile } from './dice-file';
import { FileChooser } from './file-chooser';
import { problemSentence } from './file-words';
import { decisionOf, purposeOf } from './roll-words';
import {
  PlacedRoll,
  LOOT,
  TurnOfRolls,
  Verification,
  compared,
  isWrong,
  verify,
  verifyDice,
} from './verification';
import { Verdict } from './verdict';

/** The dice of a battle, checked by the reader's own browser. */
@Component({
  selector: 'aether-verify-page',
  imports: [FileChooser, LanguageSwitch, RouterLink, Verdict],
  templateUrl: './verify-page.html',
  styleUrls: ['../battles/sheet.css', './verify-page.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VerifyPage {
  /** From the address: a battle of the game; without one, a file is opened. */
  readonly battle = input<string>();
  readonly from = input<string>();

  protected readonly file = signal<BattleFile | null>(null);
  protected readonly problem = signal('');
  protected readonly isLoading = signal(false);
  /** The dice of the file, or what a battle shows to those who did not take part. */
  protected readonly reveal = signal<RevealedDice | null>(null);
  protected readonly found = signal<Verification | null>(null);
  protected readonly isCompared = computed(
    () => !this.file() || this.found()?.checks.some(({ name }) => name === 'seal'),
  );
  protected readonly isFromConsole = computed(() => this.from() === 'console');
  protected readonly download = computed(() =>
    fileAddress(Number(this.battle()), this.isFromConsole()),
  );
  protected readonly findings = computed(() =>
    (this.found()?.checks ?? []).map((check) => ({ ...check, sentence: checkSentence(check) })),
  );
  protected readonly isWrong = isWrong;
  protected readonly purposeOf = purposeOf;
  protected readonly decisionOf = decisionOf;

  /** Those who began the battle, and those who were called into it: the event that says so brings them. */
  private readonly combatants = computed(() => {
    const { header, log } = this.file() ?? { header: { builds: [] }, log: [] };
    const called = log.flatMap(({ events }) =>
      events.flatMap((event) => ('combatant' in event ? [event.combatant as BuildSnapshot] : [])),
    );
    return new Map([...header.builds, ...called].map((each) => [each.id, each]));
  });
  private readonly archive = inject(BattleArchive);
  private readonly catalogue = inject(CatalogueStore);
  private readonly diceArchive = inject(DiceArchive);
  private readonly router = inject(Router);

  constructor() {
    effect(() => {
      const battle = this.battle();
      if (battle) void this.load(Number(battle), this.isFromConsole());
      else if (this.archive.opened()) this.show(this.archive.opened()!);
    });
  }

  /** The dice of a battle are checked here, those of gathering and crafting on a page of their own. */
  protected open(text: string): void {
    if (isDiceFile(text)) {
      this.diceArchive.opened.set(text);
      void this.router.navigate(['/verify/dice']);
      return;
    }
    try {
      const file = readBattleFile(text);
      this.archive.opened.set(file);
      this.show(file);
    } catch (error) {
      this.refuse(error);
    }
  }

  protected refuse(error: unknown): void {
    this.file.set(null);
    this.reveal.set(null);
    this.found.set(null);
    this.problem.set(problemSentence(error));
  }

  protected readonly LOOT = LOOT;

  protected whose({ who }: TurnOfRolls): string {
    return this.nameOf(who);
  }

  protected wrongIn({ rolls }: TurnOfRolls): number {
    return rolls.filter(isWrong).length;
  }

  /** Who rolled, and for what: the skill that was cast, where one was. */
  protected occasion({ step, who }: PlacedRoll): string {
    const name = this.nameOf(who);
    const { skill } = step.input;
    return skill ? `${name}: ${this.catalogue.skillName(skill)}` : name;
  }

  protected playerName(character: number): string {
    const build = this.file()?.header.builds.find(({ character_id }) => character_id === character);
    return build?.name ?? `#${character}`;
  }

  private nameOf(who: number): string {
    const build = this.combatants().get(who);
    if (!build) return '';
    return build.kind !== 'character' ? this.catalogue.monsterName(build.ref) : build.name;
  }

  private async load(battle: number, isFromConsole: boolean): Promise<void> {
    this.isLoading.set(true);
    try {
      const found = await this.archive.proofOf(battle, isFromConsole);
      if ('header' in found) this.show(found);
      else this.prove(null, found, () => verifyDice(found));
    } catch (error) {
      this.refuse(error);
    } finally {
      this.isLoading.set(false);
    }
  }

  private show(file: BattleFile): void {
    this.prove(file, file.reveal, () => verify(file));
    void this.compare(file);
    // Names are a nicety: without a server the ids are spelled out.
    this.catalogue.load('').catch(() => undefined);
  }

  /** Offline, signed out or for another game's battle there is nothing to compare with, and the page says so. */
  private async compare(file: BattleFile): Promise<void> {
    const told = await this.archive.revealed(file.reveal.battle_id).catch(() => null);
    const found = this.found();
    if (told && found && this.file() === file) this.found.set(compared(found, file, told));
  }

  /** What no check foresaw of a file still makes it no battle. */
  private prove(file: BattleFile | null, reveal: RevealedDice, check: () => Verification): void {
    let found: Verification;
    try {
      found = check();
    } catch {
      return this.refuse(new UnreadableFileError('not_a_battle'));
    }
    this.problem.set('');
    this.file.set(file);
    this.reveal.set(reveal);
    this.found.set(found);
  }
}
