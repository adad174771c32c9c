/**
 * Draws all art of the client into public/art: `node tools/art/draw.mjs`. With `--check` it writes
 * nothing and fails when a file there is not what it would draw.
 */
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blockSprites } from './blocks.mjs';
import { decorSprites } from './decor.mjs';
import { farSprites } from './far-things.mjs';
import {
  BUTTONS,
  SKILLS,
  STATES,
  TROPHIES,
  buttonIcon,
  skillIcon,
  stateBadge,
  trophyIcon,
} from './icons.mjs';
import { ITEMS, emblem } from './items.mjs';
import { markSprites } from './marks.mjs';
import { monsterSprites } from './monsters.mjs';
import { peopleSprites } from './people.mjs';
import { terrainRules, terrainSprites } from './terrain.mjs';
import { tokenSprites } from './tokens.mjs';
import { workingSprites } from './workings.mjs';

const client = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SHEET_WIDTH = 1920;
const GAP = 2;

/** Sprites that are also asked for under another name. */
const SAME = {
  'decor/autumn_tree': 'block/tree/2',
  'decor/reeds': 'block/reed/0',
  'decor/reed': 'block/reed/1',
  'decor/lamp': 'decor/lamp_post',
  'decor/lantern': 'decor/lamp_post',
  'decor/sign': 'decor/signpost',
  'decor/market_stall': 'decor/stall',
  'decor/anchor': 'decor/slack_anchor',
  'decor/workbench': 'decor/crate',
  'decor/loom': 'decor/banner',
  'decor/still': 'decor/barrel',
  'decor/strongbox': 'decor/chest',
  'decor/reed_bed': 'block/reed/1',
  'decor/node_spent': 'decor/stump',
  'figure/ilse_varn': 'figure/registrar',
  'figure/post_governor': 'figure/governor',
  'figure/maren_sallow': 'figure/shopkeeper',
};

const files = new Map();
const glyphs = gameIcons();
drawSheet();
drawIcons();
if (process.argv.includes('--check')) check();
else write();

function drawSheet() {
  const sprites = {
    ...terrainSprites(),
    ...blockSprites(),
    ...decorSprites(),
    ...farSprites(),
    ...workingSprites(decorSprites()['decor/slack_anchor']),
    ...monsterSprites(),
    ...peopleSprites(),
    ...tokenSprites(glyph),
    ...markSprites(),
    ...stateSprites(),
  };
  const { frames, height, drawings } = pack(sprites);
  const bodies = Object.fromEntries(
    Object.entries(sprites).flatMap(([name, { body }]) => (body ? [[name, body]] : [])),
  );
  for (const [name, original] of Object.entries(SAME)) {
    frames[name] = frames[original];
    if (bodies[original]) bodies[name] = bodies[original];
  }
  const index = { width: SHEET_WIDTH, height, frames, bodies, terrain: terrainRules() };
  files.set('board.json', `${JSON.stringify(index)}\n`);
  files.set(
    'board.svg',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SHEET_WIDTH}" height="${height}" viewBox="0 0 ${SHEET_WIDTH} ${height}">\n${drawings.join('\n')}\n</svg>\n`,
  );
  for (const [name, { drawing, portrait }] of Object.entries(sprites)) {
    if (!portrait) continue;
    files.set(`portraits/${name.slice('figure/'.length)}.svg`, portraitOf(drawing, portrait));
  }
  files.set('portraits/post_governor.svg', files.get('portraits/governor.svg'));
  files.set('portraits/ilse_varn.svg', files.get('portraits/registrar.svg'));
  files.set('portraits/maren_sallow.svg', files.get('portraits/shopkeeper.svg'));
  drawTiles(sprites);
}

/** One picture each of what a map may name, for map editors. */
function drawTiles(sprites) {
  for (const [name, { box, drawing }] of Object.entries(sprites)) {
    const [folder, kind, variant = '0'] = name.split('/');
    if (variant !== '0' || !['ground', 'block', 'decor'].includes(folder)) continue;
    const [left, top, width, height] = folder === 'ground' ? [-32, -16, 64, 32] : box;
    files.set(
      `tiles/${kind}.svg`,
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}">${drawing}</svg>\n`,
    );
  }
}

