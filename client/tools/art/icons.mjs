/** Which glyph of game-icons stands for which skill, state and button, and in which colours. */

const ELEMENTS = {
  stone: ['#8f7d55', '#4b4231'],
  ember: ['#d0642f', '#5e2418'],
  gale: ['#5fa79f', '#1f4a4c'],
  tide: ['#4d86b8', '#1d3a5a'],
  none: ['#7a8683', '#37413f'],
};

export const SKILLS = {
  hook_swing: ['meat-hook', 'stone'],
  drag_chain: ['harpoon-chain', 'stone'],
  brace: ['shield-echoes', 'stone'],
  deadweight: ['weight-crush', 'stone'],
  wire_dart: ['dart', 'gale'],
  updraft: ['whirlwind', 'gale'],
  slipline: ['rope-dart', 'gale'],
  snare_kite: ['kite', 'gale'],
  crosswind: ['wind-slap', 'gale'],
  featherstep: ['feather', 'gale'],
  spark_throw: ['sparky-bomb', 'ember'],
  brand: ['burning-dot', 'ember'],
  bellows: ['bellows', 'ember'],
  flashfire: ['fire-ring', 'ember'],
  slagpool: ['lava', 'ember'],
  nip: ['crab-claw', 'stone'],
  lunge: ['spear-feather', 'gale'],
  hide: ['invisible', 'gale'],
  lure: ['lantern-flame', 'tide'],
  cold_flash: ['frostfire', 'tide'],
  slam: ['fist', 'stone'],
  root_grasp: ['plant-roots', 'stone'],
  dive: ['crow-dive', 'ember'],
  scatter: ['feathered-wing', 'gale'],
  unknown: ['sparkles', 'none'],
};

/** Harmful ones are red, helpful ones green, controls violet. */
const HARM = '#a8402f';
const HELP = '#3d7d55';
const HOLD = '#6d4f93';

export const STATES = {
  shield: ['shield', '#8d7a4c'],
  dot: ['burning-dot', HARM],
  brand: ['flame', HARM],
  hot: ['heart-plus', HELP],
  root: ['plant-roots', HOLD],
  stun: ['knocked-out-stars', HOLD],
  silence: ['silence', HOLD],
  taunt: ['bullseye', HOLD],
  invisible: ['invisible', '#4d6076'],
  unmovable: ['anchor', '#4d6076'],
  buff: ['upgrade', HELP],
  debuff: ['broken-shield', HARM],
  bellows: ['bellows', HELP],
  featherstep: ['feather', HELP],
  brace: ['shield-echoes', '#8d7a4c'],
  tenacity: ['mighty-force', '#8d7a4c'],
  away: ['sleepy', '#4d6076'],
};

export const BUTTONS = {
  inventory: 'knapsack',
  quests: 'scroll-unfurled',
  chat: 'conversation',
  character: 'person',
  shop: 'shop',
  map: 'treasure-map',
  settings: 'cog',
  sign_out: 'exit-door',
  battle: 'crossed-swords',
  end_turn: 'hourglass',
  forfeit: 'flying-flag',
  move: 'walking-boot',
  ready: 'check-mark',
  close: 'cancel',
  health: 'hearts',
  action_points: 'power-lightning',
  movement_points: 'boot-prints',
  initiative: 'stopwatch',
  experience: 'star-medal',
  level: 'level-two-advanced',
  loot: 'open-treasure-chest',
  log: 'notebook',
  dice: 'perspective-dice-six-faces-random',
  weapon: 'meat-hook',
  head: 'visored-helm',
  chest: 'leather-vest',
  boots: 'boots',
  charm: 'gem-pendant',
  vigor: 'heart-beats',
  stone: 'stone-block',
  ember: 'flame',
  gale: 'whirlwind',
  tide: 'big-wave',
  focus: 'brain',
  zoom_in: 'magnifying-glass',
  wave: 'hand',
  sword: 'broadsword',
  sound_on: 'speaker',
  sound_off: 'speaker-off',
};

export function skillIcon(glyph, element) {
  const [light, dark] = ELEMENTS[element];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">` +
    `<defs><radialGradient id="b" cx=".35" cy=".25" r="1"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient></defs>` +
    `<rect x="2" y="2" width="60" height="60" rx="11" fill="url(#b)" stroke="#1a2422" stroke-width="3"/>` +
    `<rect x="4.500" y="4.500" width="55" height="55" rx="9" fill="none" stroke="#f4d996" stroke-opacity=".45" stroke-width="1.500"/>` +
    `<g transform="translate(9 10.500) scale(.0898)" color="#101817" opacity=".55">${glyph}</g>` +
    `<g transform="translate(9 9) scale(.0898)" color="#f7efd8">${glyph}</g></svg>\n`
  );
}

/** The badge of a state in its own coordinates, 16 × 16 around the centre. */
export function stateBadge(glyph, colour) {
  return `<circle r="7.500" fill="${colour}" stroke="#1a2422" stroke-width="1.400"/><g transform="translate(-5.200 -5.200) scale(.0203)" color="#fdf6e3">${glyph}</g>`;
}

export function buttonIcon(glyph) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 512 512" color="#f1e7cd">${glyph}</svg>\n`;
}
