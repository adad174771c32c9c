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
import { Router, RouterLink } from '@angular/router';
import { LanguageSwitch } from '../account/language-switch';
import { Roster } from '../characters/roster';
import { CharacterSummary, ShardList, TransferPlan } from '../protocol/generated';
import { RestError } from '../rest/rest';
import { Realm } from './realm';
import { kindWords, standingWords } from './standing-words';

/** What leaving for another shard means for a character: what goes along, what is open, what it costs. */
@Component({
  selector: 'aether-transfer-page',
  imports: [LanguageSwitch, RouterLink],
  templateUrl: './transfer-page.html',
  styleUrls: ['../battles/sheet.css', './transfer-page.css'],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TransferPage {
  readonly character = input.required<string>();

  protected readonly who = signal<CharacterSummary | null>(null);
  protected readonly shards = signal<ShardList | null>(null);
  protected readonly plan = signal<TransferPlan | null>(null);
  protected readonly to = signal('');
  protected readonly isSure = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  protected readonly others = computed(
    () => this.shards()?.shards.filter((each) => each.id !== this.shards()?.here) ?? [],
  );
  protected readonly goods = computed(() => Object.entries(this.plan()?.goes_along ?? {}));
  protected readonly mayLeave = computed(() => {
    const plan = this.plan();
    return plan !== null && plan.blockers.length === 0 && plan.may_leave_at === null;
  });
  protected readonly kind = kindWords;
  protected readonly standing = standingWords;

  private readonly realm = inject(Realm);
  private readonly roster = inject(Roster);
  private readonly router = inject(Router);
  private readonly moments = new Intl.DateTimeFormat(inject(LOCALE_ID), {
    dateStyle: 'long',
    timeStyle: 'short',
  });

  constructor() {
    effect(() => void this.load(Number(this.character())));
  }

  protected moment(seconds: number): string {
    return this.moments.format(seconds * 1000);
  }

  protected async leave(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy() || !this.mayLeave() || !this.to() || !this.isSure()) return;
    this.isBusy.set(true);
    try {
      await this.realm.send(Number(this.character()), this.to());
      await this.router.navigateByUrl('/characters');
    } catch (error) {
      this.explain(error);
      await this.load(Number(this.character()), this.problem());
    } finally {
      this.isBusy.set(false);
    }
  }

  private async load(character: number, problem = ''): Promise<void> {
    try {
      const [characters, shards, plan] = await Promise.all([
        this.roster.characters(),
        this.realm.shards(),
        this.realm.plan(character),
      ]);
      this.who.set(characters.find((each) => each.id === character) ?? null);
      this.shards.set(shards);
      this.plan.set(plan);
      this.problem.set(problem);
    } catch (error) {
      this.explain(error);
    }
  }

  private explain(error: unknown): void {
    if (!(error instanceof RestError)) throw error;
    this.problem.set(error.message);
  }
}
