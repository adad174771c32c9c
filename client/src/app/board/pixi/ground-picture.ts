/**
 * The ground as one picture, a little larger than the screen. Thousands of cells are painted into it
 * once and again only when the camera has left it: per frame the ground then costs one quad, which
 * is what makes the boards bearable without a graphics card.
 */
import { Container, Matrix, RenderTexture, Renderer, Sprite } from 'pixi.js';

const MARGIN_PX = 224;

export class GroundPicture {
  readonly view = new Sprite();
  private texture: RenderTexture | null = null;
  private left = 0;
  private top = 0;
  private scale = 0;
  private isStale = true;

  constructor(
    private readonly renderer: Renderer,
    private readonly ground: Container,
  ) {}

  /** The ground has changed. */
  invalidate(): void {
    this.isStale = true;
  }

  /** Show what lies under the screen, whose top left corner is this many screen pixels into the world. */
  follow(left: number, top: number, scale: number): void {
    if (!this.isStale && this.covers(left, top, scale)) return;
    this.left = left - MARGIN_PX;
    this.top = top - MARGIN_PX;
    this.scale = scale;
    this.isStale = false;
    this.paint();
    this.view.position.set(this.left / scale, this.top / scale);
    this.view.scale.set(1 / scale);
  }

  destroy(): void {
    this.texture?.destroy(true);
    this.ground.destroy({ children: true });
  }

  private covers(left: number, top: number, scale: number): boolean {
    const { width, height } = this.renderer.screen;
    return (
      scale === this.scale &&
      left >= this.left &&
      top >= this.top &&
      left + width <= this.left + (this.texture?.width ?? 0) &&
      top + height <= this.top + (this.texture?.height ?? 0)
    );
  }

  private paint(): void {
    const { width, height } = this.renderer.screen;
    const size = { width: width + MARGIN_PX * 2, height: height + MARGIN_PX * 2 };
    if (this.texture?.width !== size.width || this.texture.height !== size.height) {
      this.texture?.destroy(true);
      this.texture = RenderTexture.create({ ...size, resolution: this.renderer.resolution });
      this.view.texture = this.texture;
    }
    this.renderer.render({
      container: this.ground,
      target: this.texture,
      transform: new Matrix(this.scale, 0, 0, this.scale, -this.left, -this.top),
      clear: true,
      clearColor: [0, 0, 0, 0],
    });
  }
}
