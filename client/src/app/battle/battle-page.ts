import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { BattleBoard } from '../board/battle-board';
import { BattleHighlights, BoardMap, Cell, Insets, cellKey, sameCell } from '../board/board-types';
import { injectInsets } from '../board/insets';
import { SkillInfo } from '../catalogue/catalogue';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { ChatDock } from '../chat/chat-dock';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { CombatantView, ZoneMap } from '../protocol/generated';
import { ZoneStore } from '../world/zone-store';
import { isInteractive } from '../windows/keys';
import { ActionBar } from './action-bar';
import { canAimAt, cellsHit, cellsInRange } from './aim';
import { BattleGoal } from './battle-goal';
import { BattleLogPanel } from './battle-log-panel';
import { BattleResult } from './battle-result';
import { battleMap, battleScene, placementHighlights } from './battle-scene';
import { BattleStore } from './battle-store';
import { CombatantCard } from './combatant-card';
import { seedOf } from '../dice/seed';
import { DiceShare } from './dice-share';
import { combatantOf, isTurnOf, standingOn } from './combatants';
import { forecastOf } from './forecast';
import { expectedMarks } from './forecast-words';
import { reachOf } from './reach';
import { stepMark } from './step-words';
import { isTargetSpent, obstacleTo } from './skill-readiness';
import { SpectatorCount } from './spectator-count';
import { TimelineStrip } from './timeline-strip';
import { TurnClock } from './turn-clock';

const INSETS: Insets = { top: 84, right: 0, bottom: 150, left: 0 };
const NARROW_INSETS: Insets = { top: 130, right: 0, bottom: 330, left: 0 };
const RESULT_AFTER_MS = 1_600;

interface Ground {
  readonly battle: number | undefined;
  readonly map: ZoneMap | null;
}

