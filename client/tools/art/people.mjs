/** Player classes and the people of Lastmoor. Feet at (0, 0), about 60 high, looking to the lower right. */
import { COLOUR as C, INK, dot, halo, limb, oval, patch, repeat, solid, stroke } from './pen.mjs';

const eyes = (x, y, gap = 7) =>
  oval(x, y, 1.5, 2.2, INK, { width: 0 }) +
  oval(x + gap, y, 1.5, 2.2, INK, { width: 0 }) +
  dot(x + 0.5, y - 0.8, 0.6, '#fff') +
  dot(x + gap + 0.5, y - 0.8, 0.6, '#fff');
const boots = (left, right, colour) =>
  solid(`M${left - 5} 1q-1 -7 2 -9h6q1 5 4 6q2 2 0 3z`, colour) +
  solid(`M${right - 5} 2q-1 -7 2 -9h6q1 5 5 6q2 2 0 3z`, colour);

/** A broad guardian in moor-stone plates, an anchor on a chain over the shoulder. */
function anchorite() {
  const anchor =
    limb('M-21 -62L-15 -18', C.iron, 4) +
    limb('M-33 -30Q-28 -14 -14 -16Q-4 -18 -3 -33', C.iron, 4.4) +
    solid('M-38 -27l3 -9l7 6z', C.ironLight) +
    solid('M-7 -31l4 -9l6 7z', C.ironLight) +
    limb('M-29 -51L-11 -54', C.brass, 3.2) +
    oval(-22, -67, 5, 5, 'none', { width: 6.4 }) +
    oval(-22, -67, 5, 5, 'none', { width: 2.6, line: C.brass });
  const body =
    boots(-8, 9, '#3b4644') +
    solid('M-17 -8Q-22 -30 -15 -42H15Q22 -30 18 -7Q0 1 -17 -8Z', C.teal) +
    patch('M4 -40H14Q21 -30 17 -8Q11 -5 6 -4.600Q10 -24 4 -40Z', C.tealDark, 0.65) +
    solid('M-12 -40H12L10 -18Q0 -11 -10 -18Z', C.stone) +
    patch('M-10 -38H0V-16Q-6 -16 -9 -19Z', C.stoneLight, 0.8) +
    stroke('M0 -39V-16M-10 -29Q0 -24 11 -29', C.stoneDark, 1.6) +
    stroke('M-16 -15Q0 -6 17 -14', INK, 6.5) +
    stroke('M-16 -15Q0 -6 17 -14', C.brass, 3.2) +
    stroke('M-16 -15Q0 -6 17 -14', C.brassDark, 3.2).replace('/>', ' stroke-dasharray="1.500 5"/>');
  const shoulders =
    solid('M-25 -30Q-28 -46 -14 -48Q-8 -45 -9 -36Q-14 -29 -25 -30Z', C.stone) +
    solid('M26 -29Q29 -46 15 -48Q8 -45 9 -36Q15 -28 26 -29Z', C.stoneDark) +
    stroke('M-24 -34Q-17 -33 -11 -38', C.stoneLight, 1.6) +
    dot(-17, -41, 1.8, C.brass) +
    dot(18, -41, 1.8, C.brass);
  const head =
    solid('M-13 -46Q-15 -68 0 -69Q15 -68 14 -46Q0 -40 -13 -46Z', C.stone) +
    patch('M-10 -50Q-12 -64 -1 -66L0 -50Z', C.stoneLight, 0.8) +
    solid('M-9 -56Q3 -61 13 -56L12 -49Q2 -45 -8 -49Z', '#20302f', { width: 1.6 }) +
    halo(-1, -53, 6, C.glow, 0.9) +
    halo(8, -53, 6, C.glow, 0.9) +
    oval(-1, -53, 2, 1.6, C.glowPale, { width: 0 }) +
    oval(8, -53, 2, 1.6, C.glowPale, { width: 0 }) +
    stroke('M0 -69V-60', INK, 5) +
    stroke('M0 -69V-60', C.brass, 2.4);
  const hands =
    limb('M-20 -31Q-24 -24 -19 -20', C.stoneDark, 5) +
    oval(-18, -19, 4.4, 4.2, C.iron) +
    limb('M21 -30Q25 -22 20 -17', C.stoneDark, 5) +
    oval(19, -16, 4.4, 4.2, C.iron);
  return anchor + body + shoulders + head + hands;
}

