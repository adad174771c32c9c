import { Injectable, computed, inject, signal } from '@angular/core';
import { Element } from '../board/board-types';
import { elementOf } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import {
  BattleView,
  CombatantView,
  CurrentBattle,
  LootReceived,
  SkillCast,
} from '../protocol/generated';
import { elementName, stateName } from '../words/elements';
import { cellsHit } from './aim';
import { SceneWords } from './battle-scene';
import { BattleState, WordsFor, reduceBattle } from './battle-state';
import { combatantOf, ownCombatant } from './combatants';

/** How long the end of a battle may take to arrive, once it is known that it is over. */
const END_PATIENCE_MS = 5_000;

type Entered = Omit<CurrentBattle, 'offers'>;

/** The battle that the player is in, if any, and what it brought in. */
@Injectable({ providedIn: 'root' })
export class BattleStore {
  readonly state = signal<BattleState | null>(null);
  readonly current = signal<Entered | null>(null);
  readonly loot = signal<readonly LootReceived[]>([]);
  /** How many watch the battle that the player is in. */
  readonly spectators = signal(0);
  readonly gainedXp = signal(0);
  readonly gainedLevels = signal(0);
  readonly own = computed(() => {
    const state = this.state();
    const character = this.socket.hello()?.character?.id;
    return state && character !== undefined ? ownCombatant(state.view, character) : undefined;
  });
  /** Whom the player plays now: the own character, or a summon of it whose turn it is. */
  readonly acting = computed(() => {
    const [own, view] = [this.own(), this.state()?.view];
    const active = view && combatantOf(view, view.turn_owner);
    return own && active?.controller === 'owner' && active.owner === own.id ? active : own;
  });
  /** From the first news of a battle until the player has closed its result. */
  readonly isShown = computed(() => this.state() !== null || !!this.current()?.stream);

  readonly sceneWords: SceneWords = {
    combatant: (each) => this.nameOf(each),
    field: (skill) => this.catalogue.skillName(skill),
  };

  private readonly socket = inject(GameSocket);
  private readonly catalogue = inject(CatalogueStore);
  private left: string | null = null;
  private watched: string | null = null;

  constructor() {
    this.socket.updates.subscribe((update) => this.take(update));
  }

  /** Watch a battle; asking twice for the same stream does no harm. */
  follow(stream: string): void {
    if (this.socket.seen(stream) !== undefined) return;
    if (this.state()?.stream !== stream) this.expectSpoils();
    this.socket.send('subscribe', { s: stream }).catch(() => this.leave());
  }

  /** A battle that the player only watches is none of its own. */
  overlook(stream: string | null): void {
    this.watched = stream;
  }

  /** The player has seen the result. */
  leave(): void {
    const stream = this.state()?.stream;
    if (stream) this.socket.unsubscribe(stream);
    this.left = stream ?? this.left;
    this.state.set(null);
    this.current.set(null);
  }

  /** The page closes: the battle may be entered again. */
  forget(): void {
    this.state.set(null);
    this.current.set(null);
    this.left = null;
  }

  nameOf(combatant: CombatantView): string {
    switch (combatant.kind) {
      case 'character':
        return combatant.name;
      case 'object':
        return $localize`:@@battle.wall:Wall`;
      default:
        return this.catalogue.monsterName(combatant.ref);
    }
  }

  private take(update: StreamUpdate): void {
    if (update.t === 'me.snapshot') this.enter(update.d.parts.battle);
    if (update.t === 'combat.current' && update.d.stream)
      this.enter({ ...update.d, spectators: 0 });
    if (update.t === 'combat.spectators' && update.d.battle === this.current()?.battle)
      this.spectators.set(update.d.spectators);
    this.followNews(update);
    if (update.t === 'combat.current' && !update.d.stream) this.expectEnd();
    if (update.t === 'accounts.profile_changed') {
      this.gainedXp.update((xp) => xp + update.d.gained_xp);
      this.gainedLevels.update((levels) => levels + update.d.gained_levels);
    }
    if (update.t === 'economy.loot_received' && update.d.source === 'battle') {
      this.loot.update((loot) => [...loot, update.d]);
    }
  }

  /** News of a battle that the player has left may still be under way. */
  private followNews(update: StreamUpdate): void {
    if (update.s !== null && (update.s === this.left || update.s === this.watched)) return;
    this.state.update((state) => reduceBattle(state, update, this.wordsFor));
  }

  /** The end of a battle comes on its own stream. Where it does not, nobody is kept in it. */
  private expectEnd(): void {
    const stream = this.state()?.stream ?? this.current()?.stream;
    setTimeout(() => {
      const isOver = this.state()?.view.phase === 'ended';
      if (!isOver && stream === (this.state()?.stream ?? this.current()?.stream)) this.leave();
    }, END_PATIENCE_MS);
  }

  private expectSpoils(): void {
    this.loot.set([]);
    this.gainedXp.set(0);
    this.gainedLevels.set(0);
  }

  private enter(current: Entered | null): void {
    if (!current?.stream || current.stream === this.left) return;
    this.current.set(current);
    this.spectators.set(current.spectators);
    this.follow(current.stream);
  }

  readonly wordsFor: WordsFor = (view) => ({
    name: (id) => {
      const combatant = combatantOf(view, id);
      return combatant ? this.nameOf(combatant) : $localize`:@@battle.somebody:Somebody`;
    },
    skill: (id) => this.catalogue.skillName(id),
    element: elementName,
    state: stateName,
    dodged: $localize`:@@cue.dodged:dodged`,
    over: (what) => $localize`:@@cue.over:${what}:what: ends`,
    resisted: $localize`:@@cue.resisted:resisted`,
    seen: $localize`:@@cue.seen:seen`,
    line: (who, line) => {
      const speaker = combatantOf(view, who);
      return (speaker && this.catalogue.all().monsters[speaker.ref]?.lines?.[line]) ?? line;
    },
    castElement: (id) => this.castElement(id),
    area: (event) => this.castArea(view, event),
  });

  private castElement(id: string): Element {
    const skill = this.catalogue.all().skills[id];
    return (skill ? elementOf(skill) : 'pure') as Element;
  }

  private castArea(view: BattleView, event: SkillCast) {
    const caster = combatantOf(view, event.who);
    const skill = this.catalogue.all().skills[event.skill];
    const element = this.castElement(event.skill);
    if (!caster || !skill) return { cells: [event.cell], element };
    return { cells: cellsHit(view, caster, skill, event.cell), element };
  }
}
