/** What stands on the far shelves: kilns and crags, lattice pylons, shelves of drowned books. */
import {
  COLOUR as C,
  INK,
  dice,
  dot,
  halo,
  limb,
  moved,
  oval,
  patch,
  repeat,
  solid,
  stroke,
} from './pen.mjs';

const SHADE = (rx, ry = rx * 0.42) => oval(0, 1, rx, ry, '#101a19', { width: 0, opacity: 0.32 });

/** A block as large as its cell, with a face to either side and a top. */
function cube(high, [left, right, top]) {
  return (
    solid(`M-32 0L0 16V${16 - high}L-32 ${-high}Z`, left, { width: 1.6 }) +
    solid(`M32 0L0 16V${16 - high}L32 ${-high}Z`, right, { width: 1.6 }) +
    solid(`M0 ${-16 - high}L32 ${-high}L0 ${16 - high}L-32 ${-high}Z`, top, { width: 1.6 })
  );
}

function basaltWall(variant) {
  const courses = repeat(3, (row) => {
    const up = 9 + row * 9;
    return stroke(`M-32 ${-up}L0 ${16 - up}L32 ${-up}`, '#2c2b2f', 1.1, 0.8);
  });
  const joints = repeat(4, (index) => {
    const x = -27 + index * 8 + (variant % 2) * 3;
    return stroke(
      `M${x} ${(x + 32) / 2 - (index % 2 ? 9 : 18)}v-9M${-x - 2} ${(x + 32) / 2 - (index % 2 ? 18 : 9)}v-9`,
      '#2c2b2f',
      1,
      0.8,
    );
  });
  const vent =
    variant === 1
      ? solid('M11 -2l10 -5v-10l-10 5z', '#6a2413', { width: 1.4 }) + halo(16, -9, 12, C.ember, 0.8)
      : '';
  return cube(36, ['#3f3d42', '#55525a', '#6a676d']) + courses + joints + vent;
}

function kiln(variant) {
  const mouth =
    halo(-15, -6, 22, C.ember, 0.75) +
    solid('M-25 3V-10Q-22 -20 -14 -15Q-8 -11 -8 -1V11Z', '#3a1a10', { width: 1.8 }) +
    patch('M-23 3V-7Q-20 -14 -15 -11Q-10 -8 -10 1V9Z', C.ember) +
    patch('M-20 4q0 -11 4 -12q4 4 3 16z', C.emberPale);
  const dome =
    solid('M-32 0L0 16L32 0V-16Q28 -50 0 -52Q-28 -50 -32 -16Z', '#7a5445', { width: 1.8 }) +
    patch('M2 15L32 0V-16Q28 -48 4 -51Q18 -34 2 15Z', '#5f4037', 0.75) +
    stroke('M-31 -16Q-2 -2 31 -16M-26 -33Q0 -22 26 -33', '#472f28', 1.4, 0.85);
  const chimney =
    solid('M-8 -48V-66H9V-48Q0 -44 -8 -48Z', '#694839') +
    oval(0.5, -66, 8.5, 3.6, '#2c1d19', { width: 1.5 }) +
    (variant % 2
      ? patch('M-3 -68q-7 -8 0 -15q5 -6 -1 -12q12 5 7 15q-4 6 1 12z', '#aaa19b', 0.4)
      : halo(0, -68, 12, C.ember, 0.5));
  return dome + mouth + chimney;
}

function crag(variant) {
  const chance = dice(861 + variant * 7);
  const h = chance(32, 48);
  return (
    oval(0, 3, 26, 10, '#101a19', { width: 0, opacity: 0.35 }) +
    solid(
      `M-26 4L-20 ${-h * 0.55}L-9 ${-h}L3 ${-h * 0.72}L12 ${-h * 0.86}L24 ${-h * 0.3}L27 5L6 14L-12 12Z`,
      '#4b4547',
    ) +
    patch(`M-9 ${-h}L3 ${-h * 0.72}L6 14L-12 12L-14 ${-h * 0.4}Z`, '#5e5657', 0.9) +
    patch(`M-9 ${-h}L3 ${-h * 0.72}L-2 ${-h * 0.3}Z`, '#79706f', 0.8) +
    stroke(`M10 ${-h * 0.5}l-4 10l5 8`, variant % 2 ? C.ember : INK, 1.5, 0.8)
  );
}