/** A lean scout in a swallow-tailed coat, with a kite that pulls at its wire. */
function kitewright() {
  const kite =
    stroke('M14 -30Q26 -40 27 -60', INK, 1.3) +
    solid('M28 -98L44 -78L31 -55L13 -74Z', C.tealLight) +
    patch('M28 -98L44 -78L29 -76Z', C.glowPale, 0.75) +
    patch('M13 -74L29 -76L31 -55Z', C.teal) +
    stroke('M28 -98L31 -55M13 -74L44 -78', INK, 1.5) +
    stroke('M31 -55q-7 5 -3 10t-4 9', C.brassLight, 1.6) +
    solid('M25 -49l5 2l-1 -5z', C.rust, { width: 1 }) +
    solid('M26 -40l-5 2l0 -5z', C.rust, { width: 1 });
  const legs =
    limb('M-4 -18L-7 -3', '#51483d', 4.6) +
    limb('M5 -18L8 -2', '#51483d', 4.6) +
    boots(-8, 8, '#75563a');
  const coat =
    solid('M-11 -40Q-15 -22 -25 -6L-12 -9L-6 -4L-1 -15L4 -4L12 -8Q11 -24 11 -40Z', C.brass) +
    patch('M2 -40L11 -40Q11 -24 12 -8L5 -5Q6 -24 2 -40Z', C.brassDark, 0.55) +
    solid('M-6 -41L7 -41L3 -18H-2Z', C.cream, { width: 1.5 }) +
    stroke('M0 -36v14', C.creamDark, 1.5) +
    stroke('M-12 -23Q0 -18 12 -23', INK, 5.4) +
    stroke('M-12 -23Q0 -18 12 -23', '#6f4a33', 2.8) +
    oval(0, -20.5, 2.6, 2.2, C.brassLight, { width: 1.3 });
  const scarf =
    solid('M-9 -44Q1 -38 11 -44L10 -38Q1 -33 -8 -38Z', C.rust) +
    solid('M-8 -42Q-20 -44 -27 -37Q-22 -34 -24 -29Q-15 -32 -7 -37Z', C.rust);
  const head =
    solid('M-10 -46Q-11 -64 1 -64Q13 -64 12 -47Q7 -40 0 -40Q-7 -41 -10 -46Z', C.skin) +
    solid(
      'M-12 -50Q-15 -68 1 -69Q15 -68 14 -55Q9 -60 3 -60Q-5 -60 -7 -53L-8 -46Q-11 -47 -12 -50Z',
      '#6b4630',
    ) +
    solid('M-11 -60L13 -62L14 -56L-11 -54Z', '#4c3a2c', { width: 1.6 }) +
    oval(1, -58.5, 4.6, 4.2, C.glow, { width: 2.2, line: C.brassDark }) +
    oval(10.5, -59, 4, 3.9, C.glow, { width: 2.2, line: C.brassDark }) +
    dot(-0.5, -60, 1.3, '#fff') +
    dot(9, -60.4, 1.1, '#fff') +
    eyes(2, -49.5, 7) +
    stroke('M4 -44.6q2.500 1.600 5 0', INK, 1.2);
  const arms =
    limb('M-10 -37Q-17 -30 -13 -24', C.brass, 4.6) +
    oval(-12, -23, 3.2, 3.2, C.skin, { width: 1.7 }) +
    limb('M10 -37Q16 -37 14 -30', C.brassDark, 4.6) +
    oval(14, -30, 3.4, 3.4, '#6f4a33', { width: 1.7 });
  return kite + legs + coat + scarf + head + arms;
}

