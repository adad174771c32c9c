import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { BoardGrid } from './board-grid';
import { BattleCue, BattleHighlights, BattleScene, Cell, Insets, NO_INSETS } from './board-types';
import { battleLabels, groundLabels } from './cell-label';
import { BATTLE_STAGE } from './stage';
import { connectStage } from './stage-connection';

/** The board of a battle: who stands where, what may be reached or hit, and what just happened. */
@Component({
  selector: 'aether-battle-board',
  imports: [BoardGrid],
  template: `
    <div #picture class="picture" aria-hidden="true"></div>
    <aether-board-grid
      data-testid="battle-grid"
      [width]="scene().map.width"
      [height]="scene().map.height"
      [label]="gridLabel"
      [labels]="labels()"
      [groundLabels]="groundLabels()"
      [view]="view()"
      [startCell]="startCell()"
      (cellActivated)="cellActivated.emit($event.cell)"
      (cellHovered)="hover($event)"
      (wheel)="zoom($event)"
    />
  `,
  styleUrl: './board.css',
  host: { '[class.board--plain]': 'isPlain()', 'data-testid': 'battle-board' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BattleBoard {
  readonly scene = input.required<BattleScene>();
  readonly highlights = input<BattleHighlights>({});
  readonly cues = input<readonly BattleCue[]>([]);
  readonly insets = input<Insets>(NO_INSETS);
  readonly cellActivated = output<Cell>();
  readonly cellHovered = output<Cell | null>();

  protected readonly gridLabel = $localize`:@@board.battleGrid:Battle board`;
  private readonly map = computed(() => this.scene().map);
  protected readonly groundLabels = computed(() => groundLabels(this.map()));
  protected readonly labels = computed(() => battleLabels(this.scene(), this.highlights()));
  protected readonly startCell = linkedSignal<string, Cell>({
    source: () => this.scene().map.id,
    computation: () => this.scene().combatants.find(({ isSelf }) => isSelf)?.cell ?? [0, 0],
  });

  private readonly picture = viewChild.required<ElementRef<HTMLElement>>('picture');
  private readonly connection = connectStage(inject(BATTLE_STAGE), this.picture, this.insets);
  protected readonly view = this.connection.view;
  protected readonly isPlain = this.connection.isPlain;

  constructor() {
    const { stage } = this.connection;
    // Cues come first: they say how a figure gets to where the scene says that it is.
    effect(() => stage()?.play(this.cues()));
    effect(() => stage()?.show(this.scene()));
    effect(() => stage()?.paint(this.highlights()));
  }

  protected hover(cell: Cell | null): void {
    this.connection.stage()?.hover(cell);
    this.cellHovered.emit(cell);
  }

  protected zoom(event: WheelEvent): void {
    event.preventDefault();
    this.connection.stage()?.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }
}
