/** Figures made of glyphs of game-icons: a shape that stands on the ground, in the colours of its element. */

/** Glyph, dark and light colour, height in pixels. */
const TOKENS = {
  lampwarden: ['hooded-figure', '#24405c', '#7fb2dd', 66],
  hollowpiper: ['cultist', '#1f4745', '#86c9bf', 66],
  slag_crab: ['crab', '#4b3a2c', '#c98a4e', 48],
  kiln_imp: ['imp', '#5e2418', '#e8874a', 54],
  furnace_matron: ['furnace', '#4a1f1a', '#e0683a', 74],
  span_harrier: ['eagle-head', '#22484a', '#8fcfc4', 58],
  wire_wraith: ['spectre', '#2c3d40', '#b4d0cf', 68],
  bridge_toller: ['bell-shield', '#4b4231', '#c4ab72', 72],
  ink_leech: ['leeching-worm', '#1a2440', '#6c86c9', 46],
  folio_sentinel: ['bookshelf', '#3f3020', '#b98f5f', 74],
  drowned_clerk: ['drowning', '#1d3a4a', '#7fb9c9', 66],
  warden_engine_oru: ['battle-mech', '#35302a', '#d9b36a', 96],
  driftling: ['haunting', '#2b4a4c', '#bfe8e0', 42],
  governor: ['clockwork', '#4b4231', '#d8c48a', 46],
  forge_wall: ['stone-wall', '#3a2a22', '#b5694a', 50],
};
const GLYPH = 512;

export function tokenSprites(glyph) {
  return Object.fromEntries(
    Object.entries(TOKENS).map(([name, [icon, dark, light, height]]) => {
      const half = height / 2;
      return [
        `figure/${name}`,
        {
          box: [-half - 5, -height - 5, height + 10, height + 10],
          drawing: standing(glyph(icon), dark, light, height),
          portrait: [-half, -height, height, height],
          body: [height, Math.round(height * 0.36)],
        },
      ];
    }),
  );
}

/** The glyph three times: as an outline, as a body, and lit from the upper left. */
function standing(body, dark, light, height) {
  const scale = (height / GLYPH).toFixed(4);
  const place = (x, y) => `translate(${(-height / 2 + x).toFixed(2)} ${(-height + y).toFixed(2)})`;
  const outline = `stroke="#18211f" stroke-width="${(70 / (height / 30)).toFixed(1)}" stroke-linejoin="round"`;
  return (
    `<g transform="${place(0, 0)} scale(${scale})" color="#18211f" ${outline}>${body}</g>` +
    `<g transform="${place(0, 0)} scale(${scale})" color="${dark}">${body}</g>` +
    `<g transform="${place(-1, -1.2)} scale(${scale})" color="${light}">${body}</g>`
  );
}
