/** What both stages stand on: the canvas, the layers, the camera and a loop that rests when nothing moves. */
import 'pixi.js/unsafe-eval';
import { Application, Container, WebGLRenderer } from 'pixi.js';
import { Insets, NO_INSETS } from '../board-types';
import { Point } from '../projection';
import { StageHost } from '../stage';
import { GroundPicture } from './ground-picture';
import { SpriteSheet } from './sprite-sheet';

/** Draws one frame and says whether it wants another one at once. */
export type FramePainter = (now: number, elapsedMs: number) => boolean;

interface Pace {
  /** How long between two frames while something moves; 0: as fast as the screen. */
  readonly pauseMs: number;
  /** What painting may take of all time: frames that took long are followed by longer pauses. */
  readonly share: number;
  /** How often the mist is painted while nothing else moves; null: it stands still. */
  readonly ambientMs: number | null;
}

const FAST: Pace = { pauseMs: 0, share: 1, ambientMs: 100 };
/** Without a graphics card painting takes the processor away from the game itself. */
const SPARING: Pace = { pauseMs: 40, share: 0.15, ambientMs: null };
const LONGEST_PAUSE_MS = 400;
const MIN_SCALE = 0.6;
const MAX_SCALE = 2.5;
const CAMERA_EASE_MS = 180;

export class Scenery {
  readonly world = new Container();
  /** Painted into a picture of its own: call `groundChanged` after a change. */
  readonly ground = new Container();
  readonly marks = new Container();
  readonly figures = new Container({ sortableChildren: true });
  readonly overhead = new Container({ sortableChildren: true });
  /** What people say, above everything else. */
  readonly speech = new Container();
  private readonly groundPicture: GroundPicture;
  private readonly painters: FramePainter[] = [];
  private readonly viewWatchers: (() => void)[] = [];
  private readonly resizing = new ResizeObserver(() => this.resize());
  private frame = 0;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private last = 0;
  private focus: Point | null = null;
  private goal: Point = { x: 0, y: 0 };
  private insets = NO_INSETS;
  private zoom = 1;
  private fitted: () => number = () => 1;

  private constructor(
    readonly app: Application,
    readonly sheet: SpriteSheet,
    readonly host: StageHost,
    private readonly pace: Pace,
  ) {
    this.groundPicture = new GroundPicture(app.renderer, this.ground);
    this.world.addChild(
      this.groundPicture.view,
      this.marks,
      this.figures,
      this.overhead,
      this.speech,
    );
    app.stage.addChild(this.world);
    app.stage.eventMode = 'none';
  }

  static async open(host: StageHost): Promise<Scenery> {
    const app = new Application();
    const isFast = hasGraphicsCard();
    const [sheet] = await Promise.all([
      SpriteSheet.load(),
      app.init({
        width: Math.max(1, host.element.clientWidth),
        height: Math.max(1, host.element.clientHeight),
        resolution: isFast ? Math.min(globalThis.devicePixelRatio || 1, 2) : 1,
        autoDensity: true,
        antialias: isFast,
        backgroundAlpha: 0,
        autoStart: false,
        preference: 'webgl',
        eventMode: 'none',
      }),
    ]);
    // Shaders that choose among 16 textures are slow where no graphics card draws; one sheet needs few.
    app.renderer.limits.maxBatchableTextures = 4;
    const scenery = new Scenery(app, sheet, host, isFast ? FAST : SPARING);
    host.element.append(app.canvas);
    scenery.resizing.observe(host.element);
    app.canvas.addEventListener('webglcontextrestored', () => scenery.groundChanged());
    return scenery;
  }

  get width(): number {
    return this.app.renderer.screen.width;
  }

  get height(): number {
    return this.app.renderer.screen.height;
  }

  get scale(): number {
    return Math.min(Math.max(this.fitted() * this.zoom, MIN_SCALE), MAX_SCALE);
  }

  /** The part of the screen that no panel covers. */
  get room(): { readonly width: number; readonly height: number; readonly centre: Point } {
    const { top, right, bottom, left } = this.insets;
    const width = Math.max(1, this.width - left - right);
    const height = Math.max(1, this.height - top - bottom);
    return { width, height, centre: { x: left + width / 2, y: top + height / 2 } };
  }

  addPainter(painter: FramePainter): void {
    this.painters.push(painter);
    this.wake();
  }

