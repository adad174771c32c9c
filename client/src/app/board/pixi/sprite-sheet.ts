/** The board's sprites: one SVG sheet, painted once onto a canvas and cut into named textures. */
import { CanvasSource, Rectangle, Texture } from 'pixi.js';

/** How a kind of ground is drawn. */
export interface Terrain {
  readonly art: string;
  readonly variants: number;
  /** Higher ground hangs over lower ground at their border. */
  readonly rank: number;
  readonly hasFringe: boolean;
  /** What hangs from its rim, where that is not grown over. */
  readonly cliff?: string;
  /** Laid over nothing: no rock hangs from its rim. */
  readonly isSpan?: boolean;
  /** What stands up from it, drawn among the figures. */
  readonly block?: string;
  readonly blockVariants?: number;
}

interface SheetIndex {
  readonly width: number;
  readonly height: number;
  /** x, y, width, height in the sheet, then the anchor in pixels from the top left. */
  readonly frames: Readonly<
    Record<string, readonly [number, number, number, number, number, number]>
  >;
  /** Height of each figure, and how far it reaches to either side. */
  readonly bodies: Readonly<Record<string, readonly [height: number, reach: number]>>;
  readonly terrain: Readonly<Record<string, Terrain>>;
}

const SHEET_RESOLUTION = 2;
const FALLBACK_TERRAIN = 'grass';
const NOTHING: Terrain = { art: '', variants: 1, rank: 0, hasFringe: false };

export class SpriteSheet {
  private constructor(
    private readonly source: CanvasSource,
    private readonly textures: ReadonlyMap<string, Texture>,
    private readonly index: SheetIndex,
  ) {}

  static async load(): Promise<SpriteSheet> {
    const answer = await fetch('art/board.json');
    if (!answer.ok) throw new Error(`art/board.json: HTTP ${answer.status}`);
    const index = (await answer.json()) as SheetIndex;
    const source = await rasterise('art/board.svg', index.width, index.height);
    const textures = Object.entries(index.frames).map(([name, frame]): [string, Texture] => {
      const [x, y, width, height, anchorX, anchorY] = frame;
      const defaultAnchor = { x: anchorX / width, y: anchorY / height };
      return [
        name,
        new Texture({ source, frame: new Rectangle(x, y, width, height), defaultAnchor }),
      ];
    });
    return new SpriteSheet(source, new Map(textures), index);
  }

  has(name: string): boolean {
    return this.textures.has(name);
  }

  /** The texture of that name, or nothing to see: content may be newer than the art. */
  texture(name: string): Texture {
    return this.textures.get(name) ?? Texture.EMPTY;
  }

  body(figure: string): readonly [height: number, reach: number] {
    return this.index.bodies[figure] ?? [60, 18];
  }

  isTerrain(name: string): boolean {
    return name in this.index.terrain;
  }

  terrain(tile: string): Terrain {
    return this.index.terrain[tile] ?? this.index.terrain[FALLBACK_TERRAIN] ?? NOTHING;
  }

  destroy(): void {
    for (const texture of this.textures.values()) texture.destroy();
    this.source.destroy();
  }
}

async function rasterise(url: string, width: number, height: number): Promise<CanvasSource> {
  const image = new Image(width * SHEET_RESOLUTION, height * SHEET_RESOLUTION);
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SHEET_RESOLUTION;
  canvas.height = height * SHEET_RESOLUTION;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new CanvasSource({
    resource: canvas,
    resolution: SHEET_RESOLUTION,
    autoGenerateMipmaps: true,
  });
}
