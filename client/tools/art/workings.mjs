/** Things with states: doors, levers, and the stones that one ties a thread to. Feet at (0, 0). */
import { COLOUR as C, dot, halo, limb, oval, patch, solid, stroke } from './pen.mjs';

const SHADE = (rx, ry = rx * 0.42) => oval(0, 1, rx, ry, '#101a19', { width: 0, opacity: 0.32 });

function doorFrame(filling) {
  return (
    SHADE(24) +
    filling +
    limb('M-20 -8V-50M20 8V-34', C.stoneDark, 5) +
    limb('M-20 -50L20 -34', C.stone, 5) +
    dot(-20, -52, 2.4, C.brass) +
    dot(20, -36, 2.4, C.brass)
  );
}

function closedDoor() {
  return doorFrame(
    solid('M-19 -8L19 8V-33L-19 -49Z', C.iron) +
      stroke('M-9.500 -4V-45M0 0V-41M9.500 4V-37', '#46504f', 1.6) +
      stroke('M-19 -20L19 -4M-19 -38L19 -22', C.rust, 3) +
      oval(8, -15, 3.4, 3.8, C.brassDark, { width: 1.6 }),
  );
}

function openDoor() {
  return doorFrame(
    patch('M-19 -8L19 8V-33L-19 -49Z', '#131d1c', 0.55) +
      solid('M-19 -8L-31 -2V-43L-19 -49Z', C.iron) +
      stroke('M-19 -20L-31 -14M-19 -38L-31 -32', C.rust, 2.6),
  );
}

function leverBase() {
  return (
    SHADE(15) +
    solid('M-14 -2L0 5L14 -2V-9L0 -2L-14 -9Z', C.stoneDark) +
    solid('M0 -16L14 -9L0 -2L-14 -9Z', C.stone) +
    oval(0, -9, 5, 2.6, C.iron, { width: 1.6 })
  );
}

function leverUp() {
  return leverBase() + limb('M0 -9L-7 -34', C.ironLight, 3) + oval(-7, -35, 4.4, 4.4, C.rust);
}

function leverDown() {
  return leverBase() + limb('M0 -9L17 -19', C.ironLight, 3) + oval(18, -20, 4.4, 4.4, C.brass);
}

function tetherStone() {
  return (
    SHADE(19) +
    halo(0, -26, 30, C.glow, 0.55) +
    solid('M-13 0Q-17 -24 -9 -44Q0 -52 8 -45Q17 -22 13 0Q0 8 -13 0Z', C.stone) +
    patch('M-13 0Q-17 -24 -9 -44Q-4 -49 -2 -48Q-8 -24 -3 4Q-9 3 -13 0Z', C.stoneDark, 0.5) +
    stroke('M-14 -16Q0 -9 14.500 -16M-13.500 -22Q0 -15 14.500 -22', C.creamDark, 2.4) +
    stroke('M5 -13L10 -2M5 -13L2 -1', C.cream, 1.6) +
    oval(0, -37, 3.6, 4.6, 'none', { width: 2.4, line: C.glow }) +
    oval(0, -30, 3.6, 4.6, 'none', { width: 2.4, line: C.glowPale })
  );
}

function ribbon() {
  return (
    limb('M-4 -14Q0 -11 4 -14', C.brassLight, 2.4, 1.4) +
    stroke('M3 -13L9 -5M3 -13L5 -3', C.brassLight, 2.2)
  );
}

/** `anchor` is the one of the moor; who has inspected it sees a ribbon on it. */
export function workingSprites(anchor) {
  return {
    'decor/slack_anchor_inspected': { ...anchor, drawing: anchor.drawing + ribbon() },
    'decor/door_closed': { box: [-36, -58, 72, 72], drawing: closedDoor() },
    'decor/door_open': { box: [-36, -58, 72, 72], drawing: openDoor() },
    'decor/lever_up': { box: [-24, -44, 50, 54], drawing: leverUp() },
    'decor/lever_down': { box: [-24, -44, 50, 54], drawing: leverDown() },
    'decor/tether_stone': { box: [-32, -58, 64, 70], drawing: tetherStone() },
  };
}
