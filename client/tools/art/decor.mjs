/** Things that stand on the ground: furniture of the moor, chests, lamps. Feet at (0, 0). */
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

function lampPost() {
  return (
    SHADE(9) +
    limb('M0 0V-44Q0 -52 8 -52', C.iron, 3) +
    halo(10, -42, 26, C.glow, 0.75) +
    solid('M4 -48h12l-1.5 13h-9z', C.glowPale, { width: 1.8 }) +
    halo(10, -42, 9, C.glow, 0.9) +
    solid('M3 -49h14l-7 -5z', C.brass, { width: 1.8 }) +
    solid('M5 -36h10v3h-10z', C.brassDark, { width: 1.6 }) +
    solid('M-4 1h8l-1.5 -6h-5z', C.iron, { width: 1.8 })
  );
}

function crate() {
  return (
    SHADE(19) +
    solid('M-17 -1L0 8V-12L-17 -21Z', C.woodDark) +
    solid('M17 -1L0 8V-12L17 -21Z', C.wood) +
    solid('M0 -30L17 -21L0 -12L-17 -21Z', C.woodLight) +
    stroke('M-14 -4L-3 -12M14 -4L3 -12M-14 -19L-14 -1M14 -19V-1', '#4d3824', 1.8) +
    stroke('M-8 -21L0 -17L8 -21', C.wood, 1.6)
  );
}

function barrel() {
  return (
    SHADE(13) +
    solid('M-11 -2Q-15 -12 -11 -24L11 -24Q15 -12 11 -2Q0 6 -11 -2Z', C.wood) +
    stroke('M-4 1Q-6 -12 -4 -23M4 1Q6 -12 4 -23', C.woodDark, 1.3) +
    stroke('M-12.6 -8Q0 -1 12.6 -8M-12.4 -18Q0 -12 12.4 -18', C.iron, 2.6) +
    oval(0, -24, 11, 4.6, C.woodLight) +
    oval(0, -24, 7.4, 2.8, '#a58254', { width: 1, line: C.woodDark })
  );
}

function signpost() {
  return (
    SHADE(8) +
    limb('M0 0V-40', C.wood, 3.6) +
    solid('M-4 -39L20 -39L26 -34L20 -28L-4 -28Z', C.woodLight) +
    solid('M4 -26L-18 -25L-24 -20L-18 -15L4 -16Z', C.wood) +
    stroke('M2 -35h13M2 -32h10M-14 -21h12M-12 -18.5h9', C.woodDark, 1.3)
  );
}

function chestBody(lid, inside) {
  return (
    SHADE(21) +
    solid('M-19 -3L-1 7V-9L-19 -18Z', '#6d4a30') +
    solid('M19 -5L-1 7V-9L19 -20Z', C.wood) +
    inside +
    lid +
    stroke('M-13 -13.5V1M13 -15V0', C.brass, 2.6) +
    solid('M2 -6.5l6 -3v7l-6 3z', C.brassLight, { width: 1.5 })
  );
}

function chest() {
  const lid =
    solid(
      'M-19 -18Q-18 -28 -8 -31L12 -33Q20 -30 19 -20L-1 -9Q0 -20 -9 -23Q-18 -26 -19 -18Z',
      C.wood,
    ) +
    solid('M-19 -18Q-18 -27 -10 -26Q-1 -23 -1 -9Z', '#7d5636') +
    stroke('M-4 -22Q0 -17 -1 -9M13 -32Q15 -28 13.4 -17M-13 -27Q-13 -20 -13 -15', C.brass, 2.4);
  return chestBody(lid, '');
}

function openChest() {
  const lid =
    solid('M-19 -18Q-24 -30 -14 -37L6 -44Q13 -38 2 -28L0 -28Z', '#5b3d27') +
    stroke('M-14 -36L6 -43', C.brass, 2.4);
  const inside =
    solid('M-19 -18L0 -28L19 -20L-1 -9Z', '#33261b') +
    halo(0, -20, 24, C.glow, 0.9) +
    oval(-4, -18.5, 5, 2.6, C.brass, { width: 1.2 }) +
    oval(5, -19, 5, 2.6, C.brassLight, { width: 1.2 }) +
    dot(0, -22, 2, C.glowPale);
  return chestBody(lid, inside);
}