/** A forge-caster, furnace on the back, hammer in the hand, embers under the mask. */
function cindersmith() {
  const furnace =
    halo(-17, -62, 22, C.ember, 0.65) +
    solid('M-21 -56L-20 -68H-11L-10 -54Z', C.iron) +
    solid('M-23 -66h15v-5h-15z', C.ironLight) +
    patch('M-20 -72q-5 -6 0 -11q3 5 5 1q5 6 1 10z', C.ember) +
    patch('M-17 -72q-2 -4 1 -6q3 4 1 6z', C.emberPale) +
    solid('M-26 -50Q-30 -30 -23 -17L-6 -16V-54Q-20 -60 -26 -50Z', '#70402f') +
    stroke('M-27 -40Q-18 -35 -8 -38M-26 -27Q-18 -23 -8 -25', C.brass, 2.2);
  const body =
    boots(-8, 8, '#3a302c') +
    solid('M-14 -7Q-17 -30 -11 -43H11Q17 -28 14 -6Q0 0 -14 -7Z', C.rust) +
    solid('M-8 -38L10 -38Q13 -20 11 -5Q2 -2 -8 -5Q-10 -22 -8 -38Z', '#5b4434', { width: 1.7 }) +
    stroke('M-6 -37L-9 -43M8 -37L10 -43', '#3f2e23', 2.4) +
    solid('M-4 -22h10v8q-5 3 -10 0z', '#6d533f', { width: 1.4 }) +
    stroke('M-3 -33q4 3 9 0', '#7c614a', 1.4) +
    dot(0, -11, 1.6, C.ember, 0.8) +
    dot(8, -30, 1.3, C.ember, 0.8);
  const head =
    solid('M-12 -45Q-17 -66 0 -68Q16 -67 14 -46Q1 -38 -12 -45Z', '#4b3d37') +
    patch('M-9 -52Q-11 -64 -1 -65Q-6 -58 -5 -50Z', '#6b584e') +
    solid('M-6 -59Q4 -63 13 -58L13 -47Q4 -41 -6 -47Z', C.brass, { width: 1.8 }) +
    patch('M-4 -57Q2 -60 4 -60L4 -45Q-2 -46 -4 -48Z', C.brassLight, 0.7) +
    oval(0, -54, 3.2, 2.8, '#4a1f10', { width: 1.5 }) +
    oval(9, -54, 3, 2.8, '#4a1f10', { width: 1.5 }) +
    halo(0, -54, 6, C.ember, 1) +
    halo(9, -54, 6, C.ember, 1) +
    dot(0, -54, 1.5, C.emberPale) +
    dot(9, -54, 1.5, C.emberPale) +
    stroke('M1 -47.500h7M2 -45h5', C.brassDark, 1.3);
  const hammer =
    limb('M17 -8L27 -46', C.woodDark, 3.4) +
    solid('M18 -44L23 -58L42 -51L37 -37Z', C.iron) +
    patch('M23 -57L41 -51L40 -47L22 -53Z', C.ironLight) +
    stroke('M36 -54L31 -40', C.ember, 2.2, 0.9);
  const arms =
    limb('M-12 -37Q-20 -30 -15 -22', C.rust, 5.4) +
    oval(-14, -20, 4, 4, '#5b4434') +
    hammer +
    limb('M12 -37Q22 -32 21 -25', C.rustDark, 5.4) +
    oval(21, -23, 4.2, 4.2, '#5b4434');
  return furnace + body + head + arms;
}

/** Registrar of the Tether Office: upright, spectacled, never without the ledger. */
function registrar() {
  const dress =
    solid('M-11 -41Q-13 -24 -19 -1Q0 6 19 -1Q13 -24 11 -41Z', C.tealDark) +
    patch('M3 -40H11Q13 -24 19 -1Q12 2 7 2.500Q9 -20 3 -40Z', '#1f4042', 0.8) +
    solid('M-4 -42H5L3 0Q0 1 -3 0Z', C.cream, { width: 1.5 }) +
    dot(0.4, -33, 1.3, C.brass) +
    dot(0.3, -26, 1.3, C.brass) +
    dot(0.2, -19, 1.3, C.brass) +
    stroke('M-18 -4Q0 3 18 -4', C.brass, 2);
  const collar =
    solid('M-11 -43Q0 -35 12 -43L14 -36Q0 -28 -13 -36Z', C.brass) +
    oval(1, -35.5, 3.4, 3.4, C.glow, { width: 1.6 });
  const head =
    oval(-9, -62, 6, 6, '#8b8d8c') +
    solid('M-10 -46Q-12 -65 1 -65Q13 -65 12 -47Q7 -40 0 -40Q-7 -41 -10 -46Z', C.skinDark) +
    solid('M-12 -50Q-14 -68 1 -68Q15 -68 13 -54Q8 -61 -2 -60Q-8 -58 -9 -49Z', '#a2a5a2') +
    stroke('M-8 -61Q0 -66 8 -63', '#c6c9c4', 1.4) +
    eyes(2, -51, 7.5) +
    oval(2, -51, 3.8, 3.6, 'none', { width: 1.4, line: C.brassLight }) +
    oval(10, -51, 3.4, 3.6, 'none', { width: 1.4, line: C.brassLight }) +
    stroke('M3.500 -44.500q2.500 1 5 -.3', INK, 1.2);
  const book =
    solid('M4 -31L21 -35L23 -18L7 -13Z', C.rust) +
    solid('M6 -30L20 -33.500L20.500 -31L6.500 -27.500Z', C.cream, { width: 1 }) +
    oval(14, -23.5, 3.2, 3.2, 'none', { width: 1.6, line: C.brassLight });
  const arms =
    limb('M-10 -37Q-17 -28 -8 -22L2 -22', C.tealDark, 4.8) +
    book +
    oval(5, -21.5, 3.3, 3, C.skinDark, { width: 1.6 }) +
    limb('M11 -37Q20 -32 19 -24', C.tealDark, 4.8) +
    oval(20, -22, 3.3, 3.3, C.skinDark, { width: 1.6 });
  const hat =
    solid('M-13 -64Q0 -74 14 -65L13 -61Q0 -68 -12 -60Z', C.teal) +
    solid('M-8 -67Q-7 -80 3 -80Q11 -79 10 -67Q1 -71 -8 -67Z', C.teal) +
    stroke('M-8 -68Q1 -72 10 -68', C.brass, 2.2);
  return dress + collar + head + hat + arms;
}

