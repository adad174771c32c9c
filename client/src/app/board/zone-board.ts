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
import { BoardGrid, CellActivation } from './board-grid';
import { Cell, Insets, NO_INSETS, ZoneEntity, ZoneScene, sameCell } from './board-types';
import { groundLabels, zoneLabels } from './cell-label';
import { ZONE_STAGE } from './stage';
import { connectStage } from './stage-connection';

/** A zone and who is in it, with the camera on the player's own character. */
@Component({
  selector: 'aether-zone-board',
  imports: [BoardGrid],
  template: `
    <div #picture class="picture" aria-hidden="true"></div>
    <aether-board-grid
      data-testid="zone-grid"
      [width]="scene().map.width"
      [height]="scene().map.height"
      [label]="gridLabel"
      [labels]="labels()"
      [groundLabels]="groundLabels()"
      [view]="view()"
      [startCell]="startCell()"
      (cellActivated)="activate($event)"
      (cellHovered)="hoveredCell.set($event)"
      (cellFocused)="glance($event)"
      (wheel)="zoom($event)"
    />
  `,
  styleUrl: './board.css',
  host: { '[class.board--plain]': 'isPlain()', 'data-testid': 'zone-board' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ZoneBoard {
  readonly scene = input.required<ZoneScene>();
  readonly insets = input<Insets>(NO_INSETS);
  /** The path that a click on this cell would take, to be shown under the pointer. */
  readonly wayTo = input<(cell: Cell) => readonly Cell[]>(() => []);
  /** Walkable ground, or any cell that holds no entity. */
  readonly cellActivated = output<Cell>();
  readonly entityActivated = output<ZoneEntity>();

  protected readonly gridLabel = $localize`:@@board.zoneGrid:Map of the zone`;
  private readonly map = computed(() => this.scene().map);
  protected readonly groundLabels = computed(() => groundLabels(this.map()));
  protected readonly labels = computed(() => zoneLabels(this.scene()));
  protected readonly hoveredCell = linkedSignal<string, Cell | null>({
    source: computed(() => this.scene().map.id),
    computation: () => null,
  });
  private readonly own = computed(() => {
    const { entities, ownKey } = this.scene();
    return entities.find((entity) => entity.key === ownKey) ?? null;
  });
  /** Follows the zone, not every step: else the focus would walk away from the keyboard. */
  protected readonly startCell = linkedSignal<string, Cell>({
    source: () => `${this.scene().map.id} ${this.own()?.key}`,
    computation: () => this.own()?.cell ?? [0, 0],
  });

  private readonly picture = viewChild.required<ElementRef<HTMLElement>>('picture');
  private readonly connection = connectStage(inject(ZONE_STAGE), this.picture, this.insets);
  protected readonly view = this.connection.view;
  protected readonly isPlain = this.connection.isPlain;

  constructor() {
    effect(() => this.connection.stage()?.show(this.scene()));
    effect(() => {
      const stage = this.connection.stage();
      const cell = this.hoveredCell();
      stage?.hover(cell);
      stage?.showPath(cell ? this.wayTo()(cell) : []);
    });
  }

  protected activate({ cell, pointer }: CellActivation): void {
    const entity = this.entityUnder(pointer) ?? this.entityOn(cell);
    if (entity) this.entityActivated.emit(entity);
    else this.cellActivated.emit(cell);
  }

  protected glance(cell: Cell | null): void {
    this.connection.stage()?.glanceAt(cell);
  }

  protected zoom(event: WheelEvent): void {
    event.preventDefault();
    this.connection.stage()?.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }

  private entityUnder(pointer: MouseEvent | null): ZoneEntity | undefined {
    if (!pointer) return undefined;
    const { left, top } = this.picture().nativeElement.getBoundingClientRect();
    const point = { x: pointer.clientX - left, y: pointer.clientY - top };
    const key = this.connection.stage()?.entityAt(point);
    return key ? this.scene().entities.find((entity) => entity.key === key) : undefined;
  }

  private entityOn(cell: Cell): ZoneEntity | undefined {
    const { entities, ownKey } = this.scene();
    return entities.find(
      (entity) =>
        entity.key !== ownKey &&
        (entity.kind === 'exit'
          ? entity.cells.some((exitCell) => sameCell(exitCell, cell))
          : sameCell(entity.cell, cell)),
    );
  }
}