  /** Called when another part of the world has come into sight, and when the ground has changed. */
  watchView(watcher: () => void): void {
    this.viewWatchers.push(watcher);
  }

  /** Draw soon, and go on until every painter is content. */
  wake(): void {
    if (this.frame) return;
    clearTimeout(this.rest);
    this.frame = requestAnimationFrame((now) => this.paint(now));
  }

  /** The scale at which the board is shown when the player has not zoomed. */
  fitBy(fitted: () => number): void {
    this.fitted = fitted;
    this.wake();
  }

  lookAt(point: Point): void {
    this.goal = point;
    this.focus ??= point;
  }

  jumpTo(point: Point): void {
    this.goal = point;
    this.focus = point;
    this.wake();
  }

  groundChanged(): void {
    this.groundPicture.invalidate();
    this.tellWatchers();
    this.wake();
  }

  setInsets(insets: Insets): void {
    this.insets = insets;
    this.wake();
  }

  zoomBy(factor: number): void {
    const before = this.scale;
    this.zoom *= factor;
    if (this.scale === before) this.zoom /= factor;
    this.wake();
  }

  /** Where a point of the screen lies in the world. */
  toWorld(point: Point): Point {
    const { x, y } = this.world.position;
    return { x: (point.x - x) / this.world.scale.x, y: (point.y - y) / this.world.scale.y };
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    clearTimeout(this.rest);
    this.resizing.disconnect();
    this.groundPicture.destroy();
    this.app.destroy({ removeView: true }, { children: true });
    this.sheet.destroy();
  }

  private paint(now: number): void {
    const elapsed = Math.min(100, now - this.last);
    this.last = now;
    this.frame = 0;
    const isBusy = this.painters.map((paint) => paint(Date.now(), elapsed)).some(Boolean);
    const isPanning = this.moveCamera(elapsed);
    this.groundPicture.follow(-this.world.x, -this.world.y, this.world.scale.x);
    const began = performance.now();
    this.app.render();
    if (this.pace.share < 1) this.untilPainted();
    this.scheduleNext(isBusy || isPanning, performance.now() - began);
  }

  /** Painting goes on elsewhere after the commands are given; whoever asks for a pixel waits for its end. */
  private untilPainted(): void {
    const { gl } = this.app.renderer as WebGLRenderer;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  private scheduleNext(isBusy: boolean, paintedMs: number): void {
    const { pauseMs, share, ambientMs } = this.pace;
    if (isBusy && pauseMs === 0) return this.wake();
    const sparingMs = Math.min(Math.max(pauseMs, paintedMs / share - paintedMs), LONGEST_PAUSE_MS);
    const waitMs = isBusy ? sparingMs : this.host.prefersReducedMotion ? null : ambientMs;
    if (waitMs !== null && !this.frame) this.rest = setTimeout(() => this.wake(), waitMs);
  }

  private moveCamera(elapsed: number): boolean {
    const focus = this.focus ?? this.goal;
    const part = this.host.prefersReducedMotion ? 1 : 1 - Math.exp(-elapsed / CAMERA_EASE_MS);
    const dx = this.goal.x - focus.x;
    const dy = this.goal.y - focus.y;
    const isNear = Math.abs(dx) + Math.abs(dy) < 0.5;
    this.focus = isNear ? this.goal : { x: focus.x + dx * part, y: focus.y + dy * part };
    this.placeWorld(this.focus);
    return !isNear;
  }

  private placeWorld(focus: Point): void {
    const scale = this.scale;
    const { centre } = this.room;
    const x = Math.round(centre.x - focus.x * scale);
    const y = Math.round(centre.y - focus.y * scale);
    const { position } = this.world;
    if (position.x === x && position.y === y && this.world.scale.x === scale) return;
    position.set(x, y);
    this.world.scale.set(scale);
    this.tellWatchers();
    this.host.viewChanged({ x, y, scale });
  }

  private tellWatchers(): void {
    for (const watcher of this.viewWatchers) watcher();
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.host.element;
    this.app.renderer.resize(Math.max(1, clientWidth), Math.max(1, clientHeight));
    this.tellWatchers();
    this.wake();
  }
}

/** Browsers that paint in software say so in the name of their renderer. */
function hasGraphicsCard(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  const names = context?.getExtension('WEBGL_debug_renderer_info');
  const renderer = names ? String(context?.getParameter(names.UNMASKED_RENDERER_WEBGL)) : '';
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
