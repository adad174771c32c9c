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
import { Cell, cellKey } from './board-types';
import { CellLabels, cellName } from './cell-label';
import { TILE_HEIGHT, TILE_WIDTH, project } from './projection';
import { BoardView } from './stage';

interface GridCell {
  readonly cell: Cell;
  readonly key: string;
  readonly name: string;
  readonly left: number;
  readonly top: number;
}

/** Keys that move the focus, and by how much. */
const MOVES: Readonly<Record<string, Cell>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
  PageDown: [0, 5],
  PageUp: [0, -5],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

export interface CellActivation {
  readonly cell: Cell;
  /** Where the pointer was on the screen, null when a key did it. */
  readonly pointer: MouseEvent | null;
}

/** The board as a grid of labelled cells over the picture: for keyboards, screen readers and pointers. */
@Component({
  selector: 'aether-board-grid',
  template: `
    <div
      #layer
      class="layer"
      role="grid"
      [attr.aria-label]="label()"
      [attr.aria-rowcount]="height()"
      [attr.aria-colcount]="width()"
      (click)="activateUnder($event)"
      (pointermove)="hoverUnder($event)"
      (pointerleave)="cellHovered.emit(null)"
      (keydown)="followKey($event)"
      (focusin)="hoverFocused($event)"
      (focusout)="cellFocused.emit(null)"
    >
      @for (row of rows(); track $index) {
        <div class="row" role="row" [attr.aria-rowindex]="$index + 1">
          @for (cell of row; track cell.key) {
            <div
              class="cell"
              [class.cell--held]="labels().has(cell.key)"
              role="gridcell"
              [style.left.px]="cell.left"
              [style.top.px]="cell.top"
              [attr.aria-colindex]="$index + 1"
              [attr.aria-label]="
                labels().get(cell.key) ?? groundLabels().get(cell.key) ?? cell.name
              "
              [attr.data-cell]="cell.key"
              [attr.tabindex]="cell.key === activeKey() ? 0 : -1"
            ></div>
          }
        </div>
      }
    </div>
  `,
  styleUrl: './board-grid.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BoardGrid {
  readonly width = input.required<number>();
  readonly height = input.required<number>();
  readonly label = input.required<string>();
  /** Of cells with something on them; the ground's labels stand in for the others. */
  readonly labels = input.required<CellLabels>();
  readonly groundLabels = input.required<CellLabels>();
  readonly view = input.required<BoardView>();
  /** The cell that has the focus when the grid is entered. */
  readonly startCell = input<Cell>([0, 0]);
  readonly cellActivated = output<CellActivation>();
  readonly cellHovered = output<Cell | null>();
  /** The cell that the keyboard has gone to; null when it leaves the board. */
  readonly cellFocused = output<Cell | null>();

  protected readonly rows = computed(() =>
    Array.from({ length: this.height() }, (_, y) =>
      Array.from({ length: this.width() }, (_, x) => gridCell([x, y])),
    ),
  );
  private readonly active = linkedSignal(() => this.startCell());
  protected readonly activeKey = computed(() => cellKey(this.active()));

  /** Whoever has clicked on the ground and presses Enter means the page around it, not that cell again. */
  private isLedByPointer = false;
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly layer = viewChild.required<ElementRef<HTMLElement>>('layer');

  constructor() {
    effect(() => {
      const { x, y, scale } = this.view();
      this.layer().nativeElement.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    });
  }

  protected activateUnder(event: MouseEvent): void {
    const cell = cellOf(event.target);
    if (!cell) return;
    this.active.set(cell);
    // A click without a pointer behind it (assistive technology) has no detail.
    this.isLedByPointer = event.detail > 0;
    this.cellActivated.emit({ cell, pointer: this.isLedByPointer ? event : null });
  }

  protected hoverUnder(event: PointerEvent): void {
    this.cellHovered.emit(cellOf(event.target));
  }

  protected hoverFocused(event: FocusEvent): void {
    if (!(event.target as HTMLElement).matches(':focus-visible')) return;
    this.isLedByPointer = false;
    this.cellHovered.emit(cellOf(event.target));
    this.cellFocused.emit(cellOf(event.target));
  }

  protected followKey(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      if (this.isLedByPointer) return;
      this.cellActivated.emit({ cell: this.active(), pointer: null });
    } else if (move) {
      this.moveFocus(move);
    } else {
      return;
    }
    event.preventDefault();
  }

  private moveFocus([dx, dy]: Cell): void {
    this.isLedByPointer = false;
    const [x, y] = this.active();
    const cell: Cell = [
      Math.min(Math.max(x + dx, 0), this.width() - 1),
      Math.min(Math.max(y + dy, 0), this.height() - 1),
    ];
    this.active.set(cell);
    const key = cellKey(cell);
    this.host.nativeElement
      .querySelector<HTMLElement>(`[data-cell="${key}"]`)
      ?.focus({ preventScroll: true });
  }
}

function gridCell(cell: Cell): GridCell {
  const { x, y } = project(cell[0], cell[1]);
  return {
    cell,
    key: cellKey(cell),
    name: cellName(cell),
    left: x - TILE_WIDTH / 2,
    top: y - TILE_HEIGHT / 2,
  };
}

function cellOf(target: EventTarget | null): Cell | null {
  const key = target instanceof Element ? target.closest('[data-cell]') : null;
  const [x, y] = key?.getAttribute('data-cell')?.split(',').map(Number) ?? [];
  return x === undefined || y === undefined ? null : [x, y];
}