/** The keeper of the shop: as round as her purse, a lantern swinging from the pack. */
function shopkeeper() {
  const pack =
    solid('M-24 -14Q-29 -50 -14 -56L12 -57Q25 -50 21 -16Z', '#7a5c40') +
    limb('M-17 -56Q0 -84 20 -64', C.wood, 2.4, 1.6) +
    stroke('M20 -63v6', INK, 1.5) +
    halo(20, -51, 15, C.emberPale, 0.8) +
    solid('M15 -57h10l-1.500 11h-7z', C.emberPale, { width: 1.6 }) +
    solid('M14 -58h12l-6 -4z', C.brass, { width: 1.5 });
  const body =
    boots(-9, 9, '#4b3a2c') +
    solid('M-19 -7Q-25 -32 -10 -42H11Q26 -30 20 -6Q0 3 -19 -7Z', C.plasterDark) +
    solid('M-11 -33Q1 -28 14 -33Q19 -16 16 -5Q2 1 -12 -5Q-16 -20 -11 -33Z', C.brass, {
      width: 1.7,
    }) +
    patch('M7 -31L14 -33Q19 -16 16 -5L9 -3Q12 -18 7 -31Z', C.brassDark, 0.5) +
    solid('M-5 -20h14v9q-7 4 -14 0z', C.brassLight, { width: 1.4 }) +
    stroke('M-16 -24Q0 -15 19 -24', INK, 4.4) +
    stroke('M-16 -24Q0 -15 19 -24', '#6f4a33', 2.2);
  const head =
    solid('M-13 -40Q-20 -66 0 -70Q22 -68 18 -41Q10 -46 2 -45Q-6 -46 -13 -40Z', '#8a4a34') +
    solid('M-10 -47Q-12 -65 3 -65Q17 -65 15 -47Q9 -39 3 -39Q-5 -40 -10 -47Z', '#d9a781') +
    solid(
      'M-12 -50Q-14 -68 3 -68Q19 -68 17 -52Q12 -60 5 -59Q-4 -60 -8 -53Q-9 -48 -12 -50Z',
      '#a55a3c',
    ) +
    stroke('M-8 -60Q0 -66 9 -64', '#c77b55', 1.4) +
    solid('M-15 -61Q2 -72 21 -62L20 -57Q2 -66 -15 -56Z', C.slate, { width: 1.7 }) +
    solid('M-11 -64Q-9 -78 3 -78Q15 -77 16 -64Q3 -71 -11 -64Z', C.slate, { width: 1.7 }) +
    patch('M-8 -67Q-7 -76 2 -76Q-2 -72 -2 -69Z', C.slateLight, 0.9) +
    oval(3, -68, 2.8, 2.8, C.brass, { width: 1.4 }) +
    eyes(1, -51, 8) +
    oval(-2.5, -46.5, 2.4, 1.5, '#e08f78', { width: 0, opacity: 0.8 }) +
    oval(12.5, -46.5, 2.2, 1.5, '#e08f78', { width: 0, opacity: 0.8 }) +
    stroke('M2 -45q3.500 3.500 7.500 -.3', INK, 1.4);
  const arms =
    limb('M-15 -34Q-24 -26 -18 -18', C.plasterDark, 5.4) +
    oval(-17, -16.5, 3.8, 3.8, '#d9a781', { width: 1.7 }) +
    limb('M16 -34Q26 -30 25 -38', C.plasterDark, 5.4) +
    oval(25, -40, 3.8, 3.8, '#d9a781', { width: 1.7 });
  return pack + body + head + arms;
}

