/** What fills a whole cell and stands up from it: houses, walls, trees, fences. */
import {
  COLOUR as C,
  INK,
  dice,
  dot,
  halo,
  limb,
  oval,
  patch,
  repeat,
  solid,
  stroke,
} from './pen.mjs';

const WALL = 40;

/** The two faces of a block that can be seen, drawn flat: `x` from 0 to 32 along the face. */
function onFace(side, x, up) {
  return side === 'sw' ? `${-32 + x} ${x / 2 - up}` : `${32 - x} ${x / 2 - up}`;
}

function facePath(side, left, right, low, high) {
  return `M${onFace(side, left, low)}L${onFace(side, right, low)}L${onFace(side, right, high)}L${onFace(side, left, high)}Z`;
}

function beam(side, x1, up1, x2, up2) {
  return stroke(`M${onFace(side, x1, up1)}L${onFace(side, x2, up2)}`, C.woodDark, 3.2);
}

function window(side) {
  return (
    halo(side === 'sw' ? -16 : 16, -14, 17, C.emberPale, 0.45) +
    solid(facePath(side, 10, 22, 14, 29), C.emberPale, { width: 1.8 }) +
    patch(facePath(side, 10, 22, 14, 19), '#f0a95a', 0.8) +
    stroke(
      `M${onFace(side, 16, 14)}L${onFace(side, 16, 29)}M${onFace(side, 10, 21.5)}L${onFace(side, 22, 21.5)}`,
      C.woodDark,
      1.6,
    )
  );
}

function door(side) {
  return (
    solid(facePath(side, 8, 24, 1, 30), '#6d4a30', { width: 2 }) +
    stroke(
      `M${onFace(side, 13.3, 1)}L${onFace(side, 13.3, 30)}M${onFace(side, 18.6, 1)}L${onFace(side, 18.6, 30)}`,
      '#513621',
      1.2,
    ) +
    stroke(`M${onFace(side, 8, 24)}L${onFace(side, 24, 24)}`, C.brassDark, 1.8) +
    (side === 'sw' ? dot(-11, -4, 1.6, C.brass) : dot(11, -4, 1.6, C.brass))
  );
}

function timberFace(side, variant) {
  const plaster = side === 'sw' ? C.plasterDark : C.plaster;
  const opening = variant === 1 ? window(side) : variant === 2 ? beam(side, 3, 6, 29, 33) : '';
  return (
    solid(facePath(side, 0, 32, 0, WALL), plaster, { width: 1.6 }) +
    patch(facePath(side, 0, 32, 0, 6), '#77786a') +
    stroke(`M${onFace(side, 0, 6)}L${onFace(side, 32, 6)}`, INK, 1, 0.6) +
    beam(side, 1.5, 6, 1.5, WALL) +
    beam(side, 30.5, 6, 30.5, WALL) +
    beam(side, 1.5, WALL - 2, 30.5, WALL - 2) +
    opening
  );
}

function slateTop(lift) {
  const rows = repeat(5, (row) => {
    const down = row * 6.4 - 12.8;
    const half = 32 - Math.abs(down) * 2;
    return repeat(Math.max(1, Math.round(half / 5)), (index) => {
      const x = -half + 5 + index * 10;
      return stroke(`M${x - 5} ${down - lift}q5 5 10 0`, C.slateDark, 1.3, 0.9);
    });
  });
  return `<clipPath id="top"><path d="M0 ${-17 - lift}L34 ${-lift}L0 ${17 - lift}L-34 ${-lift}Z"/></clipPath><g clip-path="url(#top)">${rows}</g>`;
}

function thatch(variant) {
  const chance = dice(481 + variant);
  const straws = repeat(26, () => {
    const u = chance(-0.9, 0.9);
    const v = chance(-0.9, 0.9);
    const [x, y] = [(u - v) * 15, (u + v) * 7.5 - WALL];
    return stroke(
      `M${x} ${y}l${chance(3, 6)} ${chance(1.4, 3)}`,
      chance() > 0.5 ? '#a68d60' : '#6f5c3e',
      1.2,
      0.8,
    );
  });
  return straws;
}

