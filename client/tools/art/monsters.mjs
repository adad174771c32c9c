/** The monsters of the moor. Feet at (0, 0), looking to the lower right. */
import { COLOUR as C, INK, dot, halo, limb, oval, patch, repeat, solid, stroke } from './pen.mjs';

/** A low crab of clay: a shell of dried mud, too many legs. */
function mudSkitter() {
  const legs = repeat(
    3,
    (index) =>
      limb(
        `M${-8 + index * 2} -9Q${-20 - index * 3} ${-20 + index * 5} ${-25 + index * 3} ${-2 + index * 3}`,
        '#7c5f45',
        2.6,
        1.5,
      ) +
      limb(
        `M${8 - index} -8Q${20 + index * 3} ${-18 + index * 5} ${26 - index * 3} ${0 + index * 3}`,
        '#7c5f45',
        2.6,
        1.5,
      ),
  );
  const claw =
    limb('M14 -8Q24 -6 25 -13', '#8f6c4d', 4, 1.8) +
    solid('M21 -14Q19 -25 29 -26Q27 -22 28 -19Q31 -21 34 -20Q34 -11 26 -10Z', '#b08058');
  const shell =
    solid('M-20 -8Q-22 -27 -3 -30Q17 -30 20 -10Q10 1 0 1Q-12 1 -20 -8Z', '#8a6a4c') +
    patch('M-17 -12Q-17 -25 -3 -27Q6 -27 9 -24Q-4 -22 -8 -9Z', '#b08d66', 0.9) +
    stroke('M-4 -29Q-9 -18 -5 -1M8 -28Q10 -16 5 0M-19 -14Q-2 -20 19 -14', '#5b4431', 1.7) +
    patch('M-14 -22q7 -8 14 -6q-3 6 -14 6z', C.grass);
  const face =
    limb('M6 -9L7 -19M13 -10L16 -19', '#b08d66', 2.2, 1.4) +
    oval(7, -21, 3.6, 3.8, C.glowPale, { width: 1.7 }) +
    oval(16.5, -21, 3.4, 3.6, C.glowPale, { width: 1.7 }) +
    dot(8.2, -20.6, 1.7, INK) +
    dot(17.6, -20.6, 1.6, INK) +
    stroke('M7 -4q4 3 8 -.5', INK, 1.6);
  return legs + shell + claw + face;
}

/** A wader woven of reeds, all neck and blade. */
function reedStalker() {
  const legs = limb('M-4 -26L-11 -14L-7 0L-13 2M4 -26L10 -15L9 0L15 2', '#6f7a45', 2.6, 1.6);
  const tail = repeat(5, (index) =>
    limb(
      `M-9 -33Q-22 ${-34 + index * 3} ${-31 + index * 2} ${-44 + index * 8}`,
      index % 2 ? '#a5a961' : '#7f8c4e',
      2.2,
      1.3,
    ),
  );
  const body =
    solid('M-14 -31Q-12 -44 4 -43Q15 -40 13 -30Q6 -20 -5 -22Q-12 -24 -14 -31Z', '#86924f') +
    stroke('M-11 -33Q0 -40 10 -36M-10 -28Q0 -34 11 -31M-5 -24Q2 -29 9 -27', '#5d6a38', 1.5) +
    patch('M-9 -38Q0 -43 6 -41Q-2 -37 -7 -33Z', '#b9bd72', 0.9);
  const neck =
    limb('M8 -37Q20 -46 10 -57Q5 -64 10 -70', '#86924f', 5, 1.8) +
    stroke('M10 -38Q19 -47 11 -56', '#b9bd72', 1.3);
  const head =
    solid('M3 -70Q5 -80 14 -79Q20 -77 20 -72L38 -62L18 -65Q7 -62 3 -70Z', '#97a257') +
    patch('M19 -71L38 -62L18 -66Z', C.bone) +
    stroke('M19 -70L38 -62', INK, 1.2) +
    limb('M8 -78Q2 -88 -6 -90M11 -79Q9 -89 4 -95', '#a5a961', 1.7, 1.2) +
    halo(13, -72.5, 7, '#ffe27a', 0.9) +
    oval(13, -72.5, 2.5, 2.7, '#ffe27a', { width: 1.5 }) +
    dot(13.8, -72.5, 1.2, INK);
  const blade = solid('M10 -33Q22 -33 29 -22Q32 -15 28 -7Q27 -20 12 -27Z', '#c9c98a');
  return legs + tail + body + neck + head + blade;
}