function slab(lines) {
  return (
    SHADE(15) +
    solid('M-12 0L4 7L14 1V-33Q6 -42 -4 -40Q-12 -38 -12 -31Z', '#5d6966') +
    solid('M4 7L14 1V-33Q10 -38 6 -39.5Q6 -37 4 -33Z', '#46514f') +
    lines
  );
}

function inscription() {
  return slab(stroke('M-8 -30h8M-8 -25h9M-8 -20h7M-8 -15h9M-8 -10h6', '#2c3534', 1.6));
}

function readInscription() {
  return slab(
    halo(-3, -20, 18, C.glow, 0.55) +
      stroke('M-8 -30h8M-8 -25h9M-8 -20h7M-8 -15h9M-8 -10h6', C.glowPale, 1.6),
  );
}

function well() {
  return (
    SHADE(24) +
    solid('M-21 -4V-16Q0 -6 21 -16V-4Q0 9 -21 -4Z', C.stone) +
    stroke('M-12 -10v9M0 -7v11M12 -10v9M-20 -9Q0 2 20 -9', C.stoneDark, 1.4) +
    oval(0, -16, 21, 9, C.stoneLight) +
    oval(0, -16, 15, 6, '#1d3236', { width: 1.6 }) +
    halo(0, -16, 13, C.glow, 0.6) +
    limb('M-17 -16V-46M17 -16V-46', C.wood, 3) +
    limb('M-17 -38H17', C.woodLight, 2.6, 1.6) +
    limb('M3 -38v14', C.cream, 1.2, 1) +
    solid('M-25 -43L0 -60L25 -43L0 -36Z', C.slate) +
    stroke('M-14 -46L0 -54L14 -46M0 -58V-40', C.slateDark, 1.4)
  );
}

function stall() {
  const stripe = (index) =>
    solid(
      `M${-30 + index * 12} -38l12 0l${-2 + index * 0.8} 13q-5 5 -10 0z`,
      index % 2 ? C.cream : C.rust,
      { width: 1.6 },
    );
  return (
    SHADE(32, 12) +
    limb('M-26 2V-40M26 2V-40', C.wood, 3) +
    solid('M-30 -4L-30 -16L30 -16L30 -4Q0 4 -30 -4Z', C.wood) +
    stroke('M-15 -14v11M0 -14v13M15 -14v11', C.woodDark, 1.4) +
    solid('M-32 -16L32 -16L28 -22L-28 -22Z', C.woodLight) +
    oval(-16, -22, 6, 5, '#8fae6b', { width: 1.6 }) +
    oval(-5, -22, 5, 4.4, C.rust, { width: 1.6 }) +
    solid('M6 -18q-2 -9 4 -9t4 9z', C.tealLight, { width: 1.6 }) +
    solid('M18 -18v-8h6v8z', C.brass, { width: 1.6 }) +
    solid('M-28 -46L28 -46L32 -36L-32 -36Z', C.rustDark, { width: 1.8 }) +
    repeat(5, stripe)
  );
}

function noticeBoard() {
  return (
    SHADE(18) +
    limb('M-14 1V-34M14 1V-34', C.wood, 3) +
    solid('M-19 -36H19V-12H-19Z', '#74573a') +
    solid('M-22 -38L0 -46L22 -38L22 -35L-22 -35Z', C.slate) +
    moved(
      solid('M-6 -8h11v13h-11z', C.cream, { width: 1.2 }) +
        stroke('M-3 -5h5M-3 -2h5M-3 1h3', C.creamDark, 1),
      -8,
      -24,
      { turn: -4 },
    ) +
    moved(
      solid('M-5 -7h9v9h-9z', '#d8cba4', { width: 1.2 }) +
        stroke('M-3 -4h5M-3 -2h4', C.creamDark, 1),
      6,
      -26,
      { turn: 6 },
    ) +
    dot(8, -18, 2.2, C.rust)
  );
}

