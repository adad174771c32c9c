/* A zone copy as it is now: asked for twice a second, drawn with each frame, walks timed by the server's clock. */

const ASK_EVERY_MS = 500;
const SIZES = { person: 0.9, group: 0.8, thing: 0.6, node: 0.5 };
const SVG = 'http://www.w3.org/2000/svg';
const root = document.getElementById('live-map');
const words = root.dataset;
const board = root.querySelector('svg');
const count = root.querySelector('.live-map-count');
const list = root.querySelector('.live-map-people');
const chosenBox = root.querySelector('.live-map-chosen');

/** What is drawn, by key: `{ shape, name, seen, kind }`. */
const drawn = new Map();
const layers = {};
let map = null;
let hash = '';
let serverAhead = 0;
let chosen = null;
let people = [];

function element(name, attributes = {}, parent = null) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function fill(text, values) {
  return text.replace(/{([A-Z]+)}/g, (_, key) => values[key]);
}

function readable(id) {
  return id.replaceAll('_', ' ');
}

/** Where something is at a moment (server seconds), between two cells while it walks. */
function cellAt(seen, now) {
  const path = seen.path ?? [];
  if (path.length < 2 || !seen.step_ms) return seen.cell;
  const steps = Math.max(0, ((now - seen.started_at) * 1000) / seen.step_ms);
  const at = Math.min(Math.floor(steps), path.length - 1);
  const next = path[Math.min(at + 1, path.length - 1)];
  const part = Math.min(1, steps - at);
  return [path[at][0] + (next[0] - path[at][0]) * part, path[at][1] + (next[1] - path[at][1]) * part];
}

async function drawGround(snapshot) {
  const answer = await fetch(`/api/v1/zones/${snapshot.zone}/map/${snapshot.map_hash}`);
  if (!answer.ok) throw new Error(`the map answers ${answer.status}`);
  map = await answer.json();
  hash = snapshot.map_hash;
  board.replaceChildren();
  board.setAttribute('viewBox', `0 0 ${map.width} ${map.height}`);
  let path = '';
  for (let y = 0; y < map.height; y++) {
    for (let x = 0; x < map.width; ) {
      let end = x;
      while (end < map.width && map.walk[y * map.width + end]) end++;
      if (end > x) path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = Math.max(end, x + 1);
    }
  }
  element('path', { d: path, class: 'open' }, board);
  for (const layer of ['places', 'things', 'groups', 'people']) layers[layer] = element('g', {}, board);
  drawn.clear();
}

function drawPlaces(snapshot) {
  layers.places.replaceChildren();
  for (const exit of snapshot.exits) {
    for (const [x, y] of exit.cells) titled(square(x, y, 1, 'exit'), `→ ${readable(exit.to_zone)}`);
  }
  for (const npc of snapshot.npcs) titled(square(...npc.cell, 0.7, 'npc'), readable(npc.id));
}

function square(x, y, size, kind) {
  const gap = (1 - size) / 2;
  return element('rect', { x: x + gap, y: y + gap, width: size, height: size, class: kind }, layers.places);
}

function titled(shape, text) {
  element('title', {}, shape).textContent = text;
}