/** A drowned light that learnt to swim in air. */
function bogLantern() {
  const tails = repeat(5, (index) =>
    limb(
      `M${-10 + index * 5} -24q${index % 2 ? 6 : -6} 8 ${index - 2} 14t${index % 2 ? -3 : 3} ${7 + (index % 3) * 2}`,
      index % 2 ? C.teal : C.tealLight,
      2,
      1.3,
    ),
  );
  const light = halo(0, -40, 38, C.glow, 0.75);
  const bell =
    solid(
      'M-19 -26Q-24 -58 0 -61Q24 -58 19 -26Q12 -31 7 -24Q0 -31 -7 -24Q-12 -31 -19 -26Z',
      C.tealLight,
      { opacity: 1 },
    ) +
    patch('M-16 -32Q-18 -54 -2 -57Q-10 -48 -9 -32Q-13 -32 -16 -32Z', C.glowPale, 0.75) +
    patch('M8 -57Q21 -50 17 -30Q14 -30 12 -29Q16 -44 8 -57Z', C.teal, 0.8);
  const core = halo(2, -43, 15, C.glowPale, 1) + oval(2, -43, 6, 7, '#fdfff2', { width: 0 });
  const face =
    oval(-3, -39, 2.3, 3.2, INK, { width: 0 }) +
    oval(8, -39, 2.3, 3.2, INK, { width: 0 }) +
    stroke('M0 -32q2.500 2.500 6 0', INK, 1.6);
  const lure =
    limb('M-4 -60Q-6 -76 8 -78Q16 -78 17 -71', C.brassDark, 2, 1.4) +
    halo(17, -67, 15, C.emberPale, 0.95) +
    oval(17, -67, 4, 4.6, C.emberPale, { width: 1.7 });
  return light + tails + bell + core + face + lure;
}

/** A hill that stood up. */
function peatHulk() {
  const legs =
    solid('M-25 2Q-27 -16 -17 -20L-5 -15L-5 2Q-15 7 -25 2Z', '#40332a') +
    solid('M7 3Q5 -14 10 -18L24 -20Q30 -8 27 3Q17 8 7 3Z', '#4a3b30');
  const back =
    solid(
      'M-34 -24Q-40 -56 -18 -68Q4 -79 24 -64Q42 -48 34 -22Q18 -8 0 -9Q-22 -8 -34 -24Z',
      '#5a483a',
    ) +
    patch(
      'M-30 -30Q-34 -54 -16 -63Q-4 -69 6 -67Q-14 -56 -15 -24Q-24 -24 -30 -30Z',
      '#715b48',
      0.9,
    ) +
    stroke(
      'M-22 -22Q-14 -16 -4 -17M10 -15Q20 -16 28 -22M-27 -42q5 3 9 1M20 -30q6 2 10 -2',
      '#3a2d24',
      2,
    );
  const moss =
    solid(
      'M-35 -48Q-30 -70 -8 -75Q18 -80 33 -56Q26 -60 22 -53Q16 -62 9 -56Q1 -65 -6 -58Q-14 -64 -18 -54Q-26 -59 -35 -48Z',
      C.grass,
    ) +
    patch('M-28 -58Q-20 -70 -4 -72Q-14 -66 -20 -58Q-24 -60 -28 -58Z', C.grassLight) +
    solid('M-16 -72v-6h4v6z', C.cream, { width: 1.4 }) +
    solid('M-21 -77q7 -10 14 0z', C.tealLight, { width: 1.5 }) +
    solid('M2 -76v-5h3v5z', C.cream, { width: 1.4 }) +
    solid('M-2 -80q5 -8 11 0z', C.rust, { width: 1.5 });
  const face =
    solid('M-6 -48Q8 -56 23 -47L21 -37Q8 -32 -4 -37Z', '#2c221b', { width: 1.7 }) +
    repeat(
      2,
      (index) =>
        halo(2 + index * 12, -43, 9, '#ffd257', 0.9) +
        oval(2 + index * 12, -43, 3, 2.6, '#ffe69a', { width: 0 }),
    ) +
    stroke('M0 -28q4 -3 7 0t7 0t6 -1', INK, 2.2);
  const arms =
    solid('M-33 -48Q-47 -38 -44 -14Q-47 -6 -40 -2Q-32 0 -27 -6Q-29 -22 -23 -36Z', '#4f4034') +
    solid('M34 -46Q47 -34 43 -14Q48 -6 41 -1Q33 2 27 -5Q30 -22 24 -34Z', '#5a483a') +
    stroke('M-41 -4l1 -6M-36 -3l0 -6M38 -2l0 -6M33 -3l-1 -6', '#2c221b', 1.7) +
    limb('M-40 -30q-6 6 -4 14', C.grassDark, 1.7, 0.8);
  return legs + back + moss + face + arms;
}

