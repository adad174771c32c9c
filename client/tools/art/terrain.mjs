/** The ground: flat cells in variants, the fringes by which one hangs over another, and cliffs. */
import { FAR_BLOCKS, FAR_KINDS } from './far-grounds.mjs';
import {
  COLOUR as C,
  INK,
  dice,
  diamond,
  dot,
  halo,
  limb,
  onFloor,
  oval,
  patch,
  repeat,
  solid,
  stroke,
} from './pen.mjs';

const TILE_BOX = [-35, -19, 70, 38];
const VARIANTS = 4;

/** Everything inside stays within the cell. */
function clipped(drawing) {
  return `<clipPath id="cell"><path d="${diamond()}"/></clipPath><g clip-path="url(#cell)">${drawing}</g>`;
}

function blotches(chance, colours, count, size = 1) {
  return repeat(count, (index) => {
    const [x, y] = onFloor(chance(-1, 1), chance(-1, 1));
    const rx = chance(5, 12) * size;
    return oval(x, y, rx, rx * 0.42, colours[index % colours.length], { width: 0, opacity: 0.55 });
  });
}

function tuft(x, y, colour, height = 6) {
  return stroke(
    `M${x} ${y}q-1 ${-height * 0.6} -3 ${-height * 0.9}M${x} ${y}q0 ${-height * 0.7} 0.4 ${-height}M${x} ${y}q1 ${-height * 0.5} 3.4 ${-height * 0.8}`,
    colour,
    1.3,
  );
}

function grass(variant) {
  const chance = dice(11 + variant * 7);
  const tufts = repeat(5 + variant, (index) => {
    const [x, y] = onFloor(chance(-0.8, 0.8), chance(-0.8, 0.8));
    return tuft(x, y, index % 2 ? C.grassLight : C.grassDark, chance(4, 7));
  });
  const heather = repeat(variant % 2 ? 7 : 0, () => {
    const [x, y] = onFloor(chance(0, 0.7), chance(-0.5, 0.3));
    return dot(x, y - 3, 1.1, C.heather) + stroke(`M${x} ${y - 2}v3`, C.grassDark, 0.8);
  });
  return clipped(
    patch(diamond(), C.grass) +
      blotches(chance, [C.grassDark, C.grassLight, '#66866b'], 5) +
      tufts +
      heather,
  );
}

function earth(variant) {
  const chance = dice(31 + variant * 5);
  const pebbles = repeat(3 + variant, () => {
    const [x, y] = onFloor(chance(-0.8, 0.8), chance(-0.8, 0.8));
    return oval(x, y, chance(1.2, 2.6), 1.2, C.earthLight, { width: 0.8, line: C.earthDark });
  });
  return clipped(
    patch(diamond(), C.earth) + blotches(chance, [C.earthDark, C.earthLight], 6, 0.9) + pebbles,
  );
}

function mud(variant) {
  const chance = dice(51 + variant * 3);
  const puddles = repeat(variant === 1 || variant === 3 ? 1 : 0, () => {
    const [x, y] = onFloor(chance(-0.4, 0.4), chance(-0.4, 0.4));
    return (
      oval(x, y, 11, 4.6, C.mudDark, { width: 0 }) +
      oval(x, y + 0.6, 9.4, 3.6, '#4d6a6b', { width: 0 }) +
      stroke(`M${x - 5} ${y - 0.4}q4 -1.6 8 0`, C.waterLight, 1, 0.7)
    );
  });
  const ruts = repeat(3, () => {
    const [x, y] = onFloor(chance(-0.7, 0.7), chance(-0.7, 0.7));
    return stroke(`M${x - 4} ${y}q4 2 8 0`, C.mudDark, 1.3, 0.8);
  });
  return clipped(
    patch(diamond(), C.mud) + blotches(chance, [C.mudDark, C.mudLight], 6) + ruts + puddles,
  );
}

function water(variant) {
  const chance = dice(71 + variant * 9);
  const ripples = repeat(4, () => {
    const [x, y] = onFloor(chance(-0.7, 0.7), chance(-0.7, 0.7));
    const w = chance(5, 9);
    return stroke(`M${x - w} ${y}q${w / 2} -2 ${w} 0t${w} 0`, C.waterLight, 1.1, 0.55);
  });
  const gleam = variant === 2 ? halo(4, 2, 13, C.glow, 0.5) + dot(4, 2, 1.2, C.glowPale) : '';
  return clipped(
    patch(diamond(), C.water) +
      blotches(chance, [C.waterDark, '#37656e'], 5, 1.2) +
      ripples +
      gleam,
  );
}

