/** Doors: walkable ground that a state of theirs closes. */
import { Cell } from '../board/board-types';
import { ObjectSeen, ZoneMap } from '../protocol/generated';

export function isOpenDoor(object: ObjectSeen): boolean {
  return object.is_door && !object.blocks.includes('walk');
}

export function closedDoors(objects: readonly ObjectSeen[]): readonly Cell[] {
  return objects
    .filter((object) => object.is_door && !isOpenDoor(object))
    .map(({ cell }) => cell)
    .sort(([ax, ay], [bx, by]) => ay - by || ax - bx);
}

/** The same map while no door is closed, else one that cannot be walked there. */
export function withDoors(map: ZoneMap | null, closed: readonly Cell[]): ZoneMap | null {
  if (!map || closed.length === 0) return map;
  const walk = [...map.walk];
  for (const [x, y] of closed) walk[y * map.width + x] = 0;
  return { ...map, walk };
}
