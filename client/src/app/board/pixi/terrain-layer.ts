/** The ground of a map and what stands on it. */
import { Container, Sprite } from 'pixi.js';
import { BoardMap, Cell } from '../board-types';
import { isInside, isWalkable } from '../ground';
import { Point, project } from '../projection';
import { Scenery } from './scenery';
import { Terrain } from './sprite-sheet';

/** How far the tallest sprite reaches beyond its cell. */
const OVERHANG = 140;
/** How near to a figure a thing before it has to be to hide it. */
const HIDING_REACH = 44;
const HIDING_HEIGHT = 64;
const HIDING_ALPHA = 0.45;

/** The four borders of a cell, and the step to the neighbour behind each. */
const BORDERS: readonly { readonly name: string; readonly step: Cell }[] = [
  { name: 'ne', step: [0, -1] },
  { name: 'se', step: [1, 0] },
  { name: 'sw', step: [0, 1] },
  { name: 'nw', step: [-1, 0] },
];

/** Something that must not be hidden: where its feet are. */
export interface Standing {
  readonly place: Point;
  readonly depth: number;
}

/** What stands at a depth: later rows hide earlier ones; among equals the layer decides. */
export function depth(x: number, y: number, layer = 0): number {
  return (x + y) * 16 + layer;
}

export class TerrainLayer {
  private readonly flats = new Container();
  private readonly fringes = new Container();
  private readonly overlay = new Container();
  private readonly standing: { readonly sprite: Sprite; readonly alpha: number }[] = [];
  private mapId: string | null = null;

  /** `coverAlpha`: how solid is drawn what stands on ground that can be walked on, such as reeds. */
  constructor(
    private readonly scenery: Scenery,
    private readonly coverAlpha = 1,
  ) {
    scenery.ground.addChild(this.flats, this.fringes, this.overlay);
    scenery.watchView(() => this.hideWhatIsOutOfSight());
  }

  /** Build the terrain of the map; false when it is the one that stands already. */
  show(map: BoardMap): boolean {
    if (map.id === this.mapId) return false;
    this.clear();
    this.mapId = map.id;
    for (let y = 0; y < map.height; y++) {
      for (let x = 0; x < map.width; x++) this.buildCell(map, [x, y]);
    }
    for (const { sprite, cell } of map.decor) this.decorate(map, sprite, cell);
    this.scenery.groundChanged();
    return true;
  }

  /** Let what stands before these figures show through, so that nobody gets lost behind a house. */
  reveal(figures: readonly Standing[]): void {
    for (const { sprite, alpha } of this.standing) {
      const isHiding = figures.some((figure) => hides(sprite, figure));
      sprite.alpha = isHiding ? Math.min(alpha, HIDING_ALPHA) : alpha;
    }
  }

  private buildCell(map: BoardMap, cell: Cell): void {
    const terrain = this.terrainAt(map, cell);
    const variant = scatter(cell) % terrain.variants;
    // Open sky is what shows where nothing is drawn: else it would cover the cliffs that hang into it.
    if (terrain.rank > 0) {
      this.flats.addChild(this.spriteAt(`ground/${terrain.art}/${variant}`, cell));
    }
    this.raise(map, terrain, cell);
    for (const { name: border, step } of BORDERS) {
      const neighbour: Cell = [cell[0] + step[0], cell[1] + step[1]];
      const other = isInside(map, neighbour) ? this.terrainAt(map, neighbour) : null;
      if (isDrop(terrain, other)) this.hangCliff(terrain, border, cell);
      if (other && hangsOver(other, terrain)) {
        this.fringes.addChild(this.spriteAt(`fringe/${other.art}/${border}`, cell));
      }
    }
  }

  private hangCliff({ cliff = 'cliff' }: Terrain, border: string, cell: Cell): void {
    const name = `${cliff}/${border}/${scatter(cell) % 2}`;
    if (this.scenery.sheet.has(name)) this.flats.addChild(this.spriteAt(name, cell));
  }

  private terrainAt(map: BoardMap, [x, y]: Cell): Terrain {
    return this.scenery.sheet.terrain(map.tiles[map.ground[y * map.width + x] ?? 0] ?? '');
  }

  /** A piece of furniture, or another ground or block laid over the cell. */
  private decorate(map: BoardMap, name: string, cell: Cell): void {
    const { sheet } = this.scenery;
    if (sheet.has(`decor/${name}`))
      return this.stand(`decor/${name}`, cell, 4, this.alphaOn(map, cell));
    if (!sheet.isTerrain(name)) return;
    const terrain = sheet.terrain(name);
    if (terrain.block) this.raise(map, terrain, cell);
    else this.overlay.addChild(this.spriteAt(`ground/${terrain.art}/0`, cell));
  }

  private raise(map: BoardMap, { block, blockVariants = 1 }: Terrain, cell: Cell): void {
    const name = `block/${block}/${scatter(cell) % blockVariants}`;
    if (block) this.stand(name, cell, 2, this.alphaOn(map, cell));
  }

  private alphaOn(map: BoardMap, cell: Cell): number {
    return isWalkable(map, cell) ? this.coverAlpha : 1;
  }

  private stand(name: string, cell: Cell, layer: number, alpha: number): void {
    if (!this.scenery.sheet.has(name)) return;
    const sprite = this.spriteAt(name, cell);
    sprite.zIndex = depth(cell[0], cell[1], layer);
    sprite.alpha = alpha;
    this.standing.push({ sprite, alpha });
    this.scenery.figures.addChild(sprite);
  }

  private spriteAt(name: string, [x, y]: Cell): Sprite {
    const sprite = new Sprite(this.scenery.sheet.texture(name));
    const { x: left, y: top } = project(x, y);
    sprite.position.set(left, top);
    return sprite;
  }

  private hideWhatIsOutOfSight(): void {
    const { scenery } = this;
    const from = scenery.toWorld({ x: 0, y: 0 });
    const to = scenery.toWorld({ x: scenery.width, y: scenery.height });
    for (const { sprite } of this.standing) {
      const { x, y } = sprite.position;
      sprite.visible =
        x > from.x - OVERHANG && x < to.x + OVERHANG && y > from.y - 8 && y < to.y + OVERHANG;
    }
  }

  private clear(): void {
    const sprites = [this.flats, this.fringes, this.overlay].flatMap((layer) =>
      layer.removeChildren(),
    );
    for (const sprite of sprites) sprite.destroy();
    for (const { sprite } of this.standing) sprite.destroy();
    this.standing.length = 0;
  }
}

function hides(sprite: Sprite, { place, depth: figureDepth }: Standing): boolean {
  return (
    sprite.zIndex > figureDepth &&
    Math.abs(sprite.x - place.x) < HIDING_REACH &&
    sprite.y - place.y < HIDING_HEIGHT
  );
}

/** The land ends here: at the rim of the map or above open sky. */
function isDrop(terrain: Terrain, other: Terrain | null): boolean {
  return terrain.rank > 0 && !terrain.isSpan && (!other || other.rank === 0);
}

function hangsOver(upper: Terrain, lower: Terrain): boolean {
  return upper.hasFringe && upper.rank > lower.rank;
}

/** A number that looks random and is always the same for a cell. */
function scatter([x, y]: Cell): number {
  let mixed = Math.imul(x + 1, 0x27d4eb2d) ^ Math.imul(y + 1, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
