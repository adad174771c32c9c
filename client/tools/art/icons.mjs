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
  amend: ['quill-ink', 'tide'],
  beacon: ['lighthouse', 'tide'],
  breakwater: ['wave-crest', 'stone'],
  call_driftling: ['haunting', 'gale'],
  call_governor: ['clockwork', 'stone'],
  call_imp: ['imp', 'ember'],
  chain_hit: ['crossed-chains', 'stone'],
  clear_glass: ['magnifying-glass', 'tide'],
  core_breach: ['explosion-rays', 'ember'],
  counter_swing: ['spinning-blades', 'stone'],
  drift_touch: ['haunting', 'gale'],
  drop_weight: ['weight', 'stone'],
  ember_spit: ['fireball', 'ember'],
  fade: ['invisible', 'gale'],
  file: ['files', 'tide'],
  forge_wall: ['brick-wall', 'ember'],
  governor_spark: ['lightning-arc', 'stone'],
  gust: ['wind-slap', 'gale'],
  hearth_roar: ['fire-wave', 'ember'],
  hollow_choir: ['screaming', 'gale'],
  hush: ['silenced', 'gale'],
  lampshade: ['shield-reflect', 'tide'],
  lantern_bash: ['lantern', 'tide'],
  lash: ['whip', 'gale'],
  last_link: ['linked-rings', 'stone'],
  leech_hour: ['sands-of-time', 'gale'],
  long_dusk: ['moon', 'tide'],
  longfall: ['falling-blob', 'gale'],
  loosen_brakes: ['gears', 'stone'],
  margin_ward: ['rune-stone', 'tide'],
  mend_light: ['healing', 'tide'],
  moor_the_line: ['anchor', 'stone'],
  mould_breath: ['fog', 'gale'],
  page_cut: ['papers', 'tide'],
  pinch: ['crab-claw', 'stone'],
  puppet_string: ['puppet', 'gale'],
  quench: ['splash', 'ember'],
  raise_lattice: ['crossed-chains', 'stone'],
  reel_in: ['grapple', 'stone'],
  scorch_mark: ['burning-dot', 'ember'],
  second_wick: ['candle-flame', 'tide'],
  shell_up: ['armoured-shell', 'stone'],
  sip: ['drop', 'tide'],
  strike_out: ['quill', 'tide'],
  swapline: ['body-swapping', 'gale'],
  talon: ['claws', 'gale'],
  thin_note: ['musical-notes', 'gale'],
  tidewash: ['big-wave', 'tide'],
  toll: ['ringing-bell', 'stone'],
  undertow_slam: ['earth-crack', 'stone'],
  unspool: ['yarn', 'gale'],
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
  untargetable: ['shield-reflect', '#4d6076'],
  revealed: ['eye-target', HARM],
  redirect: ['linked-rings', HELP],
  reflect: ['shield-reflect', HELP],
  trigger: ['tripwire', '#8d7a4c'],
  buff: ['upgrade', HELP],
  debuff: ['broken-shield', HARM],
  bellows: ['bellows', HELP],
  featherstep: ['feather', HELP],
  brace: ['shield-echoes', '#8d7a4c'],
  tenacity: ['mighty-force', '#8d7a4c'],
  away: ['sleepy', '#4d6076'],
};

/** Things that monsters leave, as glyphs in one colour. */
export const TROPHIES = {
  slag_plate: ['metal-plate', '#c98a4e'],
  kiln_coal: ['coal-pile', '#e0683a'],
  gull_pinion: ['feather', '#c9d6d0'],
  wire_coil: ['wire-coil', '#9fb8b4'],
  toll_bead: ['prayer-beads', '#c4ab72'],
  ink_sac: ['drop', '#6c86c9'],
  wet_vellum: ['papers', '#d9cfae'],
  wright_cog: ['big-gear', '#d9b36a'],
  ember_bead: ['gem-pendant', '#e8874a'],
  orus_cog: ['gears', '#d9b36a'],
  sealed_ledger: ['book-cover', '#9c6b4a'],
  iron_link: ['crossed-chains', '#a9b4ba'],
  brine_salt: ['salt-shaker', '#dfe6e2'],
  cracked_gauge: ['stopwatch', '#c4ab72'],
  ember_salve: ['square-bottle', '#e8874a'],
  kite_ration: ['meat', '#d9b36a'],
  chalk_bomb: ['unlit-bomb', '#d9d2bd'],
  recall_knot: ['rope-coil', '#c2a074'],
  respec_tablet: ['stone-tablet', '#b9c4c0'],
  inkglass_page: ['tied-scroll', '#6c86c9'],
  ash_dart: ['thrown-spear', '#e0683a'],
  slag_helm: ['visored-helm', '#c98a4e'],
  gullfoot_boots: ['boots', '#c9d6d0'],
  kiln_mantle: ['cape', '#e0683a'],
  spanwire_bow: ['pocket-bow', '#9fb8b4'],
  harrier_hood: ['hood', '#9fb8b4'],
  brace_greaves: ['greaves', '#a9b4ba'],
  toller_plate: ['breastplate', '#c4ab72'],
  clerk_robe: ['robe', '#6c86c9'],
  inkglass_lamp: ['lantern', '#6c86c9'],
};

export const BUTTONS = {
  inventory: 'knapsack',
  crafting: 'anvil',
  quests: 'scroll-unfurled',
  chat: 'conversation',
  character: 'person',
  party: 'three-friends',
  guild: 'vertical-banner',
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

/** A thing by itself, 64 × 64 around the centre: dark edge, one colour. */
export function trophyIcon(glyph, colour) {
  const body = (more) => `<g transform="translate(-25 -25) scale(.0977)" ${more}>${glyph}</g>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="-32 -32 64 64">` +
    body('color="#18211f" stroke="#18211f" stroke-width="34" stroke-linejoin="round"') +
    body(`color="${colour}"`) +
    `</svg>\n`
  );
}
