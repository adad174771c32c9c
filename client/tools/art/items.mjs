/** Item icons, 64 × 64, drawn around the centre. */
import {
  COLOUR as C,
  INK,
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

const reedHook = () =>
  limb('M-19 23L8 -8', C.wood, 4.5, 2) +
  stroke('M-15 18l4 5M-10 12l4 5', C.cream, 2.4) +
  limb('M8 -8Q24 -28 5 -26', '#a5b06a', 4, 2) +
  solid('M8 -29L-12 -20Q-2 -21 6 -22Z', C.ironLight) +
  dot(8, -8, 3, C.brass);

const shellguardCap = () =>
  solid('M-25 10Q-26 -22 0 -24Q27 -22 25 10Q12 2 0 3Q-13 2 -25 10Z', '#9a7853') +
  patch('M-19 2Q-20 -16 -3 -20Q-12 -8 -10 1Z', '#c29e72') +
  stroke('M0 -23V2M-14 -18Q-8 -8 -9 2M14 -18Q8 -8 9 2', '#6a4f37', 2.2) +
  solid('M-27 10Q0 -2 27 10L24 17Q0 6 -24 17Z', C.brass) +
  repeat(3, (i) => dot(-13 + i * 13, 9 - (i === 1 ? 2 : 0), 2, C.brassDark));

const peatBoots = () => {
  const boot =
    solid('M-9 -22H6L7 2Q20 4 21 14V18H-10Z', '#5b4635') +
    patch('M-7 -20H-1V14H-8Z', '#7a6049') +
    solid('M-11 -25H8V-17H-11Z', C.grass) +
    solid('M-11 15H22V21H-11Z', '#3a2d24') +
    stroke('M0 -8l6 -2M0 -2l7 -2', C.brass, 2);
  return moved(boot, -8, -3, { scale: 0.92 }) + moved(boot, 6, 4);
};

const marshCoat = () =>
  solid('M-11 -24L-27 -12L-22 4L-15 0L-18 25H18L15 0L22 4L27 -12L11 -24Q0 -16 -11 -24Z', C.teal) +
  patch('M2 -19Q7 -21 11 -24L27 -12L22 4L15 0L18 25H4Z', C.tealDark, 0.7) +
  stroke('M0 -18V25', INK, 2) +
  solid('M-11 -24Q0 -14 11 -24L8 -13L0 -8L-8 -13Z', C.brass) +
  repeat(3, (i) => dot(-4, -2 + i * 9, 2, C.brassLight)) +
  stroke('M-17 8Q0 13 17 8', C.brassDark, 3);

const bogCharm = () =>
  stroke('M-17 -26Q-14 -4 0 0Q14 -4 17 -26', INK, 5) +
  stroke('M-17 -26Q-14 -4 0 0Q14 -4 17 -26', C.brass, 2.2) +
  halo(0, 10, 24, C.glow, 0.8) +
  solid('M0 -6L14 6L9 23Q0 30 -9 23L-14 6Z', C.tealLight) +
  patch('M0 -3L-10 6L-6 20Z', C.glowPale, 0.85) +
  stroke('M0 -6V26M-14 6H14', C.tealDark, 1.6) +
  oval(0, -5, 4, 4, C.brass);

const skitterShell = () =>
  solid('M-24 14Q-26 -18 2 -22Q25 -18 24 12Q10 24 -6 22Q-18 22 -24 14Z', '#96744f') +
  patch('M-19 8Q-19 -13 0 -17Q-9 -4 -10 14Z', '#c2a074') +
  stroke('M0 -21Q-8 0 -4 21M14 -17Q14 2 7 20M-23 4Q0 -6 24 5', '#60462f', 2.2);

const reedFibre = () =>
  repeat(7, (i) =>
    limb(
      `M${-15 + i * 5} 24Q${-6 + i * 2} 0 ${-17 + i * 6} -25`,
      i % 2 ? '#a9b36e' : '#7f8f50',
      2.6,
      1.4,
    ),
  ) +
  limb('M-14 4Q0 10 14 4', C.cream, 4, 1.8) +
  stroke('M9 6l9 8', INK, 5) +
  stroke('M9 6l9 8', C.cream, 2.4);

const lampfat = () =>
  solid('M-17 -8Q-22 24 0 25Q22 24 17 -8Z', '#d8c27e') +
  patch('M-13 -4Q-16 18 -4 21Q-8 8 -7 -4Z', '#f6e9b2') +
  solid('M-19 -8Q0 -16 19 -8Q0 0 -19 -8Z', '#f2e2a0') +
  halo(0, -14, 16, C.emberPale, 0.9) +
  limb('M0 -8V-14', INK, 1.5, 0.6) +
  solid('M0 -28Q7 -20 4 -15Q0 -11 -4 -15Q-7 -20 0 -28Z', C.ember, { width: 1.8 }) +
  patch('M0 -22Q3 -18 1.500 -15.500Q0 -14 -1.500 -15.500Q-3 -18 0 -22Z', C.emberPale);

const peatClod = () =>
  solid('M-24 10Q-26 -8 -10 -16Q6 -26 18 -13Q30 0 22 14Q6 25 -10 21Q-20 20 -24 10Z', '#5a4537') +
  patch('M-19 4Q-18 -8 -6 -13Q4 -18 10 -14Q-6 -8 -8 10Z', '#77604c') +
  stroke('M-8 10q6 4 12 1M8 -2q5 4 9 2M-4 -4q3 3 7 1', '#38291f', 2.2) +
  solid('M-14 -13Q-4 -25 12 -17Q6 -13 2 -15Q-4 -10 -8 -13Z', C.grass) +
  stroke('M6 20l3 7M-8 21l-4 5', '#77604c', 2);

const ashFeather = () =>
  moved(
    solid('M0 28Q-15 8 -9 -14Q-5 -28 3 -32Q14 -20 11 0Q8 18 0 28Z', '#8f8c87') +
      patch('M3 -32Q14 -20 11 0Q10 7 7 14Q8 -10 3 -32Z', '#b9b6ae') +
      patch('M-9 -14Q-5 -28 3 -32Q11 -24 11.500 -10Q4 -17 -9 -14Z', C.ember) +
      patch('M-4 -22Q-1 -29 3 -32Q8 -27 10 -20Q4 -24 -4 -22Z', C.emberPale) +
      stroke('M2 -24Q2 4 0 34', INK, 2) +
      stroke('M-10 0l6 3M10 -2l-6 6', '#6c6a69', 2),
    2,
    -1,
    { turn: 28 },
  );

const marshTonic = () =>
  solid('M-7 -24H7V-13Q20 -4 18 12Q16 25 0 25Q-16 25 -18 12Q-20 -4 -7 -13Z', '#9fc0b4', {
    opacity: 1,
  }) +
  patch('M-15 6Q0 0 15 6Q18 22 0 22.500Q-18 22 -15 6Z', '#7cc46a') +
  patch('M-15 6Q0 0 15 6Q0 11 -15 6Z', '#b4ea98') +
  oval(-5, 13, 2.4, 2.4, '#d6f7c0', { width: 0 }) +
  oval(4, 17, 1.7, 1.7, '#d6f7c0', { width: 0 }) +
  stroke('M-11 -3Q-15 4 -13 12', '#e9fff4', 2.4, 0.9) +
  solid('M-9 -29H9V-22H-9Z', '#a57b4c') +
  stroke('M-8 -15Q0 -11 8 -15', C.cream, 3);

const moorLicence = () =>
  moved(
    solid('M-18 -24H16Q21 -24 20 -18V22H-16Q-20 20 -18 14Z', C.cream) +
      patch('M10 -22H16Q19 -22 18 -18V20H10Z', C.creamDark, 0.7) +
      stroke('M-11 -14H11M-11 -7H11M-11 0H4', '#8c7d5b', 2.2) +
      stroke('M-11 -18h12', C.teal, 3),
    0,
    0,
    { turn: -6 },
  ) +
  solid('M7 12L3 29L10 25L15 30L16 13Z', C.rust) +
  oval(11, 11, 8, 8, C.brass) +
  stroke('M11 6v9M7.500 11q3.500 4 7 0', C.brassLight, 1.8);

const glim = () =>
  halo(0, 0, 30, C.glow, 0.55) +
  oval(6, 9, 18, 15, C.brassDark) +
  oval(-2, -1, 20, 20, C.brass) +
  oval(-2, -1, 14.5, 14.5, C.brassDark, { width: 1.8 }) +
  solid('M-2 -12L6 -1L-2 10L-10 -1Z', C.glow) +
  patch('M-2 -12L6 -1L-2 -1Z', C.glowPale) +
  stroke('M-16 -10Q-12 -17 -4 -18', C.brassLight, 3);

const unknown = () =>
  solid('M-20 -14L0 -24L20 -14V12L0 24L-20 12Z', C.wood) +
  stroke('M-20 -14L0 -4L20 -14M0 -4V24', INK, 2) +
  stroke('M-5 3l10 5', C.cream, 3);

export const ITEMS = {
  reed_hook: reedHook,
  shellguard_cap: shellguardCap,
  peat_boots: peatBoots,
  marsh_coat: marshCoat,
  bog_charm: bogCharm,
  skitter_shell: skitterShell,
  reed_fibre: reedFibre,
  lampfat,
  peat_clod: peatClod,
  ash_feather: ashFeather,
  marsh_tonic: marshTonic,
  moor_licence: moorLicence,
  glim,
  unknown,
};

/** The mark of the game: a chained lantern of aether. */
export const emblem = () =>
  oval(0, 0, 29, 29, '#1c3335', { width: 3, line: C.brass }) +
  halo(0, 2, 27, C.glow, 0.85) +
  solid('M0 -19L14 -3L0 21L-14 -3Z', C.tealLight) +
  patch('M0 -19L0 21L-14 -3Z', C.glowPale, 0.85) +
  stroke('M-14 -3L0 3L14 -3M0 3V21', C.tealDark, 1.8) +
  stroke('M0 -29V-20', C.brassLight, 4);
