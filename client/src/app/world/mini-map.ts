import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { Art } from '../art/art';
import { BoardMap, Cell, ZoneEntity, ZoneScene } from '../board/board-types';
import { TILE_HEIGHT, TILE_WIDTH, mapBounds, project } from '../board/projection';
import { TonedPath, tonedGround } from './mini-map-ground';

interface Dot {
  readonly key: string;
  readonly kind: string;
  readonly x: number;
  readonly y: number;
}

interface Signpost extends Dot {
  readonly name: string;
}

/** About how wide a letter of a sign is, so that no sign hangs over the rim. */
const LETTER_WIDTH = 0.55;
/** Signs are about as large on a small map as on a large one: this part of the map's width. */
const LETTER_PART = 1 / 18;
const DOT_PART = 1 / 90;
/** In a crowd more dots say nothing more. */
const STRANGERS_MAX = 60;

/** The whole zone in a corner: its ground, who is there, and where its roads lead. */
@Component({
  selector: 'aether-mini-map',
  imports: [Art],
  template: `
    <section
      class="panel map"
      [class.map--folded]="isFolded()"
      [class.map--night]="isNight()"
      data-testid="mini-map"
    >
      <button
        class="fold"
        type="button"
        data-testid="fold-mini-map"
        [attr.aria-expanded]="!isFolded()"
        [attr.aria-label]="foldLabel"
        [title]="foldLabel"
        (click)="isFolded.set(!isFolded())"
      >
        <aether-art folder="ui" name="map" [size]="20" />
      </button>
      @if (!isFolded()) {
        <svg role="img" [attr.aria-label]="label()" [attr.viewBox]="viewBox()">
          <g class="land" [attr.transform]="toBoard">
            @for (tone of ground(); track tone.colour) {
              <path [attr.d]="tone.path" [attr.fill]="tone.colour" shape-rendering="crispEdges" />
            }
          </g>
          @for (dot of dots(); track dot.key) {
            <circle
              [attr.class]="'dot dot--' + dot.kind"
              [attr.cx]="dot.x"
              [attr.cy]="dot.y"
              [attr.r]="dotSize() * (dot.kind === 'own' ? 1.7 : 1)"
              [attr.stroke-width]="dotSize() * 0.5"
            />
          }
          @for (sign of signs(); track sign.key) {
            <circle
              class="dot dot--exit"
              [attr.cx]="sign.x"
              [attr.cy]="sign.y"
              [attr.r]="dotSize() * 1.5"
              [attr.stroke-width]="dotSize() * 0.5"
            />
            <text
              [attr.x]="signX(sign)"
              [attr.y]="signY(sign)"
              [attr.font-size]="letters()"
              [attr.stroke-width]="letters() / 5"
            >
              {{ sign.name }}
            </text>
          }
        </svg>
      }
    </section>
  `,
  styleUrl: './mini-map.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MiniMap {
  readonly scene = input.required<ZoneScene>();
  readonly name = input.required<string>();
  readonly isNight = input(false);

  protected readonly isFolded = signal(isSmallScreen());
  protected readonly foldLabel = $localize`:@@map.fold:Small map`;
  protected readonly label = computed(
    () => $localize`:@@map.label:Map of ${this.name()}:zone:, with the roads out of it`,
  );
  /** Cells to the same projection as the board's. */
  protected readonly toBoard = `matrix(${TILE_WIDTH / 2} ${TILE_HEIGHT / 2} ${-TILE_WIDTH / 2} ${TILE_HEIGHT / 2} 0 ${-TILE_HEIGHT / 2})`;
  private readonly map = computed<BoardMap>(() => this.scene().map);
  private readonly bounds = computed(() => mapBounds(this.map().width, this.map().height));
  private readonly width = computed(() => this.bounds().right - this.bounds().left);
  protected readonly ground = computed<readonly TonedPath[]>(() => tonedGround(this.map()));
  protected readonly letters = computed(() => this.width() * LETTER_PART);
  protected readonly dotSize = computed(() => this.width() * DOT_PART);
  protected readonly viewBox = computed(() => {
    const { left, top, bottom } = this.bounds();
    return `${left} ${top - this.letters()} ${this.width()} ${bottom - top + 2 * this.letters()}`;
  });
  protected readonly dots = computed<readonly Dot[]>(() => {
    const { entities, ownKey } = this.scene();
    let strangers = 0;
    const shown = entities.filter(({ kind, key }) =>
      kind === 'player' && key !== ownKey ? strangers++ < STRANGERS_MAX : kind !== 'exit',
    );
    // Who paints last is on top: the player's own.
    return shown
      .map((entity) => dotOf(entity, entity.cell, ownKey))
      .sort((a, b) => rank(a) - rank(b));
  });
  protected readonly signs = computed<readonly Signpost[]>(() =>
    this.scene()
      .entities.filter((entity) => entity.kind === 'exit')
      .filter(({ isDoor }) => !isDoor)
      .map((exit) => ({ ...dotOf(exit, middleOf(exit.cells), null), name: exit.name })),
  );

  protected signX({ x, name }: Signpost): number {
    const half = (name.length * this.letters() * LETTER_WIDTH) / 2;
    const { left, right } = this.bounds();
    return Math.min(Math.max(x, left + half), right - half);
  }

  /** Above the roads to the right and below those to the left: two roads in one row stay apart. */
  protected signY({ x, y }: Signpost): number {
    const { left, right } = this.bounds();
    return x > (left + right) / 2 ? y - this.letters() * 0.7 : y + this.letters() * 1.3;
  }
}

function dotOf(entity: ZoneEntity, cell: Cell, ownKey: string | null): Dot {
  const { x, y } = project(cell[0], cell[1]);
  return { key: entity.key, kind: entity.key === ownKey ? 'own' : dotKind(entity), x, y };
}

/** Groups by how dangerous they are, company apart from strangers, nodes apart from other things. */
function dotKind(entity: ZoneEntity): string {
  if (entity.kind === 'group') return entity.danger ?? 'even';
  if (entity.kind === 'player') return entity.isMate ? 'mate' : 'player';
  return entity.key.startsWith('object:node:') ? 'node' : entity.kind;
}

function rank({ kind }: Dot): number {
  return kind === 'own' ? 2 : kind === 'mate' ? 1 : 0;
}

function middleOf(cells: readonly Cell[]): Cell {
  return cells[Math.floor(cells.length / 2)] ?? [0, 0];
}

/** There the map would cover the zone itself. */
function isSmallScreen(): boolean {
  return globalThis.matchMedia?.('(max-width: 900px)').matches ?? false;
}
