import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { LanguageSwitch } from '../account/language-switch';
import { SessionStore } from '../account/session-store';
import { Art } from '../art/art';
import { CharacterSummary, ShardList as Shards } from '../protocol/generated';
import { RestError } from '../rest/rest';
import { Journeys } from '../shards/journeys';
import { Realm } from '../shards/realm';
import { ShardList } from '../shards/shard-list';
import { elementName } from '../words/elements';
import { ClassChoice, Roster } from './roster';

/** The player's characters, and the workbench for a new one. */
@Component({
  selector: 'aether-characters-page',
  imports: [Art, FormField, Journeys, LanguageSwitch, RouterLink, ShardList],
  templateUrl: './characters-page.html',
  styleUrl: './characters-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CharactersPage {
  protected readonly characters = signal<readonly CharacterSummary[] | null>(null);
  protected readonly classes = signal<readonly ClassChoice[]>([]);
  protected readonly shards = signal<Shards | null>(null);
  protected readonly isMaking = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal('');
  protected readonly draft = signal({ name: '', classId: '' });
  protected readonly fields = form(this.draft, (path) => {
    required(path.name);
    maxLength(path.name, 16);
    required(path.classId);
  });
  protected readonly account = computed(() => this.session.account()?.username ?? '');
  protected readonly elementName = elementName;

  private readonly realm = inject(Realm);
  private readonly roster = inject(Roster);
  private readonly router = inject(Router);
  private readonly session = inject(SessionStore);

  constructor() {
    void this.load();
  }

  protected className(id: string): string {
    return this.classes().find((choice) => choice.id === id)?.name ?? id;
  }

  protected choose(classId: string): void {
    this.draft.update((draft) => ({ ...draft, classId }));
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isBusy() || this.fields().invalid()) return;
    this.isBusy.set(true);
    this.problem.set('');
    try {
      const made = await this.roster.create(this.draft().name.trim(), this.draft().classId);
      await this.router.navigate(['/play', made.id]);
    } catch (error) {
      this.explain(error);
    } finally {
      this.isBusy.set(false);
    }
  }

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    await this.router.navigateByUrl('/sign-in');
  }

  /** Somebody has left, arrived or come home. */
  protected async reload(): Promise<void> {
    this.shards.set(await this.realm.shards());
    this.characters.set(await this.roster.characters());
  }

  private async load(): Promise<void> {
    try {
      const [characters, classes, shards] = await Promise.all([
        this.roster.characters(),
        this.roster.classes(),
        this.realm.shards(),
      ]);
      this.classes.set(classes);
      this.shards.set(shards);
      this.characters.set(characters);
      // With other shards, the list says that one's characters may be there.
      this.isMaking.set(characters.length === 0 && shards.shards.length < 2);
    } catch (error) {
      this.explain(error);
    }
  }

  private explain(error: unknown): void {
    if (!(error instanceof RestError)) throw error;
    if (error.status === 401) {
      this.session.forget();
      void this.router.navigateByUrl('/sign-in');
    }
    this.problem.set(error.message);
  }
}