/** A gull that nested in the terraces and kept the fire. */
function ashGull() {
  const far =
    solid(
      'M-2 -40Q-12 -66 -36 -74Q-33 -66 -36 -63Q-30 -60 -31 -56Q-26 -52 -26 -47Q-18 -38 -6 -32Z',
      '#6c6a69',
    ) +
    patch('M-36 -74Q-33 -66 -36 -63Q-30 -60 -31 -56L-22 -58Q-27 -68 -36 -74Z', C.ember) +
    patch('M-36 -74Q-31 -70 -27 -64L-31 -63Z', C.emberPale);
  const tail =
    solid('M-12 -25L-31 -22L-28 -17L-32 -12L-12 -16Z', '#4a4847') +
    patch('M-31 -22L-28 -17L-32 -12L-24 -15L-23 -20Z', C.ember);
  const body =
    solid('M-17 -20Q-16 -36 2 -38Q16 -40 18 -28Q16 -10 0 -9Q-13 -10 -17 -20Z', '#b9b6ae') +
    patch('M-11 -14Q0 -8 11 -15Q15 -19 17 -27Q4 -16 -14 -19Z', '#8b8882', 0.9) +
    solid('M8 -31Q7 -50 20 -51Q31 -50 29 -39Q26 -30 17 -28Z', '#cfccc3');
  const head =
    solid('M28 -45L43 -39L40 -35L27 -36Z', C.brass) +
    stroke('M29 -40L40 -38.500', INK, 1.2) +
    patch('M40 -35l3 -4l-1 5z', C.ember) +
    halo(22, -43, 8, C.ember, 0.95) +
    oval(22, -43, 3, 3.2, '#ffb45e', { width: 1.6 }) +
    dot(22.8, -43, 1.4, INK) +
    stroke('M17 -48.500L26 -46', INK, 2.2) +
    patch('M12 -50q-2 -6 3 -8q0 4 4 6z', C.ember);
  const near =
    solid(
      'M-4 -34Q8 -62 34 -84Q34 -76 30 -72Q34 -69 29 -63Q32 -58 25 -52Q24 -42 10 -30Q2 -26 -4 -34Z',
      '#93908b',
    ) +
    patch('M34 -84Q34 -76 30 -72Q34 -69 29 -63L20 -65Q27 -75 34 -84Z', C.ember) +
    patch('M34 -84Q32 -77 27 -72L24 -74Z', C.emberPale) +
    stroke('M2 -36Q12 -52 25 -64M8 -34Q16 -45 25 -53', '#6c6a69', 1.6);
  const feet =
    limb('M-3 -10l-2 8M6 -11l1 9', C.brass, 2, 1.3) + limb('M-9 -1h8M3 -1h8', C.brass, 1.6, 1.2);
  return (
    feet +
    far +
    tail +
    body +
    head +
    near +
    dot(-28, -44, 1.3, C.emberPale) +
    dot(38, -66, 1.4, C.emberPale) +
    dot(-38, -54, 1, C.ember)
  );
}

/** For each: the drawing, its box, what of it is the portrait, and its height and reach. */
export function monsterSprites() {
  const drawn = {
    mud_skitter: [mudSkitter, [-36, -38, 74, 48], [-26, -36, 56, 44], [36, 26]],
    reed_stalker: [reedStalker, [-38, -100, 80, 106], [-14, -94, 54, 54], [92, 24]],
    bog_lantern: [bogLantern, [-40, -84, 80, 90], [-28, -80, 56, 56], [82, 22]],
    peat_hulk: [peatHulk, [-50, -92, 100, 102], [-40, -84, 80, 80], [86, 38]],
    ash_gull: [ashGull, [-44, -90, 92, 96], [-2, -68, 46, 46], [78, 28]],
  };
  return Object.fromEntries(
    Object.entries(drawn).map(([name, [draw, box, portrait, body]]) => [
      `figure/${name}`,
      { box, drawing: draw(), portrait, body },
    ]),
  );
}
