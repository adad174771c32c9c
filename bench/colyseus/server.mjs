// The duel's work on Colyseus: an action is checked, kept where there is a database, told to both, acknowledged.
//
// It does less than the platform: no rules, no dice, no views, no receipts. `node server.mjs PORT [DATABASE_URL]`.
import { Room, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import pg from "pg";

const [port, databaseUrl] = process.argv.slice(2);
const ACTIONS_PER_TURN = 4;
const BOARD = 14;
// As many connections as `pg` opens by default; twice as many changed nothing.
const POOL = 10;

const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: POOL }) : undefined;
const duels = { count: 0 };

class DuelRoom extends Room {
  maxClients = 2;
  // There is no state to patch: what happens is broadcast.
  patchRate = null;

  onCreate() {
    this.number = ++duels.count;
    this.version = 0;
    this.cells = [0, BOARD * BOARD - 1];
    this.onMessage("act", (client, action, context) => this.act(client, action, context));
  }

  async act(client, action, context) {
    const who = Math.floor(this.version / ACTIONS_PER_TURN) % 2;
    if (this.clients[who] !== client) return context.reject("not_your_turn");
    const { cell } = action;
    if (!Number.isInteger(cell) || cell < 0 || cell >= BOARD * BOARD) return context.reject("bad_cell");
    if (this.cells[1 - who] === cell) return context.reject("cell_taken");
    const version = ++this.version;
    const from = this.cells[who];
    this.cells[who] = cell;
    const acted = {
      version,
      events: [
        { e: "moved", who, path: [from, cell], cost: 1 },
        { e: "points_spent", who, kind: "movement", amount: 1, left: 3 - (version % ACTIONS_PER_TURN) },
      ],
    };
    if (pool) {
      await pool.query({
        name: "append",
        text: "INSERT INTO duel_actions (duel, version, payload) VALUES ($1, $2, $3)",
        values: [this.number, version, JSON.stringify(acted)],
      });
    }
    this.broadcast("acted", acted);
    return { version };
  }
}

if (pool) {
  await pool.query(
    "CREATE TABLE IF NOT EXISTS duel_actions" +
      " (duel integer, version integer, payload text NOT NULL, PRIMARY KEY (duel, version))",
  );
  await pool.query("TRUNCATE duel_actions");
}
const server = new Server({ greet: false, transport: new WebSocketTransport() });
server.define("duel", DuelRoom);
await server.listen(Number(port), "127.0.0.1");
console.log("up");
