/** The ground of the far shelves: cinder terraces, wind-bent grass, drowned floors. */
import {
  COLOUR as C,
  INK,
  dice,
  diamond,
  dot,
  halo,
  onFloor,
  oval,
  patch,
  repeat,
  stroke,
} from './pen.mjs';

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

function ash(variant) {
  const chance = dice(711 + variant * 7);
  const flakes = repeat(6 + variant, () => {
    const [x, y] = onFloor(chance(-0.85, 0.85), chance(-0.85, 0.85));
    return dot(x, y, chance(0.7, 1.5), '#a39c93', 0.8);
  });
  const embers = repeat(variant === 2 ? 1 : 0, () => {
    const [x, y] = onFloor(chance(-0.6, 0.6), chance(-0.6, 0.6));
    return halo(x, y, 5, C.ember, 0.7) + dot(x, y, 0.9, C.emberPale);
  });
  return clipped(
    patch(diamond(), '#6b625c') +
      blotches(chance, ['#5b534f', '#7a7069', '#625650'], 6) +
      flakes +
      embers,
  );
}

/** A crust over the fire: slow to cross. */
function cinder(variant) {
  const chance = dice(731 + variant * 5);
  const cracks = repeat(3, () => {
    const [x, y] = onFloor(chance(-0.6, 0.6), chance(-0.6, 0.6));
    const d = `M${x - 9} ${y}l5 -3l4 3l6 -3l3 3`;
    return stroke(d, '#b4421d', 2.4, 0.9) + stroke(d, C.emberPale, 0.9);
  });
  return clipped(
    patch(diamond(), '#433a38') +
      blotches(chance, ['#352d2c', '#524643'], 6) +
      halo(0, 1, 22, C.ember, 0.28) +
      cracks,
  );
}

/** The fire itself: nobody walks there. */
function slag(variant) {
  const chance = dice(751 + variant * 9);
  const crusts = repeat(4, () => {
    const [x, y] = onFloor(chance(-0.75, 0.75), chance(-0.75, 0.75));
    const rx = chance(4, 9);
    return oval(x, y, rx, rx * 0.42, '#5a2a1c', { width: 0, opacity: 0.85 });
  });
  const flows = repeat(3, () => {
    const [x, y] = onFloor(chance(-0.7, 0.7), chance(-0.7, 0.7));
    const w = chance(6, 10);
    return stroke(`M${x - w} ${y}q${w / 2} -2.4 ${w} 0t${w} 0`, C.emberPale, 1.3, 0.9);
  });
  return clipped(
    patch(diamond(), '#c4541f') +
      blotches(chance, ['#e0762c', '#a53f1a'], 6, 1.2) +
      crusts +
      flows +
      (variant === 1 ? halo(2, 0, 15, C.emberPale, 0.55) : ''),
  );
}

/** The pavement of the terraces: black stone, laid in courses. */
function basalt(variant) {
  const chance = dice(771 + variant * 3);
  const slabs = repeat(9, (index) => {
    const u = ((index % 3) - 1) * 0.67;
    const v = (Math.floor(index / 3) - 1) * 0.67;
    const corner = (du, dv) => onFloor(u + du * 0.31, v + dv * 0.31).join(' ');
    const shade = ['#57575a', '#4d4d52', '#626063'][Math.floor(chance(0, 2.99))];
    const top = onFloor(u - 0.31, v - 0.31);
    return (
      patch(`M${corner(-1, -1)}L${corner(1, -1)}L${corner(1, 1)}L${corner(-1, 1)}Z`, shade) +
      stroke(`M${corner(-1, 1)}L${top.join(' ')}L${corner(1, -1)}`, '#75747a', 0.7, 0.6)
    );
  });
  return clipped(patch(diamond(), '#36363a') + slabs);
}

function windgrass(variant) {
  const chance = dice(791 + variant * 11);
  const blades = repeat(9 + variant, (index) => {
    const [x, y] = onFloor(chance(-0.85, 0.85), chance(-0.85, 0.85));
    const colour = ['#a9a869', '#c2bd80', '#7f8a5c'][index % 3];
    const h = chance(4, 7);
    return stroke(
      `M${x} ${y}q2 ${-h * 0.9} ${h} ${-h * 0.8}M${x + 2} ${y}q2 ${-h * 0.7} ${h} ${-h * 0.5}`,
      colour,
      1.2,
    );
  });
  return clipped(
    patch(diamond(), '#8b9365') + blotches(chance, ['#7a8459', '#9ba372', '#87905f'], 5) + blades,
  );
}

