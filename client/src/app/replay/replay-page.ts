import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { BattleLogPanel } from '../battle/battle-log-panel';
import { battleMap, battleScene } from '../battle/battle-scene';
import { BattleStore } from '../battle/battle-store';
import { CombatantCard } from '../battle/combatant-card';
import { combatantOf, standingOn } from '../battle/combatants';
import { TimelineStrip } from '../battle/timeline-strip';
import { BattleBoard } from '../board/battle-board';
import { Cell, Insets } from '../board/board-types';
import { injectInsets } from '../board/insets';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { BattleReplay, CombatantView, SeenBattle, ZoneMap } from '../protocol/generated';
import { BattleArchive, replayIn } from '../verify/battle-archive';
import { readBattleFile } from '../verify/battle-file';
import { UnreadableFileError } from '../verify/export-file';
import { FileChooser } from '../verify/file-chooser';
import { problemSentence } from '../verify/file-words';
import { audienceName } from './audience-words';
import { Replay, replayOf } from './replay';
import { ReplayControls } from './replay-controls';
import { notReplayable } from './replayable-words';
import { ReplayPlayer } from './replay-player';

const INSETS: Insets = { top: 84, right: 0, bottom: 160, left: 0 };
const NARROW_INSETS: Insets = { top: 210, right: 0, bottom: 300, left: 0 };

type Shown = Omit<BattleReplay, 'battle'>;

/** A battle watched again: played, paused, by steps or turns, as one side or as the public saw it. */
@Component({
  selector: 'aether-replay-page',
  imports: [
    BattleBoard,
    BattleLogPanel,
    CombatantCard,
    FileChooser,
    ReplayControls,
    RouterLink,
    TimelineStrip,
  ],
  templateUrl: './replay-page.html',
  styleUrls: ['../battle/battle-view.css', './replay-page.css'],
  providers: [ReplayPlayer],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ReplayPage {
  /** From the address: a battle of the game; without one, a file is opened. */
  readonly battle = input<string>();
  readonly from = input<string>();
  /** The audience and the turn to begin with. */
  readonly as = input<string>();
  readonly turn = input<string>();

  protected readonly player = inject(ReplayPlayer);
  protected readonly store = inject(BattleStore);
  protected readonly insets = injectInsets(INSETS, NARROW_INSETS);
  protected readonly shown = signal<Shown | null>(null);
  protected readonly problem = signal('');
  protected readonly isLoading = signal(false);
  protected readonly hovered = signal<Cell | null>(null);
  protected readonly pointed = signal<CombatantView | null>(null);
  protected readonly audience = linkedSignal(() => this.chosenAudience());
  protected readonly audiences = computed(() =>
    (this.shown()?.views ?? []).map((view) => ({
      id: view.audience,
      name: audienceName(view, (each) => this.store.nameOf(each)),
    })),
  );
  protected readonly mark = computed(() => notReplayable(this.shown()?.not_replayable));
  protected readonly view = computed(() => this.player.state()?.view ?? null);
  protected readonly ownTeam = computed(() => (this.audience() === 'team:1' ? 1 : 0));
  protected readonly scene = computed(() => {
    const view = this.view();
    const ground = this.ground();
    if (!view || !ground) return null;
    const own = view.combatants.find(({ team }) => team === this.ownTeam());
    const scene = battleScene(view, ground, own, this.store.sceneWords);
    // Who watches is none of them: nobody is marked as oneself.
    return { ...scene, combatants: scene.combatants.map((each) => ({ ...each, isSelf: false })) };
  });
  protected readonly turnOf = computed(() => {
    const view = this.view();
    const active = view && combatantOf(view, view.turn_owner);
    return active ? this.store.nameOf(active) : '';
  });
  protected readonly shownCombatant = computed(() => {
    const view = this.view();
    const cell = this.hovered();
    const pointed = this.pointed();
    if (!view) return null;
    return pointed ? combatantOf(view, pointed.id) : cell && standingOn(view, cell);
  });

  private readonly archive = inject(BattleArchive);
  private readonly catalogue = inject(CatalogueStore);
  private readonly map = signal<ZoneMap | null>(null);
  private readonly ground = computed(() => {
    const start = this.player.replay()?.beats[0]?.state;
    return start ? battleMap(start.view, start.site, this.map()) : null;
  });

  constructor() {
    effect(() => {
      const battle = this.battle();
      if (battle) void this.load(Number(battle), this.from() === 'console');
      else if (this.archive.opened()) void this.show(replayIn(this.archive.opened()!));
    });
  }

  protected open(text: string): void {
    try {
      const file = readBattleFile(text);
      this.archive.opened.set(file);
      void this.show(replayIn(file));
    } catch (error) {
      this.refuse(error);
    }
  }

  protected refuse(error: unknown): void {
    this.shown.set(null);
    this.problem.set(problemSentence(error));
  }

  protected watchAs(audience: string): void {
    const seen = this.shown()?.views.find((view) => view.audience === audience);
    const replay = seen && this.made(seen);
    if (!replay) return;
    this.audience.set(audience);
    this.player.open(replay);
  }

  private async load(battle: number, isFromConsole: boolean): Promise<void> {
    this.isLoading.set(true);
    try {
      await this.show(await this.archive.replay(battle, isFromConsole));
    } catch (error) {
      this.refuse(error);
    } finally {
      this.isLoading.set(false);
    }
  }

  private async show(shown: Shown): Promise<void> {
    this.problem.set('');
    // Words first: what is said in the log is put into words once, when the replay is made.
    await this.catalogue.load('').catch(() => undefined);
    this.shown.set(shown);
    const seen = shown.views.find((view) => view.audience === this.audience());
    const replay = seen && this.made(seen);
    if (!replay) return this.refuse(new UnreadableFileError('not_a_battle'));
    this.player.open(replay, Number(this.turn() ?? 0) || 0);
    const { site } = shown;
    if (site) this.map.set(await this.archive.map(site.zone, site.map_hash));
  }

  /** A file may tell what cannot be: it is refused whole, before anything of it is shown. */
  private made(seen: SeenBattle): Replay | null {
    try {
      return replayOf(seen, this.shown()?.site ?? null, this.store.wordsFor);
    } catch {
      return null;
    }
  }

  private chosenAudience(): string {
    const known = (this.shown()?.views ?? []).map(({ audience }) => audience);
    const wanted = this.as();
    return wanted && known.includes(wanted) ? wanted : (known[0] ?? '');
  }
}
