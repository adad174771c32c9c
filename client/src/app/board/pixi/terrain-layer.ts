/** The ground of a map, in chunks of which only those in sight are drawn, and what stands on it. */
import { Container, Sprite } from 'pixi.js';
import { BoardMap, Cell } from '../board-types';
import { TILE_HEIGHT, TILE_WIDTH, project } from '../projection';
import { Scenery } from './scenery';
import { Terrain } from './sprite-sheet';

const CHUNK = 8;
/** How far the tallest sprite reaches beyond its cell. */
const OVERHANG = 140;

/** The four borders of a cell, and the step to the neighbour behind each. */
const BORDERS: readonly { readonly name: string; readonly step: Cell }[] = [
  { name: 'ne', step: [0, -1] },
  { name: 'se', step: [1, 0] },
  { name: 'sw', step: [0, 1] },
  { name: 'nw', step: [-1, 0] },
];

interface Chunk {
  readonly parts: readonly Container[];
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What stands at a depth: later rows hide earlier ones; among equals the layer decides. */
export function depth(x: number, y: number, layer = 0): number {
  return (x + y) * 16 + layer;
}

export class TerrainLayer {
  private chunks: Chunk[] = [];
  private readonly standing: Container[] = [];
  private readonly overlay = new Container();
  private mapId: string | null = null;

  constructor(private readonly scenery: Scenery) {
    scenery.addPainter(() => this.hideWhatIsOutOfSight());
  }

  /** Build the terrain of the map, unless it is the one that stands already. */
  show(map: BoardMap): boolean {
    if (map.id === this.mapId) return false;
    this.clear();
    this.mapId = map.id;
    for (let y = 0; y < map.height; y += CHUNK) {
      for (let x = 0; x < map.width; x += CHUNK) this.chunks.push(this.buildChunk(map, x, y));
    }
    this.scenery.ground.addChild(this.overlay);
    for (const { sprite, cell } of map.decor) this.decorate(sprite, cell);
    return true;
  }

  private buildChunk(map: BoardMap, left: number, top: number): Chunk {
    const flats = new Container();
    const fringes = new Container();
    const bottom = Math.min(top + CHUNK, map.height);
    const right = Math.min(left + CHUNK, map.width);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) this.buildCell(map, [x, y], flats, fringes);
    }
    this.scenery.ground.addChildAt(flats, this.chunks.length);
    this.scenery.ground.addChild(fringes);
    return {
      parts: [flats, fringes],
      left: project(left, bottom).x - TILE_WIDTH,
      right: project(right, top).x + TILE_WIDTH,
      top: project(left, top).y - TILE_HEIGHT,
      bottom: project(right, bottom).y + TILE_HEIGHT,
    };
  }

  private buildCell(map: BoardMap, cell: Cell, flats: Container, fringes: Container): void {
    const terrain = this.terrainAt(map, cell);
    const variant = scatter(cell) % terrain.variants;
    flats.addChild(this.spriteAt(`ground/${terrain.art}/${variant}`, cell));
    this.raise(terrain, cell);
    for (const { name: border, step } of BORDERS) {
      const neighbour: Cell = [cell[0] + step[0], cell[1] + step[1]];
      const other = isInside(map, neighbour) ? this.terrainAt(map, neighbour) : null;
      if (isDrop(terrain, other)) this.hangCliff(border, cell, flats);
      if (other && hangsOver(other, terrain)) {
        fringes.addChild(this.spriteAt(`fringe/${other.art}/${border}`, cell));
      }
    }
  }

  private hangCliff(border: string, cell: Cell, flats: Container): void {
    const name = `cliff/${border}/${scatter(cell) % 2}`;
    if (this.scenery.sheet.has(name)) flats.addChild(this.spriteAt(name, cell));
  }

  private terrainAt(map: BoardMap, [x, y]: Cell): Terrain {
    return this.scenery.sheet.terrain(map.tiles[map.ground[y * map.width + x] ?? 0] ?? '');
  }

  /** A piece of furniture, or another ground or block laid over the cell. */
  private decorate(name: string, cell: Cell): void {
    const { sheet } = this.scenery;
    if (sheet.has(`decor/${name}`)) return this.stand(`decor/${name}`, cell, 4);
    if (!sheet.isTerrain(name)) return;
    const terrain = sheet.terrain(name);
    if (terrain.block) this.raise(terrain, cell);
    else this.overlay.addChild(this.spriteAt(`ground/${terrain.art}/0`, cell));
  }

  private raise({ block, blockVariants = 1 }: Terrain, cell: Cell): void {
    if (block) this.stand(`block/${block}/${scatter(cell) % blockVariants}`, cell, 2);
  }

  private stand(name: string, cell: Cell, layer: number): void {
    if (!this.scenery.sheet.has(name)) return;
    const sprite = this.spriteAt(name, cell);
    sprite.zIndex = depth(cell[0], cell[1], layer);
    this.standing.push(sprite);
    this.scenery.figures.addChild(sprite);
  }

  private spriteAt(name: string, [x, y]: Cell): Sprite {
    const sprite = new Sprite(this.scenery.sheet.texture(name));
    const { x: left, y: top } = project(x, y);
    sprite.position.set(left, top);
    return sprite;
  }

  private hideWhatIsOutOfSight(): boolean {
    const { scenery } = this;
    const from = scenery.toWorld({ x: 0, y: 0 });
    const to = scenery.toWorld({ x: scenery.width, y: scenery.height });
    for (const { parts, left, right, top, bottom } of this.chunks) {
      const isInSight = right > from.x && left < to.x && bottom > from.y && top < to.y;
      for (const part of parts) part.visible = isInSight;
    }
    for (const sprite of this.standing) {
      const { x, y } = sprite.position;
      sprite.visible =
        x > from.x - OVERHANG && x < to.x + OVERHANG && y > from.y - 8 && y < to.y + OVERHANG;
    }
    return false;
  }

  private clear(): void {
    for (const { parts } of this.chunks) for (const part of parts) part.destroy({ children: true });
    for (const sprite of this.standing) sprite.destroy();
    for (const sprite of this.overlay.removeChildren()) sprite.destroy();
    this.chunks = [];
    this.standing.length = 0;
  }
}

/** The land ends here: at the rim of the map or above open sky. */
function isDrop(terrain: Terrain, other: Terrain | null): boolean {
  return terrain.rank > 0 && (!other || other.rank === 0);
}

function hangsOver(upper: Terrain, lower: Terrain): boolean {
  return upper.hasFringe && upper.rank > lower.rank;
}

function isInside(map: BoardMap, [x, y]: Cell): boolean {
  return x >= 0 && y >= 0 && x < map.width && y < map.height;
}

/** A number that looks random and is always the same for a cell. */
function scatter([x, y]: Cell): number {
  let mixed = Math.imul(x + 1, 0x27d4eb2d) ^ Math.imul(y + 1, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