function mire(variant) {
  const chance = dice(91 + variant * 4);
  const bubbles = repeat(3 + variant, () => {
    const [x, y] = onFloor(chance(-0.7, 0.7), chance(-0.7, 0.7));
    const r = chance(1.2, 2.6);
    return (
      oval(x, y, r, r * 0.75, '#5f7a5c', { width: 0.9, line: '#2c372e' }) +
      dot(x - r * 0.3, y - r * 0.3, r * 0.28, '#b9d6a8')
    );
  });
  const gleam = variant % 2 ? halo(-6, 1, 10, C.glow, 0.35) : '';
  return clipped(
    patch(diamond(), '#44523f') +
      blotches(chance, ['#37432f', '#566648', '#4a4438'], 7) +
      gleam +
      bubbles,
  );
}

function stone(variant) {
  const chance = dice(111 + variant * 6);
  const cobbles = repeat(16, (index) => {
    const u = ((index % 4) - 1.5) * 0.5 + chance(-0.04, 0.04);
    const v = (Math.floor(index / 4) - 1.5) * 0.5 + chance(-0.04, 0.04) + (index % 2 ? 0.1 : -0.1);
    const [x, y] = onFloor(u, v);
    const shade = [C.stone, '#949a90', '#7f8781', C.stoneLight][Math.floor(chance(0, 3.99))];
    return (
      oval(x, y, 6.8, 3.5, shade, { width: 0 }) +
      stroke(`M${x - 4} ${y - 1.6}q4 -1.8 7 -.2`, '#c3c7bb', 0.8, 0.5)
    );
  });
  return clipped(
    patch(diamond(), '#5f6a64') + cobbles + (variant === 3 ? tuft(3, 3, C.grassLight, 5) : ''),
  );
}

function planks(variant) {
  const chance = dice(131 + variant * 2);
  const boards = repeat(4, (index) => {
    const from = -1.04 + index * 0.52;
    const [ax, ay] = onFloor(-1.04, from);
    const [bx, by] = onFloor(1.04, from);
    const [cx, cy] = onFloor(1.04, from + 0.48);
    const [dx, dy] = onFloor(-1.04, from + 0.48);
    const shade = [C.wood, '#94734c', '#846341'][Math.floor(chance(0, 2.99))];
    const [kx, ky] = onFloor(chance(-0.8, 0.8), from + 0.24);
    return (
      patch(`M${ax} ${ay}L${bx} ${by}L${cx} ${cy}L${dx} ${dy}Z`, shade) +
      stroke(`M${ax} ${ay}L${bx} ${by}`, C.woodLight, 0.9, 0.8) +
      stroke(`M${kx - 3} ${ky - 1.5}l6 3`, C.woodDark, 0.9, 0.7)
    );
  });
  return clipped(patch(diamond(), C.woodDark) + boards);
}

function edge(variant) {
  const chance = dice(151 + variant * 8);
  const cracks = repeat(3, () => {
    const [x, y] = onFloor(chance(-0.6, 0.6), chance(-0.6, 0.6));
    return (
      stroke(`M${x - 6} ${y}l4 -2l3 3l5 -2`, C.glow, 1.6, 0.8) +
      stroke(`M${x - 6} ${y}l4 -2l3 3l5 -2`, C.glowPale, 0.7)
    );
  });
  return clipped(
    patch(diamond(), '#4d5a58') +
      blotches(chance, ['#3e4a49', '#5f6d69'], 6) +
      halo(0, 2, 22, C.glow, 0.3) +
      cracks,
  );
}

function sky() {
  return clipped(patch(diamond(), '#182a2d') + halo(0, 0, 34, '#2f6668', 0.45));
}