function wall(variant) {
  return (
    timberFace('sw', variant === 3 ? 0 : variant) +
    timberFace('se', variant === 2 ? 1 : variant) +
    solid(`M0 ${-16 - WALL}L32 ${-WALL}L0 ${16 - WALL}L-32 ${-WALL}Z`, '#8a744f', { width: 1.6 }) +
    thatch(variant)
  );
}

function chimney() {
  return (
    solid(`M6 ${-WALL - 8}v-17l8 4v17l-8 4z`, C.stoneDark) +
    solid(`M6 ${-WALL - 8}l-7 -4v-16l7 3z`, C.stone) +
    oval(6, -WALL - 28, 8, 3.6, '#333f3f', { width: 1.5 }) +
    patch(`M4 ${-WALL - 31}q-6 -8 0 -14q5 -6 0 -12q10 6 5 14q-4 6 1 12z`, '#b9c4c0', 0.35)
  );
}

function moss() {
  return (
    oval(-10, -WALL - 5, 8, 4, C.grass, { width: 0, opacity: 0.85 }) +
    oval(-3, -WALL - 2, 4, 2, C.grassLight, { width: 0, opacity: 0.7 })
  );
}

function roof(variant) {
  return (
    timberFace('sw', variant % 3 === 2 ? 1 : 0) +
    timberFace('se', variant % 3 === 0 ? 1 : 0) +
    slateRoof() +
    (variant % 4 === 1 ? moss() : '') +
    (variant === 5 ? chimney() : '')
  );
}

function slateRoof() {
  const eaves = WALL - 4;
  return (
    solid(`M-34 ${-eaves}L0 ${17 - eaves}L0 ${11 - eaves}L-34 ${-6 - eaves}Z`, C.slateDark, {
      width: 1.6,
    }) +
    solid(`M34 ${-eaves}L0 ${17 - eaves}L0 ${11 - eaves}L34 ${-6 - eaves}Z`, C.slateDark, {
      width: 1.6,
    }) +
    solid(`M0 ${-23 - eaves}L34 ${-6 - eaves}L0 ${11 - eaves}L-34 ${-6 - eaves}Z`, C.slate, {
      width: 1.6,
    }) +
    slateTop(eaves + 6)
  );
}

function doorway() {
  return timberFace('sw', 0) + timberFace('se', 0) + door('se') + door('sw') + slateRoof();
}

function fence(variant) {
  const post = (x, y) => limb(`M${x} ${y}v-15`, C.wood, 3.4, 1.6);
  const rails =
    stroke('M-26 -6L6 10', INK, 5) +
    stroke('M-26 -6L6 10', C.woodLight, 2.4) +
    stroke('M-26 -12L6 4', INK, 5) +
    stroke('M-26 -12L6 4', C.wood, 2.4);
  return post(-26, -2 + (variant % 2)) + rails + post(-10, 6) + post(6, 14);
}

function crown(chance, cx, cy, spread, colours) {
  const lobes = Array.from({ length: 9 }, (_, index) => {
    const turn = (index / 9) * Math.PI * 2;
    return [
      cx + Math.cos(turn) * spread * 0.75,
      cy + Math.sin(turn) * spread * 0.5,
      chance(spread * 0.42, spread * 0.6),
    ];
  });
  lobes.push([cx, cy, spread * 0.8]);
  return (
    lobes.map(([x, y, r]) => oval(x, y, r, r * 0.86, INK, { width: 4 })).join('') +
    lobes.map(([x, y, r]) => oval(x, y, r, r * 0.86, colours[0], { width: 0 })).join('') +
    lobes
      .map(([x, y, r]) =>
        oval(x - 2, y - 3, r * 0.66, r * 0.5, colours[1], { width: 0, opacity: 0.8 }),
      )
      .join('') +
    repeat(9, () =>
      dot(
        cx + chance(-spread, spread) * 0.8,
        cy + chance(-spread, spread * 0.5) * 0.8,
        chance(1, 2.2),
        colours[2],
        0.85,
      ),
    )
  );
}