/** Somebody that the art does not know yet. */
function stranger() {
  return (
    boots(-6, 7, '#3b4644') +
    solid('M-14 -4Q-18 -40 0 -60Q18 -40 15 -3Q0 4 -14 -4Z', '#59666a') +
    solid('M-9 -42Q0 -62 11 -42Q8 -32 1 -32Q-6 -32 -9 -42Z', '#1f2a2c') +
    repeat(
      2,
      (index) =>
        halo(-2 + index * 7, -42, 5, C.glow, 0.9) + dot(-2 + index * 7, -42, 1.5, C.glowPale),
    )
  );
}

/** Somebody of the far shelves, by their coat, what covers the head, and what they hold. */
function shelfFolk({ coat, dark, skin, hood, brim, tool }) {
  const body =
    boots(-7, 8, '#43362b') +
    solid('M-16 -5Q-18 -30 -9 -43H10Q19 -30 17 -5Q0 4 -16 -5Z', coat) +
    patch('M4 -42H10Q19 -30 17 -5Q11 -1 6 -1Q10 -22 4 -42Z', dark, 0.8) +
    stroke('M-15 -21Q0 -14 17 -21', INK, 4) +
    stroke('M-15 -21Q0 -14 17 -21', '#6f4a33', 2) +
    oval(1, -17.5, 2.6, 2.4, C.brass, { width: 1.3 });
  const head =
    solid('M-10 -46Q-12 -65 1 -65Q14 -65 12 -47Q7 -40 1 -40Q-6 -41 -10 -46Z', skin) +
    eyes(1, -51, 7.5) +
    stroke('M3 -45q3 1.500 5.500 -.3', INK, 1.3) +
    solid('M-13 -47Q-16 -69 1 -70Q17 -69 14 -50Q10 -61 0 -60Q-8 -59 -9 -47Z', hood) +
    (brim ? solid('M-18 -60Q1 -70 20 -59L18 -55Q1 -64 -16 -55Z', brim, { width: 1.7 }) : '');
  const arms =
    limb('M-12 -37Q-20 -30 -15 -22', coat, 5) +
    oval(-14, -20.5, 3.6, 3.6, skin, { width: 1.6 }) +
    tool +
    limb('M12 -37Q22 -32 20 -25', dark, 5) +
    oval(20, -23, 3.6, 3.6, skin, { width: 1.6 });
  return body + head + arms;
}

function kilnHand() {
  const tongs =
    limb('M20 -20L30 -48', C.iron, 2.4, 1.5) +
    halo(31, -51, 9, C.ember, 0.9) +
    dot(31, -51, 3, C.emberPale);
  return shelfFolk({
    coat: C.rust,
    dark: C.rustDark,
    skin: '#b07a58',
    hood: '#4b3d37',
    brim: null,
    tool: tongs,
  });
}

function gullCounter() {
  const spyglass =
    solid('M17 -26L37 -37L40 -31L20 -20Z', C.brass, { width: 1.7 }) +
    stroke('M25 -31l3 6', C.brassDark, 1.8) +
    oval(38.5, -34, 2.4, 3.6, C.glowPale, { width: 1.4 });
  return shelfFolk({
    coat: '#7f8a5c',
    dark: '#5f6a45',
    skin: C.skin,
    hood: C.creamDark,
    brim: C.cream,
    tool: spyglass,
  });
}

function archivist() {
  const folio =
    solid('M9 -30L25 -34L28 -17L12 -12Z', C.tealDark) +
    solid('M11 -29L24 -32.500L24.500 -30L11.500 -26.500Z', C.cream, { width: 1 }) +
    oval(18, -23, 3, 3, C.glowPale, { width: 1.4 });
  return shelfFolk({
    coat: '#4c5f78',
    dark: '#384860',
    skin: C.skinDark,
    hood: '#33404f',
    brim: null,
    tool: folio,
  });
}

export function peopleSprites() {
  const box = [-46, -104, 92, 112];
  const portrait = [-22, -78, 44, 44];
  const drawn = {
    anchorite: [anchorite, 74, 24],
    kitewright: [kitewright, 72, 17],
    cindersmith: [cindersmith, 72, 22],
    registrar: [registrar, 82, 18],
    shopkeeper: [shopkeeper, 80, 23],
    stranger: [stranger, 62, 17],
    wenna_pell: [kilnHand, 70, 20],
    sef_harrow: [gullCounter, 72, 20],
    odile_quire: [archivist, 70, 20],
  };
  return Object.fromEntries(
    Object.entries(drawn).map(([name, [draw, height, reach]]) => [
      `figure/${name}`,
      { box, drawing: draw(), portrait, body: [height, reach] },
    ]),
  );
}