function floor(variant) {
  const chance = dice(171 + variant);
  const flags = repeat(4, (index) => {
    const u = index % 2 ? 0.5 : -0.5;
    const v = index > 1 ? 0.5 : -0.5;
    const corner = (du, dv) => onFloor(u + du * 0.47, v + dv * 0.47).join(' ');
    const shade = ['#a39b84', '#978f79', '#aea68d'][Math.floor(chance(0, 2.99))];
    return patch(`M${corner(-1, -1)}L${corner(1, -1)}L${corner(1, 1)}L${corner(-1, 1)}Z`, shade);
  });
  return clipped(patch(diamond(), '#7d7663') + flags);
}

/** Ground kinds. `rank`: the higher one hangs over the lower one at their border. */
const KINDS = {
  grass: { draw: grass, rank: 6, fringe: [C.grass, C.grassLight, C.grassDark] },
  earth: { draw: earth, rank: 4, fringe: [C.earth, C.earthLight, C.earthDark] },
  mud: { draw: mud, rank: 3, fringe: [C.mud, C.mudLight, C.mudDark] },
  mire: { draw: mire, rank: 2, fringe: ['#44523f', '#5f7a5c', '#37432f'] },
  water: { draw: water, rank: 1 },
  stone: { draw: stone, rank: 5 },
  floor: { draw: floor, rank: 5 },
  planks: { draw: planks, rank: 5, isSpan: true },
  edge: { draw: edge, rank: 3, fringe: ['#4d5a58', '#6d7b76', '#3e4a49'] },
  sky: { draw: sky, rank: 0 },
  ...FAR_KINDS,
};

/** Other names under which maps may ask for a ground. */
const ALIASES = {
  moor_grass: 'grass',
  moor: 'grass',
  heath: 'grass',
  heather: 'grass',
  path: 'earth',
  dirt: 'earth',
  road: 'stone',
  cobble: 'stone',
  cobbles: 'stone',
  pavement: 'stone',
  plank: 'planks',
  bridge: 'planks',
  boardwalk: 'planks',
  peat: 'mud',
  bog: 'mire',
  deep_water: 'water',
  void: 'sky',
};

/** What stands on a cell of its own, and on which ground. */
const BLOCKS = {
  wall: 'stone',
  roof: 'stone',
  reed: 'mud',
  reeds: 'mud',
  rock: 'grass',
  hedge: 'grass',
  tree: 'grass',
  fence: 'grass',
  door: 'stone',
  ...FAR_BLOCKS,
};

const CORNERS = { n: [0, -16.5], e: [33, 0], s: [0, 16.5], w: [-33, 0] };
const BORDERS = { ne: ['n', 'e'], se: ['e', 's'], sw: ['s', 'w'], nw: ['w', 'n'] };

/** What hangs in over one border of a cell: an uneven lip, with blades where the ground is grass. */
function fringe(border, [fill, light, dark], isGrass, seed) {
  const chance = dice(seed);
  const [from, to] = BORDERS[border].map((corner) => CORNERS[corner]);
  const along = (part, inward) => {
    const x = from[0] + (to[0] - from[0]) * part;
    const y = from[1] + (to[1] - from[1]) * part;
    return [Math.round(x * (1 - inward) * 10) / 10, Math.round(y * (1 - inward) * 10) / 10];
  };
  const steps = 7;
  const lip = Array.from({ length: steps + 1 }, (_, index) =>
    along(index / steps, index === 0 || index === steps ? 0.06 : chance(0.1, 0.3)),
  );
  const outline = `M${from.join(' ')}${lip.map((point) => `L${point.join(' ')}`).join('')}L${to.join(' ')}Z`;
  const smooth = `M${lip[0].join(' ')}${lip
    .slice(1)
    .map((point) => `L${point.join(' ')}`)
    .join('')}`;
  const isNear = border === 'se' || border === 'sw';
  const blades = !isGrass
    ? ''
    : repeat(7, (index) => {
        const [x, y] = along((index + 0.5) / 7, chance(0.06, 0.2));
        return tuft(
          x,
          y + (isNear ? 0 : 2),
          index % 2 ? light : dark,
          isNear ? chance(5, 8) : chance(3, 5),
        );
      });
  return (
    stroke(smooth, INK, 2.4, 0.22) +
    patch(outline, fill) +
    stroke(smooth, isNear ? light : dark, 1, 0.7) +
    blades
  );
}

