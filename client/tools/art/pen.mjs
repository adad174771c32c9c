/** The one pen that everything is drawn with: its colours, its outline and a few shapes. */

export const INK = '#1a2422';

export const COLOUR = {
  grass: '#5c7f69',
  grassDark: '#4b6b5b',
  grassLight: '#729679',
  heather: '#9c7391',
  mud: '#6f5b48',
  mudDark: '#5a4939',
  mudLight: '#8a7359',
  peat: '#473a31',
  earth: '#8f7b5b',
  earthDark: '#776549',
  earthLight: '#a8936f',
  stone: '#8b928b',
  stoneDark: '#6a736e',
  stoneLight: '#aab0a5',
  water: '#2f5963',
  waterDark: '#244651',
  waterLight: '#5f9aa2',
  wood: '#8d6c47',
  woodDark: '#694e33',
  woodLight: '#ab8759',
  plaster: '#cdbf9f',
  plasterDark: '#a89a7c',
  slate: '#4e5f66',
  slateDark: '#3b4a51',
  slateLight: '#687b81',
  brass: '#d3a856',
  brassDark: '#93702f',
  brassLight: '#f4d996',
  teal: '#3c7676',
  tealDark: '#2a5557',
  tealLight: '#66a8a2',
  glow: '#86f4e0',
  glowPale: '#d5fff7',
  cream: '#e9dfc4',
  creamDark: '#c4b693',
  rust: '#a3513c',
  rustDark: '#7a3a2c',
  ember: '#f28b3b',
  emberPale: '#ffd27a',
  skin: '#dcb491',
  skinDark: '#b98c6b',
  iron: '#5c6868',
  ironLight: '#8b9896',
  bone: '#ddd3b4',
};

const round = (value) => Math.round(value * 100) / 100;

/** A filled shape with the house's outline. */
export function solid(d, fill, { width = 2, line = INK, opacity = 1 } = {}) {
  const alpha = opacity === 1 ? '' : ` opacity="${opacity}"`;
  return `<path d="${d}" fill="${fill}" stroke="${line}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"${alpha}/>`;
}

/** A filled shape without outline: light, shade, pattern. */
export function patch(d, fill, opacity = 1) {
  return `<path d="${d}" fill="${fill}"${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;
}

export function stroke(d, colour, width = 2, opacity = 1) {
  const alpha = opacity === 1 ? '' : ` opacity="${opacity}"`;
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"${alpha}/>`;
}

/** A thing with an outline on both sides, such as a leg, a rope or a handle. */
export function limb(d, colour, width, outline = 2) {
  return stroke(d, INK, width + outline * 2) + stroke(d, colour, width);
}

export function oval(cx, cy, rx, ry, fill, { width = 2, line = INK, opacity = 1 } = {}) {
  const edge = width ? ` stroke="${line}" stroke-width="${width}"` : '';
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"${edge}${opacity === 1 ? '' : ` opacity="${opacity}"`}/>`;
}

export function dot(cx, cy, r, fill, opacity = 1) {
  return oval(round(cx), round(cy), r, r, fill, { width: 0, opacity });
}

/** Light around a thing. */
export function halo(cx, cy, r, colour, strength = 0.8) {
  const id = `halo-${colour.slice(1)}-${Math.round(strength * 100)}`;
  return (
    `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${strength}"/>` +
    `<stop offset=".45" stop-color="${colour}" stop-opacity="${round(strength * 0.35)}"/>` +
    `<stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>` +
    `<circle cx="${cx}" cy="${cy}" r="${r}" fill="url(#${id})"/>`
  );
}

export function moved(drawing, x, y, { scale = 1, turn = 0, flip = false } = {}) {
  const steps = [`translate(${round(x)} ${round(y)})`];
  if (turn) steps.push(`rotate(${turn})`);
  if (scale !== 1 || flip) steps.push(`scale(${flip ? -scale : scale} ${scale})`);
  return `<g transform="${steps.join(' ')}">${drawing}</g>`;
}

/** The diamond of a cell, a little larger so that no seam shows between neighbours. */
export function diamond(extra = 0.6, lift = 0) {
  const w = 32 + extra * 2;
  const h = 16 + extra;
  return `M0 ${-h - lift}L${w} ${-lift}L0 ${h - lift}L${-w} ${-lift}Z`;
}

/** A place on the cell's floor, from -1 to 1 along both of its sides. */
export function onFloor(u, v) {
  return [round((u - v) * 16), round((u + v) * 8)];
}

/** Chance that is the same in every run. */
export function dice(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (from = 0, to = 1) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return round(from + (state / 4294967296) * (to - from));
  };
}

export function repeat(count, draw) {
  return Array.from({ length: count }, (_, index) => draw(index)).join('');
}