/** The chain that holds the shelf to the world: a bollard of the Tether Office. */
function tether() {
  return (
    SHADE(24) +
    halo(0, -22, 36, C.glow, 0.5) +
    solid('M-18 3L-14 -12H14L18 3Q0 12 -18 3Z', C.stoneDark) +
    solid('M-11 -10L-8 -40H8L11 -10Q0 -5 -11 -10Z', C.iron) +
    stroke('M-9 -18Q0 -13 9 -18M-8 -28Q0 -23 8 -28', C.brass, 2.6) +
    oval(0, -41, 11, 5, C.ironLight) +
    oval(0, -41, 5, 2.2, C.glowPale, { width: 1.4 }) +
    stroke('M9 -24q8 2 13 9t10 8', INK, 6) +
    stroke('M9 -24q8 2 13 9t10 8', C.brass, 2.6) +
    stroke('M9 -24q8 2 13 9t10 8', C.brassLight, 2.6).replace('/>', ' stroke-dasharray="4 5"/>')
  );
}

function flowers(seed) {
  const chance = dice(seed);
  return repeat(9, (index) => {
    const x = chance(-16, 16);
    const y = chance(-6, 6);
    const colour = [C.heather, '#c9a0bd', C.brassLight][index % 3];
    return (
      stroke(`M${x} ${y}q1 -4 0 -7`, C.grassDark, 1.3) +
      oval(x, y - 8, 2.3, 2, colour, { width: 0.9 })
    );
  });
}

function mushrooms() {
  const cap = (x, y, r) =>
    solid(`M${x - r * 0.3} ${y}v${-r}h${r * 0.6}v${r}z`, C.cream, { width: 1.4 }) +
    halo(x, y - r, r * 2.4, C.glow, 0.5) +
    solid(`M${x - r} ${y - r}Q${x} ${y - r * 2.6} ${x + r} ${y - r}Z`, C.tealLight, {
      width: 1.5,
    }) +
    dot(x - r * 0.3, y - r * 1.4, r * 0.18, C.glowPale);
  return cap(-6, 2, 6) + cap(5, 5, 4.5) + cap(2, -2, 7);
}

function stump() {
  return (
    SHADE(15) +
    solid('M-14 2Q-11 -3 -11 -12L11 -12Q11 -3 15 2Q0 10 -14 2Z', '#6a5440') +
    oval(0, -12, 11, 5, '#b39468') +
    oval(0, -12, 6.5, 2.8, 'none', { width: 1.2, line: '#8d6f49' }) +
    oval(0, -12, 2.6, 1, '#8d6f49', { width: 0 })
  );
}

function deadTree() {
  const trunk =
    'M0 2Q-3 -20 2 -38M0 -18Q-12 -26 -15 -40M1 -26Q12 -32 16 -46M-9 -27Q-18 -28 -22 -34M2 -37Q0 -46 4 -54M10 -33q8 0 12 -6';
  return SHADE(12) + limb(trunk, '#6b6257', 3.6) + stroke('M-1 0Q-4 -18 0 -34', '#938a7c', 1.3);
}

function banner() {
  return (
    SHADE(7) +
    limb('M0 0V-58', C.wood, 3) +
    solid('M2 -56H22L18 -36L22 -16L12 -22L2 -16Z', C.teal) +
    oval(11, -40, 5.4, 5.4, 'none', { width: 2, line: C.brassLight }) +
    stroke('M11 -46v12M7 -36q4 4 8 0', C.brassLight, 2) +
    dot(0, -59, 3, C.brass)
  );
}

/** Where no guild has raised its colours. */
function mast() {
  return (
    SHADE(7) +
    limb('M0 0V-58', C.wood, 3) +
    stroke('M1 -56Q8 -30 2 -8', C.brassLight, 1.4) +
    dot(0, -59, 3, C.brass)
  );
}

