/** The ground of a small map: one path for each colour, made of the runs of equal cells in each row. */
import { BoardMap } from '../board/board-types';
import { isWalkable } from '../board/ground';

export interface TonedPath {
  readonly colour: string;
  readonly path: string;
}

const OPEN = '#6f8f7a';
const CLOSED = '#2c3b37';

/** By tile: a few families of colours, so that water, fire and roads can be told apart at a glance. */
const TONES: Readonly<Record<string, string>> = {
  water: '#2f6470',
  shallows: '#5c9a9b',
  mire: '#55633f',
  mud: '#7c6750',
  reeds: '#8b9657',
  earth: '#b09a6f',
  stone: '#a3a99f',
  floor: '#b9ae92',
  planks: '#a17d52',
  grating: '#8b9896',
  roof: '#4e5f66',
  door: '#d3a856',
  wall: '#5a4a39',
  fence: '#6a5439',
  tree: '#3d5c4c',
  hedge: '#46664f',
  ash: '#7b716a',
  cinder: '#574742',
  slag: '#d8662a',
  basalt: '#9a979c',
  basalt_wall: '#34323a',
  kiln: '#8c4a35',
  crag: '#3b3638',
  windgrass: '#a3a973',
  edge: '#6fa79b',
  mosaic: '#98aaa2',
  bookshelf: '#6b5039',
  column: '#c2cfc5',
  pylon: '#d3a856',
};

/** Nothing at all: the small map is open there, as the zone is. */
const NOTHING = new Set(['sky', '']);

export function tonedGround(map: BoardMap): TonedPath[] {
  const paths = new Map<string, string[]>();
  for (let y = 0; y < map.height; y++) {
    let start = 0;
    for (let x = 1; x <= map.width; x++) {
      const colour = toneAt(map, start, y);
      if (x < map.width && toneAt(map, x, y) === colour) continue;
      if (colour) {
        const runs = paths.get(colour) ?? [];
        runs.push(`M${start} ${y}h${x - start}v1h${start - x}z`);
        paths.set(colour, runs);
      }
      start = x;
    }
  }
  return [...paths].map(([colour, runs]) => ({ colour, path: runs.join('') }));
}

function toneAt(map: BoardMap, x: number, y: number): string {
  const tile = map.tiles[map.ground[y * map.width + x] ?? 0] ?? '';
  if (NOTHING.has(tile)) return '';
  return TONES[tile] ?? (isWalkable(map, [x, y]) ? OPEN : CLOSED);
}