function tree(variant) {
  const chance = dice(501 + variant * 11);
  const lean = chance(-5, 5);
  const trunk = `M-3 2Q-4 -18 ${lean} -34M-2 -14q8 -6 11 -13M0 -18q-9 -5 -12 -13`;
  const colours =
    variant === 2 ? ['#8a6d4a', '#b58b54', '#d9b06a'] : ['#3f6355', '#55806a', '#86ac83'];
  return (
    oval(0, 1, 16, 6.5, '#1a2422', { width: 0, opacity: 0.3 }) +
    limb(trunk, '#5d4a3a', 5) +
    stroke('M-3 0Q-4 -16 -2 -28', '#7d6650', 1.6) +
    crown(chance, lean, -48, 21, colours)
  );
}

function rock(variant) {
  const chance = dice(531 + variant * 5);
  const h = chance(16, 27);
  return (
    oval(0, 2, 22, 9, '#1a2422', { width: 0, opacity: 0.3 }) +
    solid(
      `M-22 2L-18 ${-h * 0.6}L-7 ${-h}L8 ${-h * 0.85}L20 ${-h * 0.4}L23 4L8 11L-10 10Z`,
      C.stone,
    ) +
    patch(`M-7 ${-h}L8 ${-h * 0.85}L3 ${-h * 0.4}L-9 ${-h * 0.5}Z`, C.stoneLight) +
    patch(`M3 ${-h * 0.4}L8 ${-h * 0.85}L20 ${-h * 0.4}L23 4L8 11L5 2Z`, C.stoneDark) +
    stroke(`M-9 ${-h * 0.5}L3 ${-h * 0.4}L5 2`, INK, 1.1, 0.5) +
    patch(`M-18 ${-h * 0.5}q8 -6 14 -2q-4 6 -14 2z`, C.grass, 0.9)
  );
}

function hedge(variant) {
  const chance = dice(551 + variant * 3);
  const lobes = Array.from({ length: 10 }, (_, index) => [
    ((index % 5) - 2) * 10 + chance(-2, 2),
    -9 + Math.floor(index / 5) * 9 - Math.abs((index % 5) - 2) * 1.5,
    chance(9, 12),
  ]);
  return (
    lobes.map(([x, y, r]) => oval(x, y, r, r * 0.8, INK, { width: 4 })).join('') +
    lobes.map(([x, y, r]) => oval(x, y, r, r * 0.8, '#47695a', { width: 0 })).join('') +
    lobes
      .map(([x, y, r]) => oval(x - 2, y - 3, r * 0.6, r * 0.42, '#648a70', { width: 0 }))
      .join('') +
    repeat(8, () => dot(chance(-22, 22), chance(-16, 4), 1.4, C.heather))
  );
}

const HOUSE_BOX = [-37, -86, 74, 106];
const BOXES = {
  wall: [-35, -60, 70, 80],
  door: [-37, -62, 74, 82],
  fence: [-32, -24, 64, 44],
  tree: [-32, -78, 66, 88],
  rock: [-26, -32, 52, 46],
  hedge: [-38, -28, 76, 42],
};

export function blockSprites() {
  const kinds = { wall, roof, fence, tree, rock, hedge, door: doorway };
  const sprites = {};
  for (const [name, draw] of Object.entries(kinds)) {
    for (let variant = 0; variant < (name === 'roof' ? 8 : 4); variant++) {
      sprites[`block/${name}/${variant}`] = {
        box: BOXES[name] ?? HOUSE_BOX,
        drawing: draw(variant),
      };
    }
  }
  return sprites;
}
