import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { RecipeInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { numberIn } from '../exchange/fields';
import { statWords } from '../exchange/stat-words';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { ProfileStore } from '../profile/profile-store';
import { UniqueItem } from '../protocol/generated';
import { QuestStore } from '../quests/quest-store';
import { WindowFrame } from '../windows/window-frame';
import { batchOf, durationWords, mostOf } from './batch';
import { CraftingStore } from './crafting-store';
import { Place, placesOf, without } from './pieces';
import { injectNow } from './ticker';

/** What the player can make, what it takes, and what is being made. */
@Component({
  selector: 'aether-crafting-window',
  imports: [Art, WindowFrame],
  templateUrl: './crafting-window.html',
  styleUrl: './crafting-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CraftingWindow {
  readonly closed = output();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly store = inject(CraftingStore);
  protected readonly heading = $localize`:@@crafting.title:Crafting`;
  protected readonly isBusy = signal(false);
  protected readonly chosenProfession = signal<string | null>(null);
  protected readonly professions = computed(() =>
    Object.values(this.catalogue.all().professions).map((info) => ({
      info,
      seen: this.store.crafting().professions.find(({ profession }) => profession === info.id),
    })),
  );
  protected readonly profession = computed(
    () =>
      this.chosenProfession() ??
      this.professions().find(({ info }) => info.kind === 'craft')?.info.id ??
      null,
  );
  protected readonly recipes = computed(() =>
    Object.values(this.catalogue.all().recipes)
      .filter(({ profession }) => profession === this.profession())
      .sort((a, b) => a.level - b.level)
      .map((recipe) => this.shown(recipe)),
  );
  protected readonly craft = computed(() => {
    const craft = this.store.crafting().craft;
    if (!craft) return null;
    const whole = Math.max(1, (craft.finishes_at - craft.started_at) * 1000);
    const left = Math.max(0, this.clock.toLocalMs(craft.finishes_at) - this.now());
    const item = this.catalogue.all().recipes[craft.recipe]?.outputs[0]?.item ?? craft.recipe;
    const seconds = Math.ceil(left / 1000);
    const part = 1 - Math.min(1, left / whole);
    return { ...craft, item, part, seconds, left: durationWords(seconds) };
  });

  /** How many of each recipe the player would like, where that is not one. */
  private readonly counts = signal<ReadonlyMap<string, number>>(new Map());
  /** Which piece goes into which place of each recipe that is made of equipment. */
  private readonly chosen = signal<ReadonlyMap<string, ReadonlyMap<number, string>>>(new Map());
  private readonly clock = inject(ServerClock);
  private readonly inventory = inject(InventoryStore);
  private readonly profile = inject(ProfileStore);
  private readonly quests = inject(QuestStore);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();
  private readonly now = injectNow();
  private asked = 0;

  constructor() {
    // When its time is over, the craft is asked for: the server finishes what is due before it answers.
    effect(() => {
      const craft = this.craft();
      if (!craft || craft.seconds > 0 || this.asked === craft.id) return;
      this.asked = craft.id;
      void this.settle();
    });
  }

  protected async make({ id }: RecipeInfo, count: number, places: readonly Place[]): Promise<void> {
    this.isBusy.set(true);
    const pieces = places.flatMap(({ chosen }) => (chosen ? [chosen.id] : []));
    // Servers of the release before know no pieces, and refuse what they do not know.
    const asked = { recipe: id, count, ...(pieces.length > 0 && { pieces }) };
    const made = await this.ask(this.socket.send('economy.craft', asked));
    if (made) this.chosen.update((chosen) => without(chosen, id));
    this.isBusy.set(false);
  }

  protected async cancel(craft: number): Promise<void> {
    this.isBusy.set(true);
    const crafting = await this.ask(this.socket.send('economy.craft_cancel', { craft }));
    if (crafting) this.store.crafting.set(crafting);
    this.isBusy.set(false);
  }

  private async settle(): Promise<void> {
    const crafting = await this.ask(this.socket.send('economy.crafting', {}));
    if (crafting) this.store.crafting.set(crafting);
  }

  protected chooseCount({ id }: RecipeInfo, most: number, event: Event): void {
    const count = Math.max(1, Math.min(numberIn(event), most));
    this.counts.update((counts) => new Map(counts).set(id, count));
    // The number may be as before, and the field would keep what was typed.
    (event.target as HTMLInputElement).value = String(count);
  }

  protected choosePiece({ id }: RecipeInfo, place: number, event: Event): void {
    const piece = (event.target as HTMLSelectElement).value;
    this.chosen.update((chosen) => {
      const places = new Map(chosen.get(id));
      return new Map(chosen).set(id, places.set(place, piece));
    });
  }

  protected pieceLabel(item: string): string {
    return $localize`:@@crafting.piece:Which one goes into it: ${this.catalogue.itemName(item)}:item:`;
  }

  /** One line about a piece, so that one knows which it is. */
  protected pieceWords(piece: UniqueItem): string {
    const fine = piece.is_fine ? [$localize`:@@crafting.fine:fine work`] : [];
    const most = this.catalogue.all().items[piece.item]?.durability;
    const left = piece.durability ?? most;
    const wear = most && left !== most ? [`${left ?? 0}/${most}`] : [];
    return [this.catalogue.itemName(piece.item), statWords(piece), ...fine, ...wear].join(' · ');
  }

  private shown(recipe: RecipeInfo) {
    const { stacks, glim } = this.inventory.inventory();
    const bag = this.inventory.bag();
    const held = new Map(stacks.map(({ item, count }) => [item, count]));
    for (const { item } of bag) held.set(item, (held.get(item) ?? 0) + 1);
    const pieces = placesOf(recipe, this.catalogue.all().items, bag, this.chosen().get(recipe.id));
    // What is made of chosen pieces is made one at a time.
    const most = Math.min(mostOf(recipe, held, glim), pieces.length > 0 ? 1 : Infinity);
    const count = Math.max(1, Math.min(this.counts().get(recipe.id) ?? 1, most));
    const batch = batchOf(recipe, count);
    const inputs = batch.inputs.map((input) => ({ ...input, has: held.get(input.item) ?? 0 }));
    const locks = this.locksOf(recipe);
    const isKnown =
      !locks.length && (this.store.levels().get(recipe.profession) ?? 1) >= recipe.level;
    return {
      recipe,
      output: recipe.outputs[0],
      yields: (recipe.outputs[0]?.count ?? 1) * count,
      inputs,
      count,
      most,
      fee: batch.fee,
      duration: durationWords(batch.seconds),
      locks,
      isKnown,
      pieces,
      canMake: isKnown && most > 0 && pieces.every(({ chosen }) => chosen !== null),
    };
  }

  /** Says what keeps the player from knowing a recipe. */
  private locksOf({ id, unlock }: RecipeInfo): readonly string[] {
    const me = this.profile.profile();
    const isDone = this.quests.finished().some(({ quest }) => quest === unlock.quest);
    return [
      ...(unlock.taught && !this.store.crafting().recipes.includes(id)
        ? [$localize`:@@crafting.taught:Taught by: ${this.teacherOf(id)}:item:`]
        : []),
      ...(unlock.quest && !isDone
        ? [$localize`:@@crafting.quest:After: ${this.catalogue.questName(unlock.quest)}:quest:`]
        : []),
      ...(unlock.class && me && me.class_id !== unlock.class
        ? [$localize`:@@crafting.class:Only: ${this.catalogue.className(unlock.class)}:class:`]
        : []),
      ...(me && me.level < unlock.level
        ? [$localize`:@@crafting.level:From your level ${unlock.level}:level: on`]
        : []),
    ];
  }

  private teacherOf(recipe: string): string {
    const teachers = Object.values(this.catalogue.all().items).filter(
      ({ use }) => use?.teach === recipe,
    );
    return teachers.map(({ name }) => name).join(', ');
  }
}