function bookshelf(variant) {
  const chance = dice(881 + variant * 5);
  const books = (side) =>
    repeat(3, (row) =>
      repeat(6, (index) => {
        if (chance() < 0.16) return '';
        const x = 4 + index * 4.2;
        const up = 4 + row * 15;
        const tall = chance(8, 12);
        const at = (dx, dy) =>
          side === 'sw'
            ? `${-32 + x + dx} ${(x + dx) / 2 - up - dy}`
            : `${32 - x - dx} ${(x + dx) / 2 - up - dy}`;
        const shade = [C.rust, C.tealDark, C.plasterDark, C.brassDark, '#5a4a66'][
          Math.floor(chance(0, 4.99))
        ];
        return patch(`M${at(0, 0)}L${at(3.4, 0)}L${at(3.4, tall)}L${at(0, tall)}Z`, shade);
      }),
    );
  const boards = (side) =>
    repeat(4, (row) => {
      const up = 2 + row * 15;
      const sign = side === 'sw' ? -1 : 1;
      return stroke(`M${sign * 32} ${-up}L0 ${16 - up}`, '#7a5c40', 2.2);
    });
  return (
    cube(50, ['#33271f', '#3d2f25', '#6b5039']) +
    books('sw') +
    books('se') +
    boards('sw') +
    boards('se') +
    (variant === 2 ? patch('M-20 -50q8 12 4 22q-6 -8 -10 -18z', '#5f8a6e', 0.8) : '')
  );
}

function column(variant) {
  const high = variant === 3 ? 34 : 66;
  return (
    oval(0, 2, 22, 9, '#101a19', { width: 0, opacity: 0.35 }) +
    solid('M-20 -2L0 8L20 -2V-9L0 1L-20 -9Z', '#7d8f88') +
    solid('M-20 -9L0 -19L20 -9L0 1Z', '#a3b2a9') +
    solid(`M-12 -8V${-high}Q0 ${-high + 6} 12 ${-high}V-8Q0 -1 -12 -8Z`, '#92a39b') +
    patch(`M3 -4V${-high + 4}Q9 ${-high + 3} 12 ${-high}V-8Q8 -5 3 -4Z`, '#6d7f79', 0.9) +
    stroke(`M-6 -6V${-high + 4}M0 -4V${-high + 5}`, '#6d7f79', 1.2, 0.7) +
    (variant === 3
      ? solid(
          `M-12 ${-high}L-5 ${-high - 7}L2 ${-high - 2}L12 ${-high}Q0 ${-high + 6} -12 ${-high}Z`,
          '#a3b2a9',
          { width: 1.6 },
        )
      : solid(
          `M-16 ${-high}L0 ${-high + 8}L16 ${-high}V${-high - 6}L0 ${-high - 14}L-16 ${-high - 6}Z`,
          '#b3c0b6',
        )) +
    (variant % 2 ? patch('M-12 -20q6 4 5 14q-4 2 -5 0z', C.grass, 0.75) : '')
  );
}

/** One leg of the Wrights' lattice: it carries the spans, and hums. */
function pylon(variant) {
  const girder = (x, y) => `M${x} ${y}L0 -88`;
  return (
    SHADE(28, 11) +
    halo(0, -88, 26, C.glow, 0.6) +
    limb(`${girder(-20, 0)}${girder(20, 0)}`, C.ironLight, 3) +
    limb(girder(0, 9), C.iron, 3.4) +
    stroke('M-15 -20L0 -14L15 -20M-11 -42L0 -37L11 -42M-7 -62L0 -58L7 -62', C.brass, 2.2) +
    stroke('M-15 -20L0 -37M15 -20L0 -37M-11 -42L0 -58M11 -42L0 -58', C.iron, 1.6) +
    oval(0, -90, 5.4, 5.4, C.brass) +
    oval(0, -90, 2.6, 2.6, C.glowPale, { width: 0 }) +
    (variant % 2 ? stroke('M0 -86q22 6 30 28', C.ironLight, 1.5, 0.9) : '')
  );
}

function brazier() {
  return (
    SHADE(13) +
    halo(0, -30, 28, C.ember, 0.65) +
    limb('M-9 3L-5 -18M9 3L5 -18M0 5V-16', C.iron, 2.4, 1.6) +
    patch('M-10 -24Q-12 -38 -3 -46Q-3 -38 2 -41Q9 -35 10 -24Z', C.ember) +
    patch('M-5 -24Q-6 -33 0 -39Q6 -32 5 -24Z', C.emberPale) +
    solid('M-14 -25Q0 -19 14 -25L9 -15Q0 -11 -9 -15Z', C.iron)
  );
}