function bones() {
  return (
    limb('M-10 2l14 -6M-6 -5l8 9', C.bone, 2.6, 1.5) +
    oval(8, -3, 6, 5, C.bone, { width: 1.6 }) +
    dot(6.5, -3, 1.4, INK) +
    dot(10.5, -3, 1.4, INK)
  );
}

function slackAnchor() {
  return (
    SHADE(16) +
    limb('M0 0V-30M-9 -24H9', C.iron, 4) +
    limb('M-15 -8Q-12 4 0 3Q12 4 15 -8', C.iron, 4) +
    oval(0, -34, 5, 5, 'none', { width: 6 }) +
    oval(0, -34, 5, 5, 'none', { width: 2.6, line: C.ironLight }) +
    patch('M-12 -2q6 8 18 3q-8 8 -18 -3z', C.grass)
  );
}

/** Where a fight goes on. */
function crossedBlades() {
  return (
    SHADE(12) +
    limb('M-12 2L12 -26M12 2L-12 -26', C.ironLight, 3) +
    limb('M-14 -1l6 5M14 -1l-6 5', C.brass, 2.6)
  );
}

function forge() {
  return (
    SHADE(22) +
    solid('M-21 -4L0 8L21 -4V-24L0 -34L-21 -24Z', '#5d5a57') +
    solid('M-21 -4L0 8V-13L-21 -24Z', '#474442') +
    halo(0, -20, 26, '#ff9a4a', 0.9) +
    oval(0, -23, 12, 5.5, '#e0683a', { width: 1.6 }) +
    dot(-3, -24, 2, '#ffd28a') +
    dot(4, -22, 1.6, '#ffd28a') +
    stroke('M-17 -14l13 7M-17 -8l13 7', '#36322f', 1.4)
  );
}

function ironSeam() {
  return (
    SHADE(18) +
    solid('M-19 2L-14 -17L-2 -24L13 -18L19 0L3 9Z', '#6a6660') +
    solid('M-19 2L-14 -17L-2 -24L-5 -4L3 9Z', '#55514c') +
    stroke('M-9 -13l8 4 5 8M6 -16l2 7 7 4', '#c8895a', 3) +
    dot(-8, -13, 2, '#e3b084') +
    dot(8, -9, 2, '#e3b084')
  );
}

function brinePan() {
  return (
    oval(0, 0, 24, 11, '#8aa6a2', { width: 2 }) +
    oval(0, -1, 19, 8, '#b9d2cc', { width: 1 }) +
    solid('M-9 -1l4 -7 5 6 4 -9 5 10Z', '#eef3ee', { width: 1.4 }) +
    dot(-12, 2, 2, '#f6f8f2') +
    dot(12, 3, 1.6, '#f6f8f2')
  );
}

export function decorSprites() {
  const low = [-26, -30, 52, 44];
  const tall = [-38, -66, 76, 84];
  const drawn = {
    lamp_post: [tall, lampPost()],
    crate: [tall, crate()],
    barrel: [tall, barrel()],
    signpost: [tall, signpost()],
    chest: [tall, chest()],
    chest_open: [tall, openChest()],
    hall_inscription: [tall, inscription()],
    hall_inscription_read: [tall, readInscription()],
    well: [tall, well()],
    stall: [tall, stall()],
    notice_board: [tall, noticeBoard()],
    tether: [tall, tether()],
    dead_tree: [tall, deadTree()],
    banner: [tall, banner()],
    guild_banner_bare: [tall, mast()],
    slack_anchor: [tall, slackAnchor()],
    forge: [tall, forge()],
    iron_seam: [low, ironSeam()],
    brine_pan: [low, brinePan()],
    stump: [low, stump()],
    flowers: [low, flowers(601)],
    heather: [low, flowers(617)],
    mushrooms: [low, mushrooms()],
    bones: [low, bones()],
    battle: [tall, crossedBlades()],
  };
  return Object.fromEntries(
    Object.entries(drawn).map(([name, [box, drawing]]) => [`decor/${name}`, { box, drawing }]),
  );
}