/** Flags under a hand of water: slow to wade. */
function shallows(variant) {
  const chance = dice(811 + variant * 13);
  const flags = repeat(4, (index) => {
    const u = index % 2 ? 0.5 : -0.5;
    const v = index > 1 ? 0.5 : -0.5;
    const corner = (du, dv) => onFloor(u + du * 0.46, v + dv * 0.46).join(' ');
    return patch(
      `M${corner(-1, -1)}L${corner(1, -1)}L${corner(1, 1)}L${corner(-1, 1)}Z`,
      '#6c8884',
      0.75,
    );
  });
  const ripples = repeat(4, () => {
    const [x, y] = onFloor(chance(-0.7, 0.7), chance(-0.7, 0.7));
    const w = chance(5, 9);
    return stroke(`M${x - w} ${y}q${w / 2} -2 ${w} 0t${w} 0`, '#a9d3cf', 1, 0.6);
  });
  return clipped(patch(diamond(), '#4a6f70') + flags + patch(diamond(), C.water, 0.35) + ripples);
}

/** The archive's floor: pale tiles around a darker one. */
function mosaic(variant) {
  const chance = dice(831 + variant * 3);
  const tiles = repeat(16, (index) => {
    const u = ((index % 4) - 1.5) * 0.5;
    const v = (Math.floor(index / 4) - 1.5) * 0.5;
    const corner = (du, dv) => onFloor(u + du * 0.225, v + dv * 0.225).join(' ');
    const isDark = (index % 4 === 1 || index % 4 === 2) && index > 3 && index < 12;
    const shade = isDark
      ? ['#47686b', '#3f5f63'][Math.floor(chance(0, 1.99))]
      : ['#93a39c', '#87988f', '#9dada3'][Math.floor(chance(0, 2.99))];
    return patch(`M${corner(-1, -1)}L${corner(1, -1)}L${corner(1, 1)}L${corner(-1, 1)}Z`, shade);
  });
  const crack = variant === 2 ? stroke('M-14 2l8 -4l6 5l9 -3', INK, 1, 0.5) : '';
  return clipped(patch(diamond(), '#64736e') + tiles + crack);
}

/** Iron lattice over nothing, as the Wrights laid it from shelf to shelf. */
function grating(variant) {
  const bars = repeat(7, (index) => {
    const at = -0.9 + index * 0.3;
    const [ax, ay] = onFloor(-1, at);
    const [bx, by] = onFloor(1, at);
    const [cx, cy] = onFloor(at, -1);
    const [dx, dy] = onFloor(at, 1);
    return (
      stroke(`M${cx} ${cy}L${dx} ${dy}`, C.iron, 1.6) +
      stroke(`M${ax} ${ay}L${bx} ${by}`, index % 2 ? C.ironLight : C.iron, 1.6)
    );
  });
  return clipped(
    patch(diamond(), '#213438') +
      halo(0, 0, 24, C.glow, variant % 2 ? 0.25 : 0.15) +
      bars +
      stroke(diamond(-1), INK, 1.4, 0.6) +
      stroke(diamond(-2), C.brassDark, 1.6, 0.9),
  );
}

/** `rank`: the higher one hangs over the lower one at their border. */
export const FAR_KINDS = {
  ash: { draw: ash, rank: 4, cliff: 'bare_cliff', fringe: ['#6b625c', '#8a8079', '#544c48'] },
  cinder: { draw: cinder, rank: 2, cliff: 'bare_cliff', fringe: ['#433a38', '#5d504c', '#2f2827'] },
  slag: { draw: slag, rank: 1, cliff: 'bare_cliff' },
  basalt: { draw: basalt, rank: 5, cliff: 'bare_cliff' },
  windgrass: { draw: windgrass, rank: 6, fringe: ['#8b9365', '#b3b079', '#747d55'] },
  shallows: { draw: shallows, rank: 2, cliff: 'bare_cliff' },
  mosaic: { draw: mosaic, rank: 5, cliff: 'bare_cliff' },
  grating: { draw: grating, rank: 5, isSpan: true },
};

/** What stands on a cell of its own out there, and on which ground. */
export const FAR_BLOCKS = {
  basalt_wall: 'basalt',
  kiln: 'basalt',
  crag: 'ash',
  bookshelf: 'mosaic',
  column: 'mosaic',
  pylon: 'grating',
};