function anvil() {
  return (
    SHADE(17) +
    solid('M-10 4V-9H10V4Q0 8 -10 4Z', C.woodDark) +
    solid('M-8 -9L-5 -14H6L8 -9Q0 -6 -8 -9Z', C.iron) +
    solid('M-22 -23Q-12 -25 -9 -25H15V-18Q8 -13 -6 -13Q-10 -19 -22 -23Z', C.ironLight) +
    limb('M4 -27L20 -38', C.wood, 2.4, 1.4) +
    solid('M16 -44l8 5l-4 7l-8 -5z', C.iron, { width: 1.5 })
  );
}

/** Steam out of a crack. */
function vent() {
  return (
    oval(0, 1, 15, 6, '#2b2322', { width: 1.6 }) +
    oval(0, 1.6, 10, 3.6, '#b4421d', { width: 0 }) +
    halo(0, 0, 16, C.ember, 0.6) +
    patch('M-5 -2q-9 -13 0 -22q6 -8 -1 -18q16 8 9 22q-5 9 1 18z', '#d8d2cb', 0.35) +
    patch('M3 -2q7 -9 1 -16q9 4 6 16z', '#d8d2cb', 0.3)
  );
}

function slagHeap() {
  return (
    SHADE(21) +
    solid('M-21 3Q-16 -8 -8 -13Q0 -22 8 -13Q18 -9 21 3Q0 11 -21 3Z', '#4b403d') +
    oval(-6, -5, 4, 2.6, '#6b5b55', { width: 0 }) +
    oval(7, -6, 4.6, 3, '#6b5b55', { width: 0 }) +
    stroke('M-12 1l5 -4l6 3l7 -4', C.ember, 1.5, 0.9)
  );
}

/** A pole with a cross-bar for gulls, and what gulls leave. */
function perch() {
  return (
    SHADE(9) +
    limb('M0 1V-52M-13 -47H13', C.wood, 3, 1.8) +
    stroke('M-2 -44v6M6 -45v9M-9 -45v4', C.cream, 2, 0.9) +
    moved(
      solid(
        'M-9 0Q-8 -9 1 -11Q6 -16 11 -12L15 -10L11 -8Q10 0 -1 2Q-10 5 -17 3Q-12 2 -9 0Z',
        C.cream,
        { width: 1.6 },
      ) +
        patch('M-9 1Q-4 -8 5 -5Q2 1 -9 1Z', '#8a8c8c') +
        dot(10, -11.4, 0.9, INK),
      3,
      -52,
    )
  );
}

function windsock() {
  return (
    SHADE(7) +
    limb('M0 1V-60', C.wood, 2.8, 1.8) +
    solid('M1 -60Q14 -64 30 -56L28 -47Q13 -50 1 -48Z', C.rust) +
    patch('M8 -61.500Q13 -62 17 -61L16 -48.800L8 -48.500Z', C.cream) +
    patch('M24 -59L30 -56L28 -47L23 -48Z', C.cream)
  );
}

function nest() {
  return (
    oval(0, 0, 17, 7.5, '#6d5a3e') +
    oval(0, -1.5, 11, 4.4, '#43372a', { width: 1.2 }) +
    stroke('M-17 1l8 4M-14 4l11 2M16 1l-7 5M-4 6l12 -2M-18 -2l7 -4M17 -3l-6 -4', '#94805a', 1.5) +
    oval(-3, -3, 3, 3.6, '#cfd8cd', { width: 1.2 }) +
    oval(3.4, -2.4, 3, 3.6, '#bccbc2', { width: 1.2 })
  );
}

/** A link of the great chain, and where it bites into the shelf. */
function greatChain() {
  const link = (x, y, turn) =>
    moved(
      oval(0, 0, 11, 6, 'none', { width: 7 }) +
        oval(0, 0, 11, 6, 'none', { width: 3.4, line: C.ironLight }),
      x,
      y,
      { turn },
    );
  return (
    SHADE(22) +
    solid('M-14 4L-10 -9H10L14 4Q0 10 -14 4Z', C.stoneDark) +
    link(0, -13, 90) +
    link(9, -29, -40) +
    link(20, -42, -35)
  );
}