/** A battle: place, walk, aim, strike, end the turn. Previews only show; the server decides. */
@Component({
  selector: 'aether-battle-page',
  imports: [
    ActionBar,
    BattleBoard,
    BattleGoal,
    BattleLogPanel,
    BattleResult,
    ChatDock,
    CombatantCard,
    DiceShare,
    SpectatorCount,
    TimelineStrip,
    TurnClock,
  ],
  templateUrl: './battle-page.html',
  styleUrls: ['./battle-view.css', './battle-page.css'],
  host: { '(document:keydown)': 'followKey($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattlePage {
  protected readonly store = inject(BattleStore);
  protected readonly insets = injectInsets(INSETS, NARROW_INSETS);
  protected readonly isBusy = signal(false);
  protected readonly isForfeiting = signal(false);
  protected readonly isResultShown = signal(false);
  protected readonly hovered = signal<Cell | null>(null);
  protected readonly pointed = signal<CombatantView | null>(null);
  protected readonly battle = computed(() => this.store.state()?.view ?? null);
  protected readonly isOwnTurn = computed(() => {
    const battle = this.battle();
    return !!battle && isTurnOf(battle, this.store.acting());
  });
  /** The skill that is being aimed; a new turn begins without one. */
  protected readonly aimed = linkedSignal<number | undefined, SkillInfo | null>({
    // Computed, so that only another turn counts: any news of the battle would be a change otherwise.
    source: computed(() => this.battle()?.turn),
    computation: () => null,
  });
  protected readonly scene = computed(() => {
    const battle = this.battle();
    const map = this.map();
    return battle && map && battleScene(battle, map, this.store.own(), this.store.sceneWords);
  });
  protected readonly highlights = computed(() => this.highlightsNow());
  protected readonly turnOf = computed(() => {
    const battle = this.battle();
    const active = battle && combatantOf(battle, battle.turn_owner);
    return active ? this.store.nameOf(active) : '';
  });
  protected readonly shownCombatant = computed(() => {
    const battle = this.battle();
    const cell = this.hovered();
    const pointed = this.pointed();
    if (!battle) return null;
    return pointed ? combatantOf(battle, pointed.id) : cell && standingOn(battle, cell);
  });
  protected readonly reach = computed(() => {
    const battle = this.battle();
    const own = this.store.acting();
    return battle && own && this.isOwnTurn() ? reachOf(battle, own) : null;
  });

  private readonly zone = inject(ZoneStore);
  private readonly catalogue = inject(CatalogueStore);
  private readonly siteMap = computed(() => {
    const map = this.zone.map();
    return map?.hash === this.store.state()?.site?.map_hash ? map : null;
  });
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();
  private readonly chat = viewChild(ChatDock);
  private readonly actionBar = viewChild(ActionBar);
  private readonly dice = viewChild(DiceShare);
  /** The ground never changes while a battle lasts: it is drawn once, as soon as the zone's map is here. */
  private readonly map = linkedSignal<Ground, BoardMap | null>({
    source: () => ({ battle: this.battle()?.battle_id, map: this.siteMap() }),
    computation: ({ battle, map }, previous) => {
      const isDrawn = previous?.source.battle === battle && (!map || previous?.source.map === map);
      if (previous && isDrawn) return previous.value;
      const view = this.battle();
      return view && battleMap(view, this.store.state()?.site ?? null, map);
    },
  });

  constructor() {
    const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    host.addEventListener('keydown', (event) => this.followBoardKey(event), { capture: true });
    effect(() => this.showResultSoon(this.battle()?.phase === 'ended'));
  }

  protected async activate(cell: Cell): Promise<void> {
    if (this.isBusy()) return;
    // A finger does not hover: its first touch shows what a second one confirms.
    const isConfirmed = sameCell(this.hovered(), cell);
    this.hovered.set(cell);
    if (this.battle()?.phase === 'placement') await this.place(cell);
    else if (this.aimed()) await (isConfirmed ? this.cast(cell) : undefined);
    else if (this.isOwnTurn() && isConfirmed) await this.walk(cell);
  }

  protected pick(skill: SkillInfo): void {
    const own = this.store.acting();
    if (!own || !this.isOwnTurn() || obstacleTo(own, skill)) return;
    this.aimed.update((aimed) => (aimed?.id === skill.id ? null : skill));
  }

  protected async ready(): Promise<void> {
    await this.command((battle) =>
      this.socket.send('combat.ready', { battle, seed: this.dice()?.seed() ?? seedOf('') }),
    );
  }

  protected async endTurn(): Promise<void> {
    if (this.isOwnTurn())
      await this.command((battle) => this.socket.send('combat.end_turn', { battle }));
  }

  protected async forfeit(): Promise<void> {
    this.isForfeiting.set(false);
    await this.command((battle) => this.socket.send('combat.forfeit', { battle }));
  }

  protected followKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.target instanceof HTMLInputElement) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.cancel();
    else if (event.key === 'Enter' && !isInteractive(event.target)) this.chat()?.focus();
    else if (event.key === ' ' && !isInteractive(event.target)) void this.endTurn();
    else if (!this.pickByKey(event.key)) return;
    event.preventDefault();
  }

  /** After a click the board has the focus: space still ends the turn, unless the keyboard brought it there. */
  private followBoardKey(event: KeyboardEvent): void {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.role !== 'gridcell') return;
    if (target.matches(':focus-visible') || (key !== ' ' && key !== 'Enter')) return;
    event.stopPropagation();
    event.preventDefault();
    if (key === ' ') void this.endTurn();
    else this.chat()?.focus();
  }

  private pickByKey(key: string): boolean {
    const skill = this.actionBar()?.skillAt(key);
    if (skill) this.pick(skill);
    return !!skill;
  }

  private cancel(): void {
    this.aimed.set(null);
    this.isForfeiting.set(false);
  }

  private async place(cell: Cell): Promise<void> {
    const own = this.store.acting();
    const battle = this.battle();
    if (!own || !battle || own.is_ready) return;
    const { ownPlacement } = placementHighlights(battle, own);
    if (!ownPlacement?.some((free) => sameCell(free, cell))) return;
    await this.command((id) =>
      this.socket.send('combat.place', { battle: id, cell: [cell[0], cell[1]] }),
    );
  }

  private async walk(cell: Cell): Promise<void> {
    const step = this.reach()?.get(cellKey(cell));
    if (!step) return;
    await this.command((battle) => this.socket.send('combat.move', { battle, path: step.path }));
  }

  private async cast(cell: Cell): Promise<void> {
    const skill = this.aimed();
    const own = this.store.acting();
    const battle = this.battle();
    if (!skill || !own || !battle) return;
    if (!canAimAt(battle, own, skill, cell)) return this.aimed.set(null);
    this.aimed.set(null);
    await this.command((id) =>
      this.socket.send('combat.cast', { battle: id, skill: skill.id, cell }),
    );
  }

  private async command(send: (battle: number) => Promise<unknown>): Promise<void> {
    const battle = this.battle()?.battle_id;
    if (battle === undefined || this.isBusy()) return;
    this.isBusy.set(true);
    await this.ask(send(battle));
    this.isBusy.set(false);
  }

  private highlightsNow(): BattleHighlights {
    const battle = this.battle();
    const own = this.store.acting();
    if (!battle || !own) return {};
    if (battle.phase === 'placement') return placementHighlights(battle, own);
    if (!this.isOwnTurn()) return {};
    const skill = this.aimed();
    if (skill) return this.aimHighlights(skill);
    const cell = this.hovered();
    const reach = this.reach();
    const step = cell && reach?.get(cellKey(cell));
    return {
      reachable: [...(reach?.values() ?? [])].map((step) => step.cell),
      path: step?.path ?? [],
      expected: step ? [stepMark(step)] : [],
    };
  }

  private aimHighlights(skill: SkillInfo): BattleHighlights {
    const battle = this.battle();
    const own = this.store.acting();
    const cell = this.hovered();
    if (!battle || !own) return {};
    const target = cell && standingOn(battle, cell);
    const isSpent = !!target && isTargetSpent(own, skill, target.id);
    const isAimed = !!cell && !isSpent && canAimAt(battle, own, skill, cell);
    return {
      range: cellsInRange(battle, own, skill),
      area: isAimed ? cellsHit(battle, own, skill, cell) : [],
      expected: isAimed
        ? expectedMarks(battle, forecastOf(battle, own, skill, cell, this.catalogue.all()))
        : [],
    };
  }

  /** The last blow should be seen before the result covers the board. */
  private showResultSoon(isOver: boolean): void {
    if (isOver) setTimeout(() => this.isResultShown.set(true), RESULT_AFTER_MS);
    else this.isResultShown.set(false);
  }
}
