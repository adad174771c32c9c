/** Small things that the boards draw over the land: shadows, marks over heads, mist, exits. */
import { COLOUR as C, dot, halo, oval, patch, repeat, solid, stroke } from './pen.mjs';

function exit() {
  const arrow = (y, opacity) =>
    stroke(`M-11 ${y - 4}L0 ${y + 1}L11 ${y - 4}`, C.glowPale, 3, opacity);
  return (
    `<linearGradient id="beam" x1="0" y1="1" x2="0" y2="0"><stop offset="0" stop-color="${C.glow}" stop-opacity=".55"/><stop offset="1" stop-color="${C.glow}" stop-opacity="0"/></linearGradient>` +
    patch('M-27 0Q0 14 27 0V-46H-27Z', 'url(#beam)') +
    oval(0, 0, 27, 13, C.glow, { width: 2, line: C.glowPale, opacity: 0.35 }) +
    oval(0, 0, 19, 9, 'none', { width: 1.5, line: C.glowPale }) +
    arrow(-10, 1) +
    arrow(-18, 0.6) +
    arrow(-26, 0.3)
  );
}

export function markSprites() {
  return {
    'mark/shadow': {
      box: [-24, -12, 48, 24],
      drawing: oval(0, 0, 19, 8.5, '#0e1817', { width: 0, opacity: 0.4 }),
    },
    'mark/exit': { box: [-32, -50, 64, 68], drawing: exit() },
    'mark/battle': {
      box: [-15, -30, 30, 32],
      drawing:
        oval(0, -14, 13, 13, '#3a1f1a', { width: 2, line: C.brass }) +
        stroke('M-6 -8L6 -20M6 -8L-6 -20', C.cream, 3) +
        stroke('M-8 -11l5 5M8 -11l-5 5', C.brass, 2.4),
    },
    'mark/locked': {
      box: [-13, -30, 26, 32],
      drawing:
        stroke('M-6 -14V-20Q-6 -26 0 -26Q6 -26 6 -20V-14', '#1a2422', 6) +
        stroke('M-6 -14V-20Q-6 -26 0 -26Q6 -26 6 -20V-14', C.ironLight, 3) +
        solid('M-9 -15h18v12h-18z', C.brass) +
        oval(0, -10, 2, 2, '#1a2422', { width: 0 }) +
        stroke('M0 -10v4', '#1a2422', 2),
    },
    'mark/offer': {
      box: [-12, -32, 24, 34],
      drawing:
        halo(0, -15, 15, C.brassLight, 0.8) +
        solid('M-3.500 -28h7l-1.500 15h-4z', C.brassLight) +
        oval(0, -6.5, 3.2, 3.2, C.brassLight),
    },
    'mark/answer': {
      box: [-14, -32, 28, 34],
      drawing:
        halo(0, -15, 16, C.glow, 0.8) +
        stroke('M-6 -21Q-6 -27 0 -27Q7 -27 6 -20Q5 -16 0 -14V-11.500', '#1a2422', 8) +
        stroke('M-6 -21Q-6 -27 0 -27Q7 -27 6 -20Q5 -16 0 -14V-11.500', C.glowPale, 4) +
        oval(0, -5.5, 2.8, 2.8, C.glowPale),
    },
    'mark/turn': {
      box: [-14, -26, 28, 28],
      drawing:
        halo(0, -12, 14, C.brassLight, 0.9) + solid('M-9 -19L0 -15L9 -19L0 -4Z', C.brassLight),
    },
    'mark/mist': {
      box: [-130, -36, 260, 72],
      drawing: repeat(
        3,
        (index) =>
          `<g transform="translate(${index * 70 - 70} ${index === 1 ? -4 : 6}) scale(1 .34)">${halo(0, 0, index === 1 ? 96 : 66, '#cfe6e0', 0.22)}</g>`,
      ),
    },
    'mark/mote': {
      box: [-9, -9, 18, 18],
      drawing: halo(0, 0, 8, C.glow, 0.9) + dot(0, 0, 1.5, C.glowPale),
    },
  };
}
