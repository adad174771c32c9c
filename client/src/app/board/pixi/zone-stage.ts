import { Graphics } from 'pixi.js';
import { Cell, Insets, ZoneEntity, ZoneScene } from '../board-types';
import { Point, project } from '../projection';
import { StageHost, ZoneStage } from '../stage';
import { Haze } from './haze';
import { paintCells, paintPath } from './marks';
import { Scenery } from './scenery';
import { TerrainLayer } from './terrain-layer';
import { ZoneActor } from './zone-actor';

const HOVER = { fill: 0xf3d58b, fillAlpha: 0.16, line: 0xf3d58b, lineAlpha: 0.9, inset: 1 };
const PATH_COLOUR = 0xf3d58b;

/** How wide a zone should look: this many pixels of the unscaled world across the screen. */
const COMFORTABLE_WIDTH = 980;

export async function openZoneStage(host: StageHost): Promise<ZoneStage> {
  return new PixiZoneStage(await Scenery.open(host));
}

class PixiZoneStage implements ZoneStage {
  private readonly terrain: TerrainLayer;
  private readonly haze: Haze;
  private readonly actors = new Map<string, ZoneActor>();
  private readonly hoverMark = new Graphics();
  private readonly pathMark = new Graphics();
  private ownKey: string | null = null;
  private glance: Cell | null = null;

  constructor(private readonly scenery: Scenery) {
    this.terrain = new TerrainLayer(scenery);
    this.haze = new Haze(scenery);
    scenery.marks.addChild(this.pathMark, this.hoverMark);
    scenery.fitBy(() => Math.min(2, Math.max(0.9, scenery.room.width / COMFORTABLE_WIDTH)));
    scenery.addPainter((now, elapsed) => this.moveActors(now, elapsed));
  }

  show(scene: ZoneScene): void {
    const isNewMap = this.terrain.show(scene.map);
    if (isNewMap) this.haze.cover(scene.map);
    if (isNewMap) this.dismissAll();
    this.ownKey = scene.ownKey;
    const present = new Set<string>();
    for (const entity of scene.entities) {
      present.add(entity.key);
      this.showEntity(entity, entity.key === scene.ownKey);
    }
    for (const [key, actor] of this.actors) if (!present.has(key)) this.dismiss(key, actor);
    if (isNewMap) this.lookAtOwn(scene);
    this.scenery.wake();
  }

  hover(cell: Cell | null): void {
    this.hoverMark.clear();
    if (cell) paintCells(this.hoverMark, [cell], HOVER);
    for (const actor of this.actors.values()) actor.point(actor.standsOn(cell));
    this.scenery.wake();
  }

  showPath(path: readonly Cell[]): void {
    this.pathMark.clear();
    paintPath(this.pathMark, path, PATH_COLOUR);
    this.scenery.wake();
  }

  glanceAt(cell: Cell | null): void {
    this.glance = cell;
    this.scenery.wake();
  }

  entityAt(point: Point): string | null {
    const { x, y } = this.scenery.toWorld(point);
    const hits = [...this.actors].filter(
      ([key, actor]) => key !== this.ownKey && actor.covers(x, y),
    );
    hits.sort(([, a], [, b]) => b.depth - a.depth);
    return hits[0]?.[0] ?? null;
  }

  setInsets(insets: Insets): void {
    this.scenery.setInsets(insets);
  }

  zoomBy(factor: number): void {
    this.scenery.zoomBy(factor);
  }

  destroy(): void {
    this.scenery.destroy();
  }

  private showEntity(entity: ZoneEntity, isOwn: boolean): void {
    const actor = this.actors.get(entity.key);
    if (actor?.show(entity)) return;
    actor?.destroy();
    this.actors.set(entity.key, new ZoneActor(this.scenery, entity, isOwn));
  }

  private moveActors(now: number, elapsed: number): boolean {
    let isBusy = false;
    for (const [key, actor] of this.actors) {
      const isMoving = actor.move(now, elapsed);
      isBusy ||= isMoving;
      if (key === this.ownKey) this.follow(actor, isMoving);
    }
    return isBusy;
  }

  private follow(own: ZoneActor, isMoving: boolean): void {
    if (isMoving) this.glance = null;
    this.scenery.lookAt(this.glance ? project(this.glance[0], this.glance[1]) : own.place);
    this.terrain.reveal([own]);
  }

  private lookAtOwn({ map, entities, ownKey }: ZoneScene): void {
    const own = entities.find(({ key }) => key === ownKey);
    const [x, y] = own?.cell ?? [map.width / 2, map.height / 2];
    this.scenery.jumpTo(project(x, y));
  }

  private dismissAll(): void {
    for (const [key, actor] of this.actors) this.dismiss(key, actor);
  }

  private dismiss(key: string, actor: ZoneActor): void {
    actor.destroy();
    this.actors.delete(key);
  }
}
