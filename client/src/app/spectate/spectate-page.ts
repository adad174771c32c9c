import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  linkedSignal,
  signal,
} from '@angular/core';
import { battleMap, battleScene } from '../battle/battle-scene';
import { BattleLogPanel } from '../battle/battle-log-panel';
import { BattleStore } from '../battle/battle-store';
import { CombatantCard } from '../battle/combatant-card';
import { combatantOf, standingOn } from '../battle/combatants';
import { SpectatorCount } from '../battle/spectator-count';
import { TimelineStrip } from '../battle/timeline-strip';
import { TurnClock } from '../battle/turn-clock';
import { BattleBoard } from '../board/battle-board';
import { BoardMap, Cell, Insets } from '../board/board-types';
import { injectInsets } from '../board/insets';
import { ChatDock } from '../chat/chat-dock';
import { BattleView, CombatantView, ZoneMap } from '../protocol/generated';
import { ZoneStore } from '../world/zone-store';
import { SpectateStore } from './spectate-store';

const INSETS: Insets = { top: 84, right: 0, bottom: 150, left: 0 };
const NARROW_INSETS: Insets = { top: 160, right: 0, bottom: 150, left: 0 };

interface Ground {
  readonly battle: number | undefined;
  readonly map: ZoneMap | null;
}

/** A battle of others as it goes, or some rounds late: to look at, and to leave. */
@Component({
  selector: 'aether-spectate-page',
  imports: [
    BattleBoard,
    BattleLogPanel,
    ChatDock,
    CombatantCard,
    SpectatorCount,
    TimelineStrip,
    TurnClock,
  ],
  templateUrl: './spectate-page.html',
  styleUrls: ['../battle/battle-view.css', './spectate-page.css'],
  host: { '(document:keydown)': 'followKey($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpectatePage {
  protected readonly store = inject(SpectateStore);
  protected readonly battles = inject(BattleStore);
  protected readonly zone = inject(ZoneStore);
  protected readonly insets = injectInsets(INSETS, NARROW_INSETS);
  protected readonly hovered = signal<Cell | null>(null);
  protected readonly pointed = signal<CombatantView | null>(null);
  protected readonly battle = computed(() => this.store.state()?.view ?? null);
  protected readonly scene = computed(() => {
    const battle = this.battle();
    const map = this.map();
    return battle && map && battleScene(battle, map, undefined, this.battles.sceneWords);
  });
  protected readonly turnOf = computed(() => {
    const battle = this.battle();
    const active = battle && combatantOf(battle, battle.turn_owner);
    return active ? this.battles.nameOf(active) : '';
  });
  protected readonly shownCombatant = computed(() => {
    const battle = this.battle();
    const cell = this.hovered();
    const pointed = this.pointed();
    if (!battle) return null;
    return pointed ? combatantOf(battle, pointed.id) : cell && standingOn(battle, cell);
  });
  protected readonly outcome = computed(() => this.outcomeOf(this.battle()));

  /** The ground never changes while a battle lasts. */
  private readonly map = linkedSignal<Ground, BoardMap | null>({
    source: () => ({ battle: this.battle()?.battle_id, map: this.zone.map() }),
    computation: ({ battle, map }, previous) => {
      const isDrawn = previous?.source.battle === battle && previous?.source.map === map;
      if (previous && isDrawn) return previous.value;
      const view = this.battle();
      return view && battleMap(view, this.store.state()?.site ?? null, map);
    },
  });

  protected followKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key !== 'Escape' || event.defaultPrevented || isTyping) return;
    event.preventDefault();
    this.store.leave();
  }

  private outcomeOf(battle: BattleView | null): string {
    if (battle?.phase !== 'ended') return '';
    const winners = battle.combatants.filter(
      ({ team, kind }) => team === battle.winner && kind !== 'summon' && kind !== 'object',
    );
    if (!winners.length) return $localize`:@@result.draw:A draw`;
    const names = winners.map((each) => this.battles.nameOf(each)).join(', ');
    return $localize`:@@spectate.won:Victory for ${names}:names:`;
  }
}