function stateSprites() {
  const box = [-9, -9, 18, 18];
  return Object.fromEntries(
    Object.entries(STATES).map(([name, [icon, colour]]) => [
      `state/${name}`,
      { box, drawing: stateBadge(glyph(icon), colour) },
    ]),
  );
}

/** Shelf packing: tall sprites first, rows from left to right. */
function pack(sprites) {
  const frames = {};
  const drawings = [];
  let [x, y, rowHeight] = [0, 0, 0];
  const byHeight = Object.entries(sprites).sort((a, b) => b[1].box[3] - a[1].box[3]);
  for (const [name, { box, drawing }] of byHeight) {
    const [left, top, width, height] = box;
    if (x + width > SHEET_WIDTH) {
      [x, y, rowHeight] = [0, y + rowHeight + GAP, 0];
    }
    frames[name] = [x, y, width, height, -left, -top];
    const frame = `<svg x="${x}" y="${y}" width="${width}" height="${height}" viewBox="${box.join(' ')}">`;
    drawings.push(`${frame}${withOwnIds(drawing, name)}</svg>`);
    x += width + GAP;
    rowHeight = Math.max(rowHeight, height);
  }
  return { frames, height: y + rowHeight, drawings };
}

/** One file holds all drawings, so their gradients and clips need different names. */
function withOwnIds(drawing, name) {
  const prefix = name.replaceAll('/', '-');
  return drawing.replaceAll('id="', `id="${prefix}-`).replaceAll('url(#', `url(#${prefix}-`);
}

function portraitOf(drawing, [left, top, width, height]) {
  const middle = `${left + width / 2}" cy="${top + height / 2}" r="${width / 2}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="${left} ${top} ${width} ${height}">` +
    `<radialGradient id="back" cx=".4" cy=".3"><stop offset="0" stop-color="#5d8582"/><stop offset="1" stop-color="#24403f"/></radialGradient>` +
    `<circle cx="${middle}" fill="url(#back)"/><clipPath id="frame"><circle cx="${middle}"/></clipPath><g clip-path="url(#frame)">${drawing}</g></svg>\n`
  );
}

function drawIcons() {
  for (const [name, draw] of Object.entries(ITEMS)) files.set(`items/${name}.svg`, centred(draw()));
  for (const [name, [icon, colour]] of Object.entries(TROPHIES)) {
    files.set(`items/${name}.svg`, trophyIcon(glyph(icon), colour));
  }
  for (const [name, [icon, element]] of Object.entries(SKILLS)) {
    files.set(`skills/${name}.svg`, skillIcon(glyph(icon), element));
  }
  for (const [name, [icon, colour]] of Object.entries(STATES)) {
    const badge = stateBadge(glyph(icon), colour);
    files.set(`states/${name}.svg`, centred(`<g transform="scale(3.6)">${badge}</g>`));
  }
  for (const [name, icon] of Object.entries(BUTTONS))
    files.set(`ui/${name}.svg`, buttonIcon(glyph(icon)));
  files.set('ui/emblem.svg', centred(emblem()));
}

function centred(drawing) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="-32 -32 64 64">${drawing}</svg>\n`;
}

function gameIcons() {
  const path = join(client, 'node_modules', '@iconify-json', 'game-icons', 'icons.json');
  return JSON.parse(readFileSync(path, 'utf8')).icons;
}

function glyph(name) {
  if (!glyphs[name]) throw new Error(`game-icons has no "${name}"`);
  return glyphs[name].body;
}

function write() {
  for (const [name, content] of files) {
    const path = join(client, 'public', 'art', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  console.log(`${files.size} files drawn.`);
}

function check() {
  const stale = [...files].filter(([name, content]) => {
    try {
      return readFileSync(join(client, 'public', 'art', name), 'utf8') !== content;
    } catch {
      return true;
    }
  });
  if (stale.length === 0) return;
  console.error(`Not as drawn: ${stale.map(([name]) => name).join(', ')}. Run: npm run art`);
  process.exitCode = 1;
}