/** The broken side of the land, hanging over nothing. */
function cliff(side, seed, lip = side === 'se' ? C.grassDark : '#3f5a4d') {
  const chance = dice(seed);
  const sign = side === 'se' ? 1 : -1;
  const depths = [chance(34, 46), chance(44, 60), chance(36, 52), chance(30, 44)];
  const at = (part, down) => `${sign * (33 - 33 * part)} ${16.5 * part + down}`;
  const foot = depths.map((down, index) => `L${at((3 - index) / 3, down)}`).join('');
  const cracks = repeat(5, () => {
    const part = chance(0.1, 0.9);
    const down = chance(6, 28);
    return stroke(`M${at(part, down)}l${sign * -3} ${chance(4, 9)}`, '#26312f', 1.4, 0.8);
  });
  const face = side === 'se' ? '#4c4a40' : '#3c3c35';
  return (
    solid(`M${at(0, 0)}L${at(1, 0)}${foot}Z`, face, { width: 1.4 }) +
    patch(`M${at(0, 0)}L${at(1, 0)}L${at(1, 6)}L${at(0.6, 9)}L${at(0.3, 5)}L${at(0, 8)}Z`, lip) +
    cracks +
    stroke(`M${at(0.5, 22)}l${sign * -5} 9l2 7`, C.glow, 1.1, 0.5)
  );
}

function reedStand(variant) {
  const chance = dice(211 + variant * 13);
  const stems = Array.from({ length: 11 }, () =>
    onFloor(chance(-0.75, 0.75), chance(-0.75, 0.75)),
  ).sort((a, b) => a[1] - b[1]);
  return stems
    .map(([x, y], index) => {
      const tall = chance(20, 33);
      const lean = chance(-5, 5);
      const top = `${x + lean} ${y - tall}`;
      const green = index % 3 ? '#7c8f5c' : '#9aa56a';
      const head =
        index % 2 ? limb(`M${x + lean} ${y - tall}l${lean * 0.15} -5`, '#7a5636', 2.6, 1) : '';
      return limb(`M${x} ${y}Q${x} ${y - tall * 0.6} ${top}`, green, 1.5, 0.8) + head;
    })
    .join('');
}

export function terrainSprites() {
  const sprites = {};
  for (const [name, { draw, fringe: colours }] of Object.entries(KINDS)) {
    for (let variant = 0; variant < VARIANTS; variant++) {
      sprites[`ground/${name}/${variant}`] = { box: TILE_BOX, drawing: draw(variant) };
    }
    for (const [index, border] of Object.keys(BORDERS).entries()) {
      if (!colours) continue;
      const drawing = fringe(border, colours, name === 'grass', 301 + index * 17);
      sprites[`fringe/${name}/${border}`] = { box: [-36, -22, 72, 42], drawing };
    }
  }
  for (const [index, side] of ['se', 'sw'].entries()) {
    for (let variant = 0; variant < 2; variant++) {
      sprites[`cliff/${side}/${variant}`] = {
        box: [-36, -2, 72, 82],
        drawing: cliff(side, 401 + index * 7 + variant * 3),
      };
      sprites[`bare_cliff/${side}/${variant}`] = {
        box: [-36, -2, 72, 82],
        drawing: cliff(side, 431 + index * 7 + variant * 3, side === 'se' ? '#5b5654' : '#47423f'),
      };
    }
  }
  for (let variant = 0; variant < VARIANTS; variant++) {
    sprites[`block/reed/${variant}`] = { box: [-34, -48, 68, 66], drawing: reedStand(variant) };
  }
  return sprites;
}

/** How the board draws each ground that a map may name. */
export function terrainRules() {
  const rules = {};
  for (const [name, { rank, fringe: colours, isSpan, cliff }] of Object.entries(KINDS)) {
    rules[name] = {
      art: name,
      variants: VARIANTS,
      rank,
      hasFringe: Boolean(colours),
      isSpan,
      cliff,
    };
  }
  for (const [alias, name] of Object.entries(ALIASES)) rules[alias] = rules[name];
  for (const [name, ground] of Object.entries(BLOCKS)) {
    const art = name === 'reeds' ? 'reed' : name;
    rules[name] = { ...rules[ground], block: art, blockVariants: name === 'roof' ? 8 : VARIANTS };
  }
  return rules;
}