function desk() {
  return (
    SHADE(22) +
    limb('M-16 3V-12M16 3V-12M0 9V-4', C.woodDark, 2.6, 1.6) +
    solid('M-22 -14L0 -25L22 -14L0 -3Z', C.wood) +
    solid('M-22 -14L0 -3V1L-22 -10ZM22 -14L0 -3V1L22 -10Z', C.woodDark, { width: 1.5 }) +
    solid('M-9 -15L0 -19.500L8 -15.500L-1 -11Z', C.cream, { width: 1.2 }) +
    stroke('M-5 -15l5 -2.500M-2 -13.500l5 -2.500', C.creamDark, 0.9) +
    limb('M10 -16q4 -8 2 -14', C.cream, 1.2, 1.2) +
    oval(9, -15, 3, 1.8, '#243038', { width: 1.2 })
  );
}

function bookPile() {
  const book = (y, turn, colour) =>
    moved(
      solid('M-13 0L0 6L13 0V-5L0 -11L-13 -5Z', colour, { width: 1.6 }) +
        patch('M-11 -0.500L0 4.600V1.500L-11 -3.500Z', C.cream),
      0,
      y,
      { turn },
    );
  return SHADE(17) + book(0, 0, C.rust) + book(-7, 7, C.tealDark) + book(-14, -5, C.brassDark);
}

/** A lamp that burns under water as well as above. */
function archiveLamp() {
  return (
    SHADE(10) +
    solid('M-9 2L-6 -5H6L9 2Q0 6 -9 2Z', C.stoneDark) +
    limb('M0 -4V-38', C.brassDark, 3) +
    halo(0, -46, 28, C.glow, 0.75) +
    oval(0, -46, 8, 9, C.glowPale) +
    stroke('M-8 -46H8M0 -55V-37', C.brassDark, 1.6) +
    solid('M-6 -55L0 -61L6 -55Z', C.brass, { width: 1.6 })
  );
}

function kelp() {
  const frond = (x, lean, tall) =>
    limb(
      `M${x} 2q${lean} ${-tall * 0.4} 0 ${-tall * 0.6}t${lean * 0.6} ${-tall * 0.4}`,
      '#4d7a5b',
      2.6,
      1.3,
    );
  return frond(-8, 6, 26) + frond(6, -7, 22) + frond(0, 5, 34);
}

function fallenColumn() {
  return (
    SHADE(26, 10) +
    solid('M-24 -6L12 10Q20 8 20 0Q20 -6 14 -9L-20 -22Q-28 -20 -28 -13Q-28 -8 -24 -6Z', '#92a39b') +
    oval(16, 1, 6, 9, '#b3c0b6', { width: 1.6 }) +
    stroke('M-24 -14L10 1M-22 -19L12 -5', '#6d7f79', 1.2, 0.8)
  );
}

const BLOCKS = {
  basalt_wall: [basaltWall, [-35, -56, 70, 76]],
  kiln: [kiln, [-37, -100, 74, 120]],
  crag: [crag, [-30, -52, 60, 70]],
  bookshelf: [bookshelf, [-35, -70, 70, 90]],
  column: [column, [-24, -84, 48, 98]],
  pylon: [pylon, [-36, -118, 72, 134]],
};

const LOW = [-26, -30, 52, 44];
const TALL = [-38, -66, 76, 84];

const DECOR = {
  brazier: [TALL, brazier],
  anvil: [TALL, anvil],
  vent: [TALL, vent],
  slag_heap: [LOW, slagHeap],
  perch: [TALL, perch],
  windsock: [TALL, windsock],
  nest: [LOW, nest],
  great_chain: [TALL, greatChain],
  desk: [TALL, desk],
  book_pile: [LOW, bookPile],
  archive_lamp: [[-38, -80, 76, 96], archiveLamp],
  kelp: [TALL, kelp],
  fallen_column: [[-34, -34, 68, 52], fallenColumn],
};

export function farSprites() {
  const sprites = {};
  for (const [name, [draw, box]] of Object.entries(BLOCKS)) {
    for (let variant = 0; variant < 4; variant++) {
      sprites[`block/${name}/${variant}`] = { box, drawing: draw(variant) };
    }
  }
  for (const [name, [box, draw]] of Object.entries(DECOR)) {
    sprites[`decor/${name}`] = { box, drawing: draw() };
  }
  return sprites;
}