function take(kind, layer, seen, label) {
  const key = `${kind}:${seen.id}`;
  let thing = drawn.get(key);
  if (!thing) {
    const size = SIZES[kind];
    const shape = kind === 'person'
      ? element('circle', { r: size / 2, tabindex: 0, role: 'button' }, layer)
      : element('rect', { x: -size / 2, y: -size / 2, width: size, height: size, tabindex: 0, role: 'button' }, layer);
    if (kind === 'thing' || kind === 'node') titled(shape, label);
    const name = element('text', { class: 'name' }, layer);
    thing = { key, kind, shape, name };
    const choose = (event) => {
      if (event.key && event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      chosen = { key };
      showChosen();
    };
    shape.addEventListener('click', choose);
    shape.addEventListener('keydown', choose);
    drawn.set(key, thing);
  }
  thing.seen = seen;
  thing.label = label;
  thing.shape.setAttribute('aria-label', label);
  const title = thing.shape.querySelector('title');
  if (title && title.textContent !== label) title.textContent = label;
  thing.name.textContent = kind === 'person' ? seen.name : '';
  return key;
}

function takeSnapshot(snapshot) {
  serverAhead = snapshot.server_time - Date.now() / 1000;
  drawPlaces(snapshot);
  const here = new Set();
  people = [...snapshot.players].sort((one, other) => one.name.localeCompare(other.name));
  for (const seen of people) here.add(take('person', layers.people, seen, seen.name));
  for (const seen of snapshot.groups) {
    const monsters = seen.monsters.map(([monster, level]) => `${readable(monster)} ${level}`).join(', ');
    here.add(take('group', layers.groups, seen, monsters));
  }
  for (const seen of snapshot.objects) {
    here.add(take('thing', layers.things, seen, `${readable(seen.id)} ${seen.state}`.trim()));
  }
  for (const seen of snapshot.nodes) {
    here.add(take('node', layers.things, seen, `${readable(seen.node)} (${seen.charges})`));
  }
  for (const [key, thing] of drawn) {
    if (here.has(key)) continue;
    thing.shape.remove();
    thing.name.remove();
    drawn.delete(key);
    if (chosen?.key === key) chosen = null;
  }
  count.textContent = fill(words.population, { PEOPLE: people.length, GROUPS: snapshot.groups.length });
  listPeople();
  showChosen();
}

function listPeople() {
  const wanted = people.map((seen) => `person:${seen.id}`);
  const buttons = new Map([...list.children].map((item) => [item.dataset.key, item]));
  for (const [key, item] of buttons) if (!wanted.includes(key)) item.remove();
  for (const seen of people) {
    const key = `person:${seen.id}`;
    let item = buttons.get(key);
    if (!item) {
      item = document.createElement('li');
      item.dataset.key = key;
      const button = document.createElement('button');
      button.type = 'button';
      button.addEventListener('click', () => {
        chosen = { key };
        showChosen();
      });
      item.append(button);
      list.append(item);
    }
    const text = `${seen.name} · ${aboutPerson(seen)}`;
    const button = item.firstChild;
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute('aria-pressed', String(chosen?.key === key));
  }
}

function aboutPerson(seen) {
  const fights = seen.is_in_battle ? `, ${words.fights}` : '';
  return fill(words.player, { LEVEL: seen.level, CLASS: readable(seen.class_id) }) + fights;
}

function showChosen() {
  const thing = chosen?.key ? drawn.get(chosen.key) : null;
  const [title, text] = chosenBox.querySelectorAll('h2, p');
  const links = {};
  if (thing?.kind === 'person') {
    title.textContent = thing.seen.name;
    text.textContent = `${aboutPerson(thing.seen)}, ${where(thing.seen.cell)}`;
    links.person = words.person.replace('/0/', `/${thing.seen.id}/`);
    links.place = words.place.replace('/0/', `/${thing.seen.id}/`);
    if ('mayMute' in words) links.mute = actOn(thing.seen.id, 'mute');
    if ('mayKick' in words) links.kick = actOn(thing.seen.id, 'kick');
    if ('mayTeleport' in words && !thing.seen.is_in_battle) links.teleport = teleportTo(thing.seen.id);
  } else if (thing?.kind === 'group') {
    title.textContent = thing.label;
    text.textContent = where(thing.seen.cell) + (thing.seen.is_in_battle ? `, ${words.fights}` : '');
    links.group = words.group.replace('/0/', `/${thing.seen.id}/`);
    if ('maySteer' in words && !thing.seen.is_in_battle) {
      links.despawn = words.group.replace('/0/change/', `/${thing.seen.id}/despawn/`);
    }
  } else if (thing?.kind === 'thing' || thing?.kind === 'node') {
    title.textContent = thing.label;
    text.textContent = where(thing.seen.cell);
    // A station remembers nothing: it is in no state.
    if (thing.kind === 'node' || thing.seen.state) {
      links.object = `${words.objects}?${new URLSearchParams({ q: `${thing.seen.id} ${words.instance}` })}`;
    }
    if (thing.kind === 'thing' && thing.seen.state) links.takings = `${words.takings}?${takingsOf(thing.seen.id)}`;
  } else if (chosen?.cell) {
    title.textContent = fill(words.free, { X: chosen.cell[0], Y: chosen.cell[1] });
    text.textContent = '';
    if ('maySteer' in words) links.spawn = `${words.spawn}?${place(chosen.cell)}`;
  } else {
    title.textContent = text.textContent = '';
  }
  for (const item of chosenBox.querySelectorAll('[data-act]')) {
    const link = links[item.dataset.act];
    item.hidden = !link;
    if (link) item.firstChild.href = link;
  }
  for (const each of drawn.values()) each.shape.classList.toggle('chosen', each === thing);
  listPeople();
}

function actOn(id, act) {
  return words.person.replace('/0/change/', `/${id}/${act}/`);
}

function teleportTo(id) {
  const address = words.place.replace('/0/change/', `/${id}/teleport/`);
  return chosen.cell ? `${address}?${place(chosen.cell)}` : address;
}

function takingsOf(id) {
  const [zone] = words.instance.split(/\.(?=\d+$)/);
  return new URLSearchParams({ zone__exact: zone, object_id__exact: id });
}

function place([x, y]) {
  const [zone] = words.instance.split(/\.(?=\d+$)/);
  return new URLSearchParams({ instance: words.instance, zone, x, y });
}

function where(cell) {
  return fill(words.at, { X: cell[0], Y: cell[1] });
}

/** A free cell: where a group may be brought, or the chosen person be put. */
board.addEventListener('click', (event) => {
  if (!map) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(board.getScreenCTM().inverse());
  const cell = [Math.floor(at.x), Math.floor(at.y)];
  if (!map.walk[cell[1] * map.width + cell[0]]) return;
  chosen = chosen?.key?.startsWith('person:') ? { key: chosen.key, cell } : { cell };
  showChosen();
});

function animate() {
  const now = Date.now() / 1000 + serverAhead;
  for (const thing of drawn.values()) {
    const [x, y] = cellAt(thing.seen, now);
    const middle = `translate(${x + 0.5} ${y + 0.5})`;
    thing.shape.setAttribute('transform', thing.kind === 'group' ? `${middle} rotate(45)` : middle);
    thing.shape.classList.add(thing.kind);
    thing.shape.classList.toggle('fights', Boolean(thing.seen.is_in_battle));
    thing.name.setAttribute('transform', `translate(${x + 0.5} ${y - 0.1})`);
  }
  requestAnimationFrame(animate);
}

async function ask() {
  try {
    const answer = await fetch(`${words.url}?${new URLSearchParams({ instance: words.instance })}`);
    if (answer.redirected || !answer.ok) throw new Error(`the map answers ${answer.status}`);
    const snapshot = await answer.json();
    if (snapshot.map_hash !== hash) await drawGround(snapshot);
    takeSnapshot(snapshot);
  } catch {
    count.textContent = words.lost;
  }
  setTimeout(ask, document.hidden ? ASK_EVERY_MS * 10 : ASK_EVERY_MS);
}

ask();
animate();
